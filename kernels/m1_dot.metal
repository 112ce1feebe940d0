// m1_dot: one row (or few) times a matrix of weights stored output by output; a simdgroup works on COLUMNS outputs.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · B[b, n, k] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: N×K, C: M×N, bias: N; half (float in …_f32), row-major, dense; sums in float
//
//          K →  BK elements a step
//        ┌─────────┬─────────┬─         one threadgroup: one row r, BN consecutive outputs
//      B │ 32 lanes × 4·LOADS │ n0      simdgroup s: outputs n0 + s·BN/S …, COLUMNS at a time (S simdgroups)
//        │ elements          │ …        each lane keeps COLUMNS sums over its share of k; simd_sum adds the lanes up
//        └─────────┴─────────┴─ n0+BN
//
//   tgread: A comes through threadgroup memory, TILE halves at a time, and all BN/S outputs of a simdgroup are in flight.
//   Otherwise every lane reads its own part of A from device memory, where the cache serves all simdgroups but the first.
//
//   | entry (m1_dot_…)           | BN | threads | COLUMNS | LOADS | BK  | A from                 | threadgroup bytes |
//   |----------------------------|----|---------|---------|-------|-----|------------------------|-------------------|
//   | bn16_tg128_bk128           | 16 | 128     | 4       | 1     | 128 | device                 | 0                 |
//   | bn16_tg128_bk256           | 16 | 128     | 4       | 2     | 256 | device                 | 0                 |
//   | bn16_tg256_bk128           | 16 | 256     | 2       | 1     | 128 | device                 | 0                 |
//   | bn16_tg256_bk256           | 16 | 256     | 2       | 2     | 256 | device                 | 0                 |
//   | bn32_tg128_bk128           | 32 | 128     | 4       | 1     | 128 | device                 | 0                 |
//   | bn32_tg128_bk256           | 32 | 128     | 4       | 2     | 256 | device                 | 0                 |
//   | bn32_tg256_bk128           | 32 | 256     | 4       | 1     | 128 | device                 | 0                 |
//   | bn32_tg256_bk256           | 32 | 256     | 4       | 2     | 256 | device                 | 0                 |
//   | bn32_tg128_bk256_pipelined | 32 | 128     | 4       | 2     | 256 | device, B a step early | 0                 |
//   | bn64_tg256_bk512           | 64 | 256     | 2       | 4     | 512 | device                 | 0                 |
//   | tgread_bn32_tg256_bk256    | 32 | 256     | 4       | 2     | 256 | threadgroup            | 4096              |
//   | tgread_bn64_tg256_bk128    | 64 | 256     | 8       | 1     | 128 | threadgroup            | 4096              |
//   | bn16_tg128_bk128_f32       | 16 | 128     | 4       | 1     | 128 | device                 | 0                 |
//
//   BK is the step of loads: 32 lanes · 4 · LOADS elements of a row of B at once. It is not the depth of the staged A, which
//   is TILE whatever BK is; m1_columns and m1_thread_rows call that BK.
//   Which: BN · 1 row of work a threadgroup should leave some hundred threadgroups, so 16 or 32 for N = 896 and 64 from
//   N = 9728 on. COLUMNS · LOADS half4 (8 bytes each) a lane are in flight: 64 bytes for bk256, and for bk128 in float.
//   BN 16 and 32 are there with 128 and 256 threads and either step, since which is best is the device's to say: twice the
//   threads are twice the simdgroups that can wait for memory; with BN 16 a load of A then serves half as many outputs.
//   grid: ⌈N/BN⌉ × M × batch threadgroups. Bindings: m1/operands.h; function constants: epilogue.h.
//
//   | counted at m=1,n=37,k=389,tB=1 | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |--------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_dot_bn16_tg128_bk128_f32    | 93640      | 148           | 1264  | 804         | 0                 | 0              | 0        | 40            |
//   | m1_dot_bn16_tg128_bk128        | 46820      | 74            | 643   | 444         | 0                 | 0              | 0        | 40            |
//   | counted at m=1,n=64,k=895,tB=1    | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_dot_bn32_tg128_bk256           | 172288     | 128           | 2095  | 1488        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn32_tg128_bk256_pipelined | 172288     | 128           | 2095  | 1488        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn64_tg256_bk512           | 229120     | 128           | 2655  | 1952        | 0                 | 0              | 0        | 64            |
//   | m1_dot_tgread_bn32_tg256_bk256    | 118140     | 128           | 1495  | 1032        | 61308             | 0              | 16       | 64            |
//   | m1_dot_tgread_bn64_tg256_bk128    | 116350     | 128           | 1459  | 996         | 31102             | 0              | 8        | 64            |
//   | counted at m=1,n=64,k=896,tB=1    | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_dot_bn16_tg128_bk128_f32       | 286720     | 256           | 2704  | 2256        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn16_tg128_bk128           | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn16_tg128_bk256           | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn16_tg256_bk128           | 172032     | 128           | 1376  | 1376        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn16_tg256_bk256           | 172032     | 128           | 1376  | 1376        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn32_tg128_bk128           | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn32_tg128_bk256           | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn32_tg256_bk128           | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn32_tg256_bk256           | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn32_tg128_bk256_pipelined | 143360     | 128           | 1136  | 1136        | 0                 | 0              | 0        | 64            |
//   | m1_dot_bn64_tg256_bk512           | 172032     | 128           | 1376  | 1376        | 0                 | 0              | 0        | 64            |
//   | m1_dot_tgread_bn32_tg256_bk256    | 118272     | 128           | 968   | 968         | 32256             | 0              | 16       | 64            |
//   | m1_dot_tgread_bn64_tg256_bk128    | 116480     | 128           | 932   | 932         | 16128             | 0              | 8        | 64            |
//   In float the cpu device loads a vector of A as two of 8 bytes, which touch the same lines: a GPU touches the ideal ones.
//
//   Valid shapes: all. Every offset into B has 64 bits.
#include <metal_stdlib>
#include "m1/dot.h"
#include "m1/operands.h"
#include "m1/store.h"
using namespace metal;

