// m1_k_split: one row times a matrix of weights stored output by output, for long rows: the threads of a threadgroup
// share each row of B, in two stages of reduction.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · B[b, n, k] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: N×K, C: M×N, bias: N; half (float in …_f32), row-major, dense; sums in float
//
//          K →
//        ┌──────┬──────┬──────┬──────┐ n0       one threadgroup: one row r, BN consecutive outputs, all of them in flight
//      B │ s0   │ s1   │ s0   │ s1   │ …        simdgroup s takes 32 vectors of 4 in turn with the others
//        └──────┴──────┴──────┴──────┘ n0+BN    stage 1: the lanes of a simdgroup, by simd_sum or folding (m1/reduce.h)
//                                               stage 2: the simdgroups, through BN · S floats of threadgroup memory
//
//   | entry (m1_k_split_…) | BN | threads | LOADS | elements a step of row | threadgroup bytes |
//   |----------------------|----|---------|-------|------------------------|-------------------|
//   | bn4_tg128            | 4  | 128     | 2     | 1024                   | 64                |
//   | bn4_tg256            | 4  | 256     | 1     | 1024                   | 128               |
//   | bn4_tg512            | 4  | 512     | 1     | 2048                   | 256               |
//   | bn8_tg128            | 8  | 128     | 1     | 512                    | 128               |
//   | bn8_tg256            | 8  | 256     | 1     | 1024                   | 256               |
//   | bn8_tg256_f32        | 8  | 256     | 1     | 1024                   | 256               |
//   | bn8_tg512            | 8  | 512     | 1     | 2048                   | 512               |
//   | bn16_tg128           | 16 | 128     | 1     | 512                    | 256               |
//   | bn16_tg256           | 16 | 256     | 1     | 1024                   | 512               |
//   | bn16_tg512           | 16 | 512     | 1     | 2048                   | 1024              |
//
//   Why: N = 896 at one output a simdgroup leaves few threads for K = 4864; with BN = 4 and 512 threads it is 224
//   threadgroups, 3,584 simdgroups. A larger BN reads A less often (once for BN rows of B; twice, as its own
//   neighbour, where K % 4 ≠ 0) and reduces more at once.
//   grid: ⌈N/BN⌉ × M × batch threadgroups. Bindings: m1/operands.h; function constants: epilogue.h.
//
//   | counted at m=1,n=32,k=2431,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_k_split_bn4_tg256            | 233600     | 64            | 2620  | 1896        | 2048              | 0              | 64       | 256           |
//   | m1_k_split_bn8_tg256_f32        | 389632     | 128           | 4435  | 3108        | 2048              | 0              | 32       | 288           |
//   | m1_k_split_bn8_tg256            | 194816     | 64            | 2240  | 1588        | 2048              | 0              | 32       | 288           |
//   | m1_k_split_bn16_tg256           | 175424     | 64            | 2050  | 1434        | 2048              | 0              | 16       | 256           |
//   | counted at m=1,n=32,k=2432,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |---------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_k_split_bn4_tg128            | 194560     | 64            | 1528  | 1528        | 1024              | 0              | 32       | 128           |
//   | m1_k_split_bn4_tg256            | 194560     | 64            | 1528  | 1528        | 2048              | 0              | 64       | 256           |
//   | m1_k_split_bn4_tg512            | 194560     | 64            | 1528  | 1528        | 4096              | 0              | 128      | 512           |
//   | m1_k_split_bn8_tg128            | 175104     | 64            | 1372  | 1372        | 1024              | 0              | 16       | 144           |
//   | m1_k_split_bn8_tg256            | 175104     | 64            | 1372  | 1372        | 2048              | 0              | 32       | 288           |
//   | m1_k_split_bn8_tg256_f32        | 350208     | 128           | 3044  | 2740        | 2048              | 0              | 32       | 288           |
//   | m1_k_split_bn8_tg512            | 175104     | 64            | 1372  | 1372        | 4096              | 0              | 64       | 576           |
//   | m1_k_split_bn16_tg128           | 165376     | 64            | 1294  | 1294        | 1024              | 0              | 8        | 128           |
//   | m1_k_split_bn16_tg256           | 165376     | 64            | 1294  | 1294        | 2048              | 0              | 16       | 256           |
//   | m1_k_split_bn16_tg512           | 165376     | 64            | 1294  | 1294        | 4096              | 0              | 32       | 512           |
//
//   In float the cpu device loads a vector of A as two of 8 bytes, which touch the same lines: a GPU touches the ideal ones.
//
//   Valid shapes: all. Every offset into B has 64 bits.
#include <metal_stdlib>
#include "m1/dot.h"
#include "m1/operands.h"
#include "m1/reduce.h"
using namespace metal;

