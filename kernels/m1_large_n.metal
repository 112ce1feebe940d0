// m1_large_n: one row times very many outputs (a language model's head: N = 151936), stored output by output. A fixed
// number of threadgroups keeps A in threadgroup memory and goes through the outputs.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · B[b, n, k] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: N×K, C: M×N, bias: N; half, row-major, dense; sums in float
//
//        tiles of BN outputs:  0   1   2  …  G−1   G  G+1  …        G threadgroups in x; threadgroup g takes tiles
//        threadgroup:          0   1   2  …  G−1   0   1   …        g, g + G, g + 2G, … : neighbours stream one region
//
//   Why: one tile a threadgroup would be 4,748 threadgroups at BN = 32, each of which reads all of A again before its
//   first multiplication. Here A is read G times, and the start of a threadgroup is paid G times.
//
//   | entry (m1_large_n_…) | BN | threads | COLUMNS | LOADS | threadgroup bytes  |
//   |----------------------|----|---------|---------|-------|--------------------|
//   | bn32_tg256           | 32 | 256     | 4       | 2     | roundUp(2 * k, 16) |
//   | bn64_tg512           | 64 | 512     | 4       | 1     | roundUp(2 * k, 16) |
//
//   grid: min(⌈N/BN⌉, groups) × M × batch threadgroups; any x is right. Bindings: m1/operands.h; function constants:
//   epilogue.h. threadgroup(0): 2·K bytes, rounded up to 16: 1,792 for K = 896, so that K does not decide how many
//   threadgroups a core holds. Valid shapes: K ≤ 8192, half of 32 KiB, so that there are two at the least.
//   Every offset into B has 64 bits: 151936 · 896 halves are 272 MB.
//
//   | counted at m=1,n=301,k=93,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_large_n_bn32_tg256          | 58374      | 602           | 1340  | 1015        | 31622             | 0              | 80       | 304           |
//   | m1_large_n_bn64_tg512          | 57444      | 602           | 1325  | 1000        | 30692             | 0              | 80       | 304           |
//   | counted at m=1,n=512,k=256,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_large_n_bn32_tg256           | 270336     | 1024          | 2304  | 2304        | 73728             | 0              | 128      | 512           |
//   | m1_large_n_bn64_tg512           | 266240     | 1024          | 2240  | 2240        | 69632             | 0              | 128      | 512           |
//
//   Source of the fixed number of threadgroups: Gupta, Stuart and Owens, "A Study of Persistent Threads Style GPU
//   Programming", InPar 2012.
#include <metal_stdlib>
#include "m1/dot.h"
#include "m1/operands.h"
#include "m1/store.h"
using namespace metal;

template <uint BN, uint TG, uint COLUMNS, uint LOADS>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_large_n(device const half* A [[buffer(0)]],
                device const half* B [[buffer(1)]],
                device half* C [[buffer(2)]],
                device const half* bias [[buffer(3), function_constant(has_bias)]],
                constant M1Params& p [[buffer(4)]],
                threadgroup half4* row_of_a [[threadgroup(0)]],
                uint3 group [[threadgroup_position_in_grid]],
                uint3 groups [[threadgroups_per_grid]],
                uint simdgroup [[simdgroup_index_in_threadgroup]],
                uint lane [[thread_index_in_simdgroup]]) {
  static_assert(BN == TG / 32 * COLUMNS, "a simdgroup takes COLUMNS outputs of a tile");
  const M1Row row(p, group);
  stage_row<TG>(row_of_a, A + row.a, p.K, simdgroup * 32 + lane);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  for (uint tile = group.x; tile < (p.N + BN - 1) / BN; tile += groups.x) {
    const uint n = tile * BN + simdgroup * COLUMNS;
    if (n >= p.N) return;
    const uint count = min(COLUMNS, p.N - n);
    float sums[COLUMNS] = {};
    add_dots<COLUMNS, LOADS, 32, false>(StagedRow{row_of_a}, B, row.b + ulong(n) * p.K, p.K, p.K, count, lane, sums);
    store_columns<COLUMNS>(sums, C, bias, row.c, n, count, p, lane);
  }
}

template [[host_name("m1_large_n_bn32_tg256")]] [[kernel]] decltype(m1_large_n<32, 256, 4, 2>) m1_large_n<32, 256, 4, 2>;
template [[host_name("m1_large_n_bn64_tg512")]] [[kernel]] decltype(m1_large_n<64, 512, 4, 1>) m1_large_n<64, 512, 4, 1>;
