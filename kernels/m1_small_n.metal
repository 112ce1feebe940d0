// m1_small_n: one row times at most 16 columns, B in either layout: one threadgroup computes all outputs of a row, and
// its threads share out K, since there is nothing else to share.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · op(B)[b, k, n] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: K×N, or N×K where b_is_by_output is set; C: M×N, bias: N; half, row-major, dense; sums in float
//
//   B as K×N: its rows of N lie one after the other, a stream of which neighbouring lanes take neighbouring vectors
//
//        ┌──────────────┬──────────────┬─     a row is N/WIDTH lanes, WIDTH = 4, 2 or 1 by N % 4; a simdgroup takes as many
//        │ k: v0 v1 … v │ k+1: v0 …    │      whole rows at once as 32 lanes have room for (8 of N = 16, 2 of N = 15), the
//        │ lanes 0 …    │ …            │      simdgroups take turns. A lane keeps WIDTH sums, always of the same columns
//        └──────────────┴──────────────┴─
//
//   B as N×K: as m1_k_split does, the threads share each row of B; 4, 8 or 16 rows are in flight by N.
//
//   | entry (m1_small_n_…) | BN | threads | threadgroup bytes |
//   |----------------------|----|---------|-------------------|
//   | bn4_tg128            | 4  | 128     | 64                |
//   | bn16_tg256           | 16 | 256     | 512               |
//
//   | function constant  | type | meaning                                         | unset |
//   |--------------------|------|-------------------------------------------------|-------|
//   | 110 b_is_by_output | bool | B is N×K: an output's weights lie side by side  | false |
//
//   grid: 1 × M × batch threadgroups. Bindings: m1/operands.h; other function constants: epilogue.h. Valid shapes: N ≤ BN.
//
//   | counted at m=1,n=3,k=515 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn4_tg128     | 6180       | 6             | 135   | 105         | 96                | 0              | 4        | 16            |
//   | m1_small_n_bn16_tg256    | 6180       | 6             | 135   | 105         | 192               | 0              | 8        | 32            |
//   | counted at m=1,n=3,k=515,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn4_tg128          | 6180       | 6             | 77    | 55          | 112               | 0              | 4        | 16            |
//   | m1_small_n_bn16_tg256         | 6180       | 6             | 77    | 55          | 224               | 0              | 8        | 32            |
//   | counted at m=1,n=4,k=515 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn4_tg128     | 5150       | 8             | 51    | 51          | 128               | 0              | 4        | 80            |
//   | m1_small_n_bn16_tg256    | 5150       | 8             | 51    | 51          | 256               | 0              | 8        | 160           |
//   | counted at m=1,n=15,k=515 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn16_tg256     | 30900      | 30            | 629   | 517         | 960               | 0              | 8        | 8             |
//   | counted at m=1,n=15,k=515,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn16_tg256          | 18708      | 30            | 275   | 175         | 992               | 0              | 8        | 128           |
//   | counted at m=1,n=16,k=515 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn16_tg256     | 20600      | 32            | 195   | 195         | 1024              | 0              | 8        | 96            |
//   | counted at m=1,n=16,k=516,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn16_tg256          | 17544      | 32            | 214   | 154         | 1024              | 0              | 8        | 128           |
#include <metal_stdlib>
#include "m1/columns.h"
#include "m1/dot.h"
#include "m1/operands.h"
#include "m1/reduce.h"
using namespace metal;

constant bool b_is_by_output_set [[function_constant(110)]];
constant bool b_is_by_output = is_function_constant_defined(b_is_by_output_set) ? b_is_by_output_set : false;

// Both leave a simdgroup's sum of column n in partial[n], n < N.