template <typename T, uint BN, uint TG, uint COLUMNS, uint LOADS, bool PIPELINED>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_dot(device const T* A [[buffer(0)]],
            device const T* B [[buffer(1)]],
            device T* C [[buffer(2)]],
            device const T* bias [[buffer(3), function_constant(has_bias)]],
            constant M1Params& p [[buffer(4)]],
            uint3 group [[threadgroup_position_in_grid]],
            uint simdgroup [[simdgroup_index_in_threadgroup]],
            uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint SHARE = BN / (TG / 32);
  static_assert(SHARE % COLUMNS == 0, "a simdgroup takes its outputs COLUMNS at a time");
  const M1Row row(p, group);
  const uint first = group.x * BN + simdgroup * SHARE;
  const uint last = min(first + SHARE, p.N);
  for (uint n = first; n < last; n += COLUMNS) {
    const uint count = min(COLUMNS, last - n);
    float sums[COLUMNS] = {};
    add_dots<COLUMNS, LOADS, 32, PIPELINED>(DeviceRow<T>(A, row.a), B, row.b + ulong(n) * p.K, p.K, p.K, count, lane, sums);
    store_columns<COLUMNS>(sums, C, bias, row.c, n, count, p, lane);
  }
}

// 2048 halves: K = 896 in one piece, and room for seven more threadgroups beside this one.
constant constexpr uint TILE = 2048;