template <typename T, uint BN, uint TG, uint LOADS>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_k_split(device const T* A [[buffer(0)]],
                device const T* B [[buffer(1)]],
                device T* C [[buffer(2)]],
                device const T* bias [[buffer(3), function_constant(has_bias)]],
                constant M1Params& p [[buffer(4)]],
                uint3 group [[threadgroup_position_in_grid]],
                uint simdgroup [[simdgroup_index_in_threadgroup]],
                uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint SIMDGROUPS = TG / 32;
  threadgroup float partial[BN * SIMDGROUPS];
  const uint thread_index = simdgroup * 32 + lane;
  const M1Row row(p, group);
  const uint n = group.x * BN;
  const uint count = min(BN, p.N - n);
  float sums[BN] = {};
  add_dots<BN, LOADS, TG, false>(DeviceRow<T>(A, row.a), B, row.b + ulong(n) * p.K, p.K, p.K, count, thread_index, sums);
  const float total = ColumnReduction<BN, SIMDGROUPS>::total(sums, partial, simdgroup, ushort(lane));
  if (thread_index < count) store_output(C, row.c + n + thread_index, bias, n + thread_index, total, p.alpha, p.beta);
}

template [[host_name("m1_k_split_bn4_tg128")]] [[kernel]] decltype(m1_k_split<half, 4, 128, 2>) m1_k_split<half, 4, 128, 2>;
template [[host_name("m1_k_split_bn4_tg256")]] [[kernel]] decltype(m1_k_split<half, 4, 256, 1>) m1_k_split<half, 4, 256, 1>;
template [[host_name("m1_k_split_bn4_tg512")]] [[kernel]] decltype(m1_k_split<half, 4, 512, 1>) m1_k_split<half, 4, 512, 1>;
template [[host_name("m1_k_split_bn8_tg128")]] [[kernel]] decltype(m1_k_split<half, 8, 128, 1>) m1_k_split<half, 8, 128, 1>;
template [[host_name("m1_k_split_bn8_tg256")]] [[kernel]] decltype(m1_k_split<half, 8, 256, 1>) m1_k_split<half, 8, 256, 1>;
template [[host_name("m1_k_split_bn8_tg512")]] [[kernel]] decltype(m1_k_split<half, 8, 512, 1>) m1_k_split<half, 8, 512, 1>;
template [[host_name("m1_k_split_bn16_tg128")]] [[kernel]] decltype(m1_k_split<half, 16, 128, 1>) m1_k_split<half, 16, 128, 1>;
template [[host_name("m1_k_split_bn16_tg256")]] [[kernel]] decltype(m1_k_split<half, 16, 256, 1>) m1_k_split<half, 16, 256, 1>;
template [[host_name("m1_k_split_bn16_tg512")]] [[kernel]] decltype(m1_k_split<half, 16, 512, 1>) m1_k_split<half, 16, 512, 1>;
template [[host_name("m1_k_split_bn8_tg256_f32")]] [[kernel]] decltype(m1_k_split<float, 8, 256, 1>) m1_k_split<float, 8, 256, 1>;
