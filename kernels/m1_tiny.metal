// m1_tiny: one row times a small matrix stored output by output, for rows shorter than a simdgroup can share: attention's
// Q · Kᵀ with 64 numbers a head. LANES lanes share a row of B, so that a simdgroup works on 32 / LANES rows at once.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · B[b, n, k] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: N×K, C: M×N, bias: N; half, row-major, dense; sums in float
//
//          K = 64: 16 vectors of 4 halves
//        ┌────────────────┐ n       LANES = 16: lanes 0–15 take row n, lanes 16–31 row n + 2 (COLUMNS = 2 rows each):
//      B │ 0 1 2 …     15 │         an access is two rows of 128 bytes, two whole lines, and every lane has work, where
//        ├────────────────┤ n+2     32 lanes on one row would leave half of them idle
//        │ 16 17 …     31 │
//        └────────────────┘         the lanes of a row add up by shuffles over LANES/2, LANES/4, …, 1
//
//   | entry (m1_tiny_…)  | BN | threads | LANES | COLUMNS | threadgroup bytes | for                                                  |
//   |--------------------|----|---------|-------|---------|-------------------|------------------------------------------------------|
//   | bn16_tg128_lanes16 | 16 | 128     | 16    | 2       | 0                 | K = 64: one load a lane and row                      |
//   | bn64_tg128_lanes4  | 64 | 128     | 4     | 2       | 0                 | K = 16 … 32: four shuffles fewer, lines half as full |
//
//   BN = threads / LANES · COLUMNS. grid: ⌈N/BN⌉ × M × batch threadgroups: 84 for 14 heads and
//   N = 90. Bindings: m1/operands.h; function constants: epilogue.h. Valid shapes: all.
//   Source of several rows a simdgroup: I. Reguly and M. Giles, "Efficient sparse matrix-vector multiplication on
//   cache-based GPUs", 2012 (cooperating threads fewer than a warp).
//
//   | counted at m=1,n=83,k=64,tB=1,batch=3 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_tiny_bn16_tg128_lanes16            | 55296      | 498           | 407   | 405         | 0                 | 0              | 0        | 576           |
//   | m1_tiny_bn64_tg128_lanes4             | 73728      | 498           | 1172  | 450         | 0                 | 0              | 0        | 96            |
#include <metal_stdlib>
#include "m1/dot.h"
#include "m1/operands.h"
#include "m1/reduce.h"
using namespace metal;

template <uint BN, uint TG, uint LANES, uint COLUMNS>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_tiny(device const half* A [[buffer(0)]],
             device const half* B [[buffer(1)]],
             device half* C [[buffer(2)]],
             device const half* bias [[buffer(3), function_constant(has_bias)]],
             constant M1Params& p [[buffer(4)]],
             uint3 group [[threadgroup_position_in_grid]],
             uint simdgroup [[simdgroup_index_in_threadgroup]],
             uint lane [[thread_index_in_simdgroup]]) {
  static_assert(BN == TG / LANES * COLUMNS, "LANES lanes take COLUMNS outputs");
  const M1Row row(p, group);
  const uint worker = lane % LANES;
  const uint n = group.x * BN + (simdgroup * (32 / LANES) + lane / LANES) * COLUMNS;
  // Lanes past N repeat the last output: they take part in the shuffles.
  const uint first = min(n, p.N - 1);
  float sums[COLUMNS] = {};
  add_dots<COLUMNS, 1, LANES, false>(DeviceRow<half>(A, row.a), B, row.b + ulong(first) * p.K, p.K, p.K,
                                     min(COLUMNS, p.N - first), worker, sums);
  for (uint c = 0; c < COLUMNS; c++) sums[c] = lane_sum<LANES>(sums[c]);
  if (worker < COLUMNS && n + worker < p.N)
    store_output(C, row.c + n + worker, bias, n + worker, select_of<COLUMNS>(sums, worker), p.alpha, p.beta);
}

template [[host_name("m1_tiny_bn16_tg128_lanes16")]] [[kernel]] decltype(m1_tiny<16, 128, 16, 2>) m1_tiny<16, 128, 16, 2>;
template [[host_name("m1_tiny_bn64_tg128_lanes4")]] [[kernel]] decltype(m1_tiny<64, 128, 4, 2>) m1_tiny<64, 128, 4, 2>;
