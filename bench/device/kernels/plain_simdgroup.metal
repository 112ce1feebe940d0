// sgemm of simdgroup matrices and nothing else: no lane does anything of its own. C = A · B, row-major float, dense; M, N
// multiples of 8·NBLK and K of 8. One simdgroup computes NBLK×NBLK matrices of 8×8.
//   grid: N/(8·NBLK) × M/(8·NBLK) threadgroups of 32 threads · 0 A, 1 B, 2 C, 3 M, 4 N, 5 K (uint)
#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;

template <int NBLK>
kernel void plain_simdgroup(device const float* A [[buffer(0)]],
                            device const float* B [[buffer(1)]],
                            device float* C [[buffer(2)]],
                            constant uint& M [[buffer(3)]],
                            constant uint& N [[buffer(4)]],
                            constant uint& K [[buffer(5)]],
                            uint2 tile [[threadgroup_position_in_grid]]) {
  A += tile.y * 8 * NBLK * K;
  B += tile.x * 8 * NBLK;
  C += tile.y * 8 * NBLK * N + tile.x * 8 * NBLK;
  simdgroup_float8x8 a[NBLK], b[NBLK], sums[NBLK][NBLK];
  for (int i = 0; i < NBLK; i++)
    for (int j = 0; j < NBLK; j++) sums[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
  for (uint k = 0; k < K; k += 8) {
    for (int i = 0; i < NBLK; i++) simdgroup_load(a[i], A + i * 8 * K + k, K);
    for (int j = 0; j < NBLK; j++) simdgroup_load(b[j], B + k * N + j * 8, N);
    for (int i = 0; i < NBLK; i++)
      for (int j = 0; j < NBLK; j++) simdgroup_multiply_accumulate(sums[i][j], a[i], b[j], sums[i][j]);
  }
  for (int i = 0; i < NBLK; i++)
    for (int j = 0; j < NBLK; j++) simdgroup_store(sums[i][j], C + i * 8 * N + j * 8, N);
}

#define PLAIN(name, n) template [[host_name(name)]] kernel void plain_simdgroup<n>(device const float*, device const float*, device float*, constant uint&, constant uint&, constant uint&, uint2);
PLAIN("plain_simdgroup1", 1)
PLAIN("plain_simdgroup2", 2)
PLAIN("plain_simdgroup4", 4)