// B as K×N, N a multiple of WIDTH.
template <uint WIDTH, uint SIMDGROUPS>
static void sum_by_row(device const half* a, device const half* b, uint N, uint K, threadgroup float* partial,
                       uint simdgroup, uint lane) {
  const uint lanes_a_row = N / WIDTH;
  const uint rows = 32 / lanes_a_row;
  const uint row = lane / lanes_a_row;
  float sums[WIDTH] = {};
  // The simdgroup's rows follow each other, so that a lane's place in them is its place in the first.
  if (row < rows)
    add_in_turn<WIDTH, Columns::whole>(a + row, b, N, max(K, row) - row, lane * WIDTH, simdgroup * rows, SIMDGROUPS * rows, sums);
  for (uint step = 16; step > 0; step /= 2) {
    if (step >= rows) continue;
    for (uint i = 0; i < WIDTH; i++) {
      const float other = simd_shuffle_down(sums[i], ushort(step * lanes_a_row));
      if (row < step && row + step < rows) sums[i] += other;
    }
  }
  if (row == 0)
    for (uint i = 0; i < WIDTH; i++) partial[lane * WIDTH + i] = sums[i];
}

// B as N×K, N ≤ COLUMNS.
template <uint COLUMNS, uint SIMDGROUPS>
static void sum_by_output(DeviceRow<half> a, device const half* B, ulong first, uint N, uint K,
                          threadgroup float* partial, uint simdgroup, uint lane) {
  float sums[COLUMNS] = {};
  add_dots<COLUMNS, 1, SIMDGROUPS * 32, false>(a, B, first, K, K, N, simdgroup * 32 + lane, sums);
  ColumnReduction<COLUMNS, SIMDGROUPS>::store(sums, partial, ushort(lane));
}

template <uint BN, uint TG>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_small_n(device const half* A [[buffer(0)]],
                device const half* B [[buffer(1)]],
                device half* C [[buffer(2)]],
                device const half* bias [[buffer(3), function_constant(has_bias)]],
                constant M1Params& p [[buffer(4)]],
                uint3 group [[threadgroup_position_in_grid]],
                uint simdgroup [[simdgroup_index_in_threadgroup]],
                uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint SIMDGROUPS = TG / 32;
  threadgroup float partial[BN * SIMDGROUPS];
  const M1Row row(p, group);
  threadgroup float* own = partial + simdgroup * BN;
  if (b_is_by_output) {
    const DeviceRow<half> a(A, row.a);
    if (BN <= 4 || p.N <= 4)
      sum_by_output<4, SIMDGROUPS>(a, B, row.b, p.N, p.K, own, simdgroup, lane);
    else if (BN <= 8 || p.N <= 8)
      sum_by_output<8, SIMDGROUPS>(a, B, row.b, p.N, p.K, own, simdgroup, lane);
    else
      sum_by_output<BN, SIMDGROUPS>(a, B, row.b, p.N, p.K, own, simdgroup, lane);
  } else if (p.N % 4 == 0) {
    sum_by_row<4, SIMDGROUPS>(A + row.a, B + row.b, p.N, p.K, own, simdgroup, lane);
  } else if (p.N % 2 == 0) {
    sum_by_row<2, SIMDGROUPS>(A + row.a, B + row.b, p.N, p.K, own, simdgroup, lane);
  } else {
    sum_by_row<1, SIMDGROUPS>(A + row.a, B + row.b, p.N, p.K, own, simdgroup, lane);
  }
  threadgroup_barrier(mem_flags::mem_threadgroup);
  const uint n = simdgroup * 32 + lane;
  if (n >= p.N) return;
  float total = 0;
  for (uint s = 0; s < SIMDGROUPS; s++) total += partial[s * BN + n];
  store_output(C, row.c + n, bias, n, total, p.alpha, p.beta);
}

template [[host_name("m1_small_n_bn4_tg128")]] [[kernel]] decltype(m1_small_n<4, 128>) m1_small_n<4, 128>;
template [[host_name("m1_small_n_bn16_tg256")]] [[kernel]] decltype(m1_small_n<16, 256>) m1_small_n<16, 256>;
