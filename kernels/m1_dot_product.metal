// m1_dot_product: y = x · Wᵀ for one row (or few), half in and out, float accumulation; with or without fused bias.
//
//   The kernel to begin with: it includes nothing of the lab on purpose, so that one file can be read from end to end, or
//   taken elsewhere. m1_dot is the same idea with its parts shared (m1/dot.h, m1/store.h) and more tiles.
//
//   C[b, r, n] = Σ_k A[b, r, k] · B[b, n, k]  (+ bias[n])     A: M×K, B: N×K (each output's weights contiguous),
//                                                             C: M×N, bias: N; half, row-major, dense
//
//        K →
//      ┌──────────────────────┐ n0        one threadgroup: one row r, BN consecutive outputs
//    B │ 4 halves a lane,     │           simdgroup s takes outputs n0 + s·BN/4 …, COLUMNS at a time, so that a
//      │ 32 lanes = 256 B     │ …         piece of A is loaded once for COLUMNS rows of B
//      └──────────────────────┘ n0+BN     each lane keeps COLUMNS sums; simd_sum adds the lanes up
//
//   | knob    | value | unit                     | why                                                          |
//   |---------|-------|--------------------------|--------------------------------------------------------------|
//   | BN      | 64    | outputs per threadgroup  | 152 threadgroups at N = 9728: enough for 18 cores            |
//   | tg      | 128   | threads per threadgroup  | 4 simdgroups                                                 |
//   | COLUMNS | 4     | outputs in flight a lane | 4 independent sums hide the latency of the multiply-add      |
//   | half4   | 8     | bytes a load             | 32 lanes × 8 B = two whole 128-byte lines an access           |
//
//   | entry               | threads | threadgroup bytes |
//   |---------------------|---------|-------------------|
//   | m1_dot_product      | 128     | 0                 |
//   | m1_dot_product_bias | 128     | 0                 |
//   grid: ⌈N/64⌉ × M × batch threadgroups.
//   | index           | m1_dot_product | m1_dot_product_bias |
//   |-----------------|----------------|---------------------|
//   | A, B, C         | 0, 1, 2        | 0, 1, 2             |
//   | bias            |                | 3                   |
//   | M, N, K (uint)  | 3, 4, 5        | 4, 5, 6             |
//   | counted at m=1,n=130,k=101,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_dot_product                  | 33330      | 260           | 893   | 693         | 0                 | 0              | 0        | 132           |
//   | m1_dot_product_bias             | 33590      | 260           | 926   | 726         | 0                 | 0              | 0        | 132           |
//   Valid shapes: all with M, N, K < 2^31; offsets have 64 bits, so that N·K may be beyond 2^32.
//   K not a multiple of 4 takes the scalar path: rows of B are then not 8-byte aligned.
#include <metal_stdlib>
using namespace metal;

constant constexpr uint BN = 64;
constant constexpr uint SIMDGROUPS = 4;
constant constexpr uint COLUMNS = 4;
constant constexpr uint SIMD_WIDTH = 32;

// This lane's share of A[0..K) · B[c, 0..K) for `count` rows of B starting at B[0]. Rows past `count` repeat the last
// one: same address, no branch in the loop, and their sums are dropped.
static void partial_dots(device const half* A, device const half* B, uint K, uint count, uint lane, thread float* sums) {
  device const half* rows[COLUMNS];
  for (uint c = 0; c < COLUMNS; c++) {
    rows[c] = B + ulong(min(c, count - 1)) * K;
    sums[c] = 0;
  }
  if (K % 4 == 0) {
    for (uint k = lane * 4; k < K; k += SIMD_WIDTH * 4) {
      const float4 a = float4(*(device const half4*)(A + k));
      for (uint c = 0; c < COLUMNS; c++) sums[c] += dot(a, float4(*(device const half4*)(rows[c] + k)));
    }
  } else {
    for (uint k = lane; k < K; k += SIMD_WIDTH) {
      const float a = A[k];
      for (uint c = 0; c < COLUMNS; c++) sums[c] += a * float(rows[c][k]);
    }
  }
}

template <bool HAS_BIAS>
static void m1_row(device const half* A, device const half* B, device half* C, device const half* bias, uint M, uint N,
                   uint K, uint3 group, uint simdgroup, uint lane) {
  A += (ulong(group.z) * M + group.y) * K;
  B += ulong(group.z) * N * K;
  C += (ulong(group.z) * M + group.y) * N;

  const uint first = group.x * BN + simdgroup * (BN / SIMDGROUPS);
  const uint last = min(first + BN / SIMDGROUPS, N);
  for (uint n = first; n < last; n += COLUMNS) {
    const uint count = min(COLUMNS, last - n);
    float sums[COLUMNS];
    partial_dots(A, B + ulong(n) * K, K, count, lane, sums);
    for (uint c = 0; c < COLUMNS; c++) sums[c] = simd_sum(sums[c]);
    // Every lane holds every sum: lane c writes output c.
    if (lane < count) {
      float value = lane == 0 ? sums[0] : lane == 1 ? sums[1] : lane == 2 ? sums[2] : sums[3];
      if (HAS_BIAS) value += float(bias[n + lane]);
      C[n + lane] = half(value);
    }
  }
}

kernel void m1_dot_product(device const half* A [[buffer(0)]],
                           device const half* B [[buffer(1)]],
                           device half* C [[buffer(2)]],
                           constant uint& M [[buffer(3)]],
                           constant uint& N [[buffer(4)]],
                           constant uint& K [[buffer(5)]],
                           uint3 group [[threadgroup_position_in_grid]],
                           uint simdgroup [[simdgroup_index_in_threadgroup]],
                           uint lane [[thread_index_in_simdgroup]]) {
  m1_row<false>(A, B, C, nullptr, M, N, K, group, simdgroup, lane);
}

kernel void m1_dot_product_bias(device const half* A [[buffer(0)]],
                                device const half* B [[buffer(1)]],
                                device half* C [[buffer(2)]],
                                device const half* bias [[buffer(3)]],
                                constant uint& M [[buffer(4)]],
                                constant uint& N [[buffer(5)]],
                                constant uint& K [[buffer(6)]],
                                uint3 group [[threadgroup_position_in_grid]],
                                uint simdgroup [[simdgroup_index_in_threadgroup]],
                                uint lane [[thread_index_in_simdgroup]]) {
  m1_row<true>(A, B, C, bias, M, N, K, group, simdgroup, lane);
}