template <uint BN, uint TG, uint LOADS>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_dot_tgread(device const half* A [[buffer(0)]],
                   device const half* B [[buffer(1)]],
                   device half* C [[buffer(2)]],
                   device const half* bias [[buffer(3), function_constant(has_bias)]],
                   constant M1Params& p [[buffer(4)]],
                   uint3 group [[threadgroup_position_in_grid]],
                   uint thread_index [[thread_index_in_threadgroup]],
                   uint simdgroup [[simdgroup_index_in_threadgroup]],
                   uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint COLUMNS = BN / (TG / 32);
  threadgroup half4 tile[TILE / 4];
  const M1Row row(p, group);
  const uint n = group.x * BN + simdgroup * COLUMNS;
  // Simdgroups past N help to load A.
  const uint count = n < p.N ? min(COLUMNS, p.N - n) : 0;
  float sums[COLUMNS] = {};
  for (uint k = 0; k < p.K; k += TILE) {
    const uint depth = min(TILE, p.K - k);
    if (k > 0) threadgroup_barrier(mem_flags::mem_threadgroup);
    stage_row<TG>(tile, A + row.a + k, depth, thread_index);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (count > 0)
      add_dots<COLUMNS, LOADS, 32, false>(StagedRow{tile}, B, row.b + ulong(n) * p.K + k, p.K, depth, count, lane, sums);
  }
  if (count > 0) store_columns<COLUMNS>(sums, C, bias, row.c, n, count, p, lane);
}

template [[host_name("m1_dot_bn16_tg128_bk128")]] [[kernel]] decltype(m1_dot<half, 16, 128, 4, 1, false>) m1_dot<half, 16, 128, 4, 1, false>;
template [[host_name("m1_dot_bn16_tg128_bk256")]] [[kernel]] decltype(m1_dot<half, 16, 128, 4, 2, false>) m1_dot<half, 16, 128, 4, 2, false>;
template [[host_name("m1_dot_bn16_tg256_bk128")]] [[kernel]] decltype(m1_dot<half, 16, 256, 2, 1, false>) m1_dot<half, 16, 256, 2, 1, false>;
template [[host_name("m1_dot_bn16_tg256_bk256")]] [[kernel]] decltype(m1_dot<half, 16, 256, 2, 2, false>) m1_dot<half, 16, 256, 2, 2, false>;
template [[host_name("m1_dot_bn32_tg128_bk128")]] [[kernel]] decltype(m1_dot<half, 32, 128, 4, 1, false>) m1_dot<half, 32, 128, 4, 1, false>;
template [[host_name("m1_dot_bn32_tg128_bk256")]] [[kernel]] decltype(m1_dot<half, 32, 128, 4, 2, false>) m1_dot<half, 32, 128, 4, 2, false>;
template [[host_name("m1_dot_bn32_tg256_bk128")]] [[kernel]] decltype(m1_dot<half, 32, 256, 4, 1, false>) m1_dot<half, 32, 256, 4, 1, false>;
template [[host_name("m1_dot_bn32_tg256_bk256")]] [[kernel]] decltype(m1_dot<half, 32, 256, 4, 2, false>) m1_dot<half, 32, 256, 4, 2, false>;
template [[host_name("m1_dot_bn32_tg128_bk256_pipelined")]] [[kernel]] decltype(m1_dot<half, 32, 128, 4, 2, true>) m1_dot<half, 32, 128, 4, 2, true>;
template [[host_name("m1_dot_bn64_tg256_bk512")]] [[kernel]] decltype(m1_dot<half, 64, 256, 2, 4, false>) m1_dot<half, 64, 256, 2, 4, false>;
template [[host_name("m1_dot_tgread_bn32_tg256_bk256")]] [[kernel]] decltype(m1_dot_tgread<32, 256, 2>) m1_dot_tgread<32, 256, 2>;
template [[host_name("m1_dot_tgread_bn64_tg256_bk128")]] [[kernel]] decltype(m1_dot_tgread<64, 256, 1>) m1_dot_tgread<64, 256, 1>;
template [[host_name("m1_dot_bn16_tg128_bk128_f32")]] [[kernel]] decltype(m1_dot<float, 16, 128, 4, 1, false>) m1_dot<float, 16, 128, 4, 1, false>;
