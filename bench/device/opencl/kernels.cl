// The measured Metal kernels in OpenCL C, operand for operand: 0 A, 1 B, 2 C, 3 M, 4 N, 5 K; SCALED ones 6 alpha, 7 beta.
#define ARGS global const float *A, global const float *B, global float *C, uint M, uint N, uint K
#define SCALED ARGS, float alpha, float beta

float scaled(float sum, float alpha, float beta, global const float *c) { return alpha * sum + (beta == 0 ? 0 : beta * *c); }

kernel void naive(SCALED) {
  const uint row = get_global_id(0), column = get_global_id(1);
  if (row >= M || column >= N) return;
  float sum = 0;
  for (uint k = 0; k < K; k++) sum += A[row * K + k] * B[k * N + column];
  C[row * N + column] = scaled(sum, alpha, beta, C + row * N + column);
}

kernel void coalescing(SCALED) {
  const uint row = get_global_id(1), column = get_global_id(0);
  if (row >= M || column >= N) return;
  float sum = 0;
  for (uint k = 0; k < K; k++) sum += A[row * K + k] * B[k * N + column];
  C[row * N + column] = scaled(sum, alpha, beta, C + row * N + column);
}

#define BLOCK 32
kernel void shared_mem_block(SCALED) {
  local float As[BLOCK][BLOCK], Bs[BLOCK][BLOCK];
  const uint x = get_local_id(0), y = get_local_id(1);
  const uint row = get_group_id(1) * BLOCK + y, column = get_group_id(0) * BLOCK + x;
  float sum = 0;
  for (uint k0 = 0; k0 < K; k0 += BLOCK) {
    As[y][x] = row < M && k0 + x < K ? A[row * K + k0 + x] : 0;
    Bs[y][x] = k0 + y < K && column < N ? B[(k0 + y) * N + column] : 0;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (uint k = 0; k < BLOCK; k++) sum += As[y][k] * Bs[k][x];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (row < M && column < N) C[row * N + column] = scaled(sum, alpha, beta, C + row * N + column);
}

#define BLOCK_TILE(name, BM, BN, BK, TM, TN)                                                         \
  kernel void name(SCALED) {                                                                         \
    local float As[BM * BK], Bs[BK * BN];                                                            \
    const uint index = get_local_id(0), threads = (BM / TM) * (BN / TN);                             \
    const uint row = index / (BN / TN) * TM, column = index % (BN / TN) * TN;                        \
    A += get_group_id(1) * BM * K;                                                                   \
    B += get_group_id(0) * BN;                                                                       \
    C += get_group_id(1) * BM * N + get_group_id(0) * BN;                                            \
    float sums[TM][TN];                                                                              \
    for (int i = 0; i < TM; i++)                                                                     \
      for (int j = 0; j < TN; j++) sums[i][j] = 0;                                                   \
    for (uint k0 = 0; k0 < K; k0 += BK) {                                                            \
      for (uint i = index; i < BM * BK; i += threads) As[i] = A[i / BK * K + k0 + i % BK];           \
      for (uint i = index; i < BK * BN; i += threads) Bs[i] = B[(k0 + i / BN) * N + i % BN];         \
      barrier(CLK_LOCAL_MEM_FENCE);                                                                  \
      for (int k = 0; k < BK; k++) {                                                                 \
        float a[TM], b[TN];                                                                          \
        for (int i = 0; i < TM; i++) a[i] = As[(row + i) * BK + k];                                  \
        for (int j = 0; j < TN; j++) b[j] = Bs[k * BN + column + j];                                 \
        for (int i = 0; i < TM; i++)                                                                 \
          for (int j = 0; j < TN; j++) sums[i][j] += a[i] * b[j];                                    \
      }                                                                                              \
      barrier(CLK_LOCAL_MEM_FENCE);                                                                  \
    }                                                                                                \
    for (int i = 0; i < TM; i++) {                                                                   \
      for (int j = 0; j < TN; j++) {                                                                 \
        global float *to = C + (row + i) * N + column + j;                                           \
        *to = scaled(sums[i][j], alpha, beta, to);                                                   \
      }                                                                                              \
    }                                                                                                \
  }
BLOCK_TILE(block_1d, 64, 64, 8, 8, 1)
BLOCK_TILE(block_2d_4x4, 32, 32, 8, 4, 4)
BLOCK_TILE(block_2d_8x8, 64, 64, 8, 8, 8)

// What a simdgroup of 32 does with NBLK×NBLK matrices: every item owns two neighbours in each of them.
#define SIMD_TILE(name, NBLK, PARAMETERS, VALUE)                                                     \
  kernel void name(PARAMETERS) {                                                                     \
    const uint lane = get_local_id(0);                                                               \
    const uint r = (lane >> 2 & 4) + (lane >> 1 & 3), c = (lane >> 1 & 4) + (lane << 1 & 2);         \
    A += get_group_id(1) * 8 * NBLK * K;                                                             \
    B += get_group_id(0) * 8 * NBLK;                                                                 \
    C += get_group_id(1) * 8 * NBLK * N + get_group_id(0) * 8 * NBLK;                                \
    float2 sums[NBLK][NBLK];                                                                         \
    for (int i = 0; i < NBLK; i++)                                                                   \
      for (int j = 0; j < NBLK; j++) sums[i][j] = 0;                                                 \
    for (uint k = 0; k < K; k++) {                                                                   \
      float2 b[NBLK];                                                                                \
      for (int j = 0; j < NBLK; j++) b[j] = vload2(0, B + k * N + 8 * j + c);                        \
      for (int i = 0; i < NBLK; i++)                                                                 \
        for (int j = 0; j < NBLK; j++) sums[i][j] += A[(8 * i + r) * K + k] * b[j];                  \
    }                                                                                                \
    for (int i = 0; i < NBLK; i++) {                                                                 \
      for (int j = 0; j < NBLK; j++) {                                                               \
        global float *to = C + (8 * i + r) * N + 8 * j + c;                                          \
        const float2 sum = sums[i][j];                                                               \
        vstore2(VALUE, 0, to);                                                                       \
      }                                                                                              \
    }                                                                                                \
  }
#define BOTH_SCALED (float2)(scaled(sum.x, alpha, beta, to), scaled(sum.y, alpha, beta, to + 1))
SIMD_TILE(simd_tile1, 1, SCALED, BOTH_SCALED)
SIMD_TILE(simd_tile2, 2, SCALED, BOTH_SCALED)
SIMD_TILE(simd_tile4, 4, SCALED, BOTH_SCALED)
SIMD_TILE(simd_tile8, 8, SCALED, BOTH_SCALED)
SIMD_TILE(plain_tile2, 2, ARGS, sum)
SIMD_TILE(plain_tile4, 4, ARGS, sum)

// Groups of 4 rows of 32 items; PoCL has no sub-groups, so a row's sum goes through local memory.
kernel void gemv(ARGS) {
  local float part[4][32];
  const uint lane = get_local_id(0), line = get_local_id(1), row = get_global_id(1);
  B += (ulong)min(row, N - 1) * K;
  float sum = 0;
  for (uint k = lane * 4; k < K; k += 128) sum += dot(vload4(0, A + k), vload4(0, B + k));
  part[line][lane] = sum;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (uint width = 16; width > 0; width /= 2) {
    if (lane < width) part[line][lane] += part[line][lane + width];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  if (lane == 0 && row < N) C[row] = part[line][0];
}
