// m1_small_n: one row times at most 16 columns, B in either layout: one threadgroup computes all outputs of a row, and
// its threads share out K, since there is nothing else to share.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · op(B)[b, k, n] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: K×N, or N×K where b_is_by_output is set; C: M×N, bias: N; half, row-major, dense; sums in float
//
//        B as K×N              n → 1 … 16             B as N×K: as m1_k_split does, the threads share each row of B.
//        ┌─────────────┐ k     thread 0
//        │             │ k+1   thread 1               thread t takes rows t, t + threads, … of B and keeps BN sums.
//        │             │ …     …                      Neighbouring threads read neighbouring rows, which lie one after
//        └─────────────┘       thread t               the other: 2·N bytes a thread, as half4, half2 or half by N % 4
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
//   | counted at m=1,n=4,k=515 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn4_tg128     | 5150       | 8             | 51    | 51          | 128               | 0              | 4        | 16            |
//   | m1_small_n_bn16_tg256    | 5150       | 8             | 51    | 51          | 1024              | 0              | 8        | 128           |
//   | counted at m=1,n=3,k=515,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_small_n_bn4_tg128          | 6180       | 6             | 152   | 83          | 128               | 0              | 4        | 16            |
#include <metal_stdlib>
#include "m1/dot.h"
#include "m1/operands.h"
#include "m1/reduce.h"
using namespace metal;

constant bool b_is_by_output_set [[function_constant(110)]];
constant bool b_is_by_output = is_function_constant_defined(b_is_by_output_set) ? b_is_by_output_set : false;

// Adds a · row of B, in vectors of WIDTH halves; N is a multiple of it.
template <typename Vector, uint WIDTH, uint BN>
static void add_scaled_row(float a, device const half* row, uint N, thread float (&sums)[BN]) {
  for (uint c = 0; c < BN; c += WIDTH) {
    if (c >= N) continue;  // not break: the loop is unrolled, so that the sums stay in registers
    const Vector part = *(device const Vector*)(row + c);
    for (uint i = 0; i < WIDTH; i++) sums[c + i] += a * float(part[i]);
  }
}

template <uint BN, uint TG>
static void add_rows(device const half* a, device const half* b, uint N, uint K, uint thread_index,
                     thread float (&sums)[BN]) {
  for (uint k = thread_index; k < K; k += TG) {
    const float scale = float(a[k]);
    device const half* row = b + ulong(k) * N;
    if (N % 4 == 0)
      add_scaled_row<half4, 4, BN>(scale, row, N, sums);
    else if (N % 2 == 0)
      add_scaled_row<half2, 2, BN>(scale, row, N, sums);
    else
      for (uint c = 0; c < BN; c++)
        if (c < N) sums[c] += scale * float(row[c]);
  }
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
  threadgroup float partial[BN * TG / 32];
  const uint thread_index = simdgroup * 32 + lane;
  const M1Row row(p, group);
  device const half* a = A + row.a;
  float sums[BN] = {};
  if (b_is_by_output)
    add_dots<BN, 1, TG, false>(DeviceRow<half>{a}, B, row.b, p.K, p.K, p.N, thread_index, sums);
  else
    add_rows<BN, TG>(a, B + row.b, p.N, p.K, thread_index, sums);
  const float total = ColumnReduction<BN, TG / 32>::total(sums, partial, simdgroup, ushort(lane));
  if (thread_index < p.N) store_output(C, row.c + thread_index, bias, thread_index, total, p.alpha, p.beta);
}

template [[host_name("m1_small_n_bn4_tg128")]] [[kernel]] decltype(m1_small_n<4, 128>) m1_small_n<4, 128>;
template [[host_name("m1_small_n_bn16_tg256")]] [[kernel]] decltype(m1_small_n<16, 256>) m1_small_n<16, 256>;
