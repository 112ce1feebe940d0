// m1_thread_rows: one row times a matrix of weights stored output by output; a thread takes whole outputs, so that
// nothing is added up between threads. The counterpart of m1_dot: no reduction, but lanes read far apart.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · B[b, n, k] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: N×K, C: M×N, bias: N; half, row-major, dense; sums in float
//
//          K →
//        ┌──────────────────┐ n0           one threadgroup: one row r, BN outputs; thread t takes n0 + t and, with two
//      B │ thread 0         │ n0+1         outputs a thread, n0 + t + threads
//        │ thread 1         │ …            an access of a simdgroup is 8 bytes of each of 32 rows: 32 lines, whose rest
//        └──────────────────┘ n0+BN        the following 15 accesses read from the cache, as long as it lasts
//
//   | entry (m1_thread_rows_…)  | BN  | threads | outputs a thread | A from            | threadgroup bytes |
//   |---------------------------|-----|---------|------------------|-------------------|-------------------|
//   | bcast_bn128_tg128         | 128 | 128     | 1                | a lane's register | 0                 |
//   | tgread_bn128_tg128_bk256  | 128 | 128     | 1                | threadgroup       | 512               |
//   | tgread_bn256_tg128_bk256  | 256 | 128     | 2                | threadgroup       | 512               |
//
//   BK is the staged depth: the halves of A that are in threadgroup memory at once. It is not a step of loads, which is one
//   half4 a row; m1_dot calls its step BK.
//   grid: ⌈N/BN⌉ × M × batch threadgroups. Bindings: m1/operands.h; function constants: epilogue.h. Valid shapes: all.
//   K % 4 ≠ 0: rows begin anywhere within a vector, each lane's somewhere else, so B is read half by half.
//
//   | counted at m=1,n=131,k=77,tB=1   | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |----------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_thread_rows_bcast_bn128_tg128 | 40656      | 262           | 10347 | 645         | 0                 | 0              | 0        | 616           |
//   | counted at m=1,n=256,k=389,tB=1         | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_thread_rows_tgread_bn128_tg128_bk256 | 200724     | 512           | 99618 | 3146        | 200724            | 0              | 24       | 0             |
//   | m1_thread_rows_tgread_bn256_tg128_bk256 | 199946     | 512           | 99605 | 3133        | 100362            | 0              | 12       | 0             |
//   | counted at m=1,n=256,k=256,tB=1         | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-----------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_thread_rows_bcast_bn128_tg128        | 135168     | 512           | 16424 | 1064        | 0                 | 0              | 0        | 512           |
//   | m1_thread_rows_tgread_bn128_tg128_bk256 | 132096     | 512           | 16408 | 1048        | 132096            | 0              | 8        | 0             |
//   | m1_thread_rows_tgread_bn256_tg128_bk256 | 131584     | 512           | 16400 | 1040        | 66048             | 0              | 4        | 0             |
#include <metal_stdlib>
#include "m1/dot.h"
#include "m1/operands.h"
using namespace metal;

// A thread's rows of B, all COLUMNS of them within the matrix: those past N repeat the last, and are never stored.
template <uint COLUMNS>
struct ThreadRows {
  device const half* row[COLUMNS];

  ThreadRows(device const half* B, ulong begin, constant M1Params& p, uint n, uint apart) {
    for (uint c = 0; c < COLUMNS; c++) row[c] = B + begin + ulong(min(n + c * apart, p.N - 1)) * p.K;
  }

  void add(half a, uint k, thread float (&sums)[COLUMNS]) const {
    for (uint c = 0; c < COLUMNS; c++) sums[c] += float(a) * float(row[c][k]);
  }

  void add(half4 a, uint k, thread float (&sums)[COLUMNS]) const {
    for (uint c = 0; c < COLUMNS; c++) sums[c] += dot4(a, *(device const half4*)(row[c] + k));
  }
};

template <uint COLUMNS>
static void store_thread_columns(thread const float (&sums)[COLUMNS], device half* C, device const half* bias,
                                 ulong row_of_c, uint n, uint apart, constant M1Params& p) {
  for (uint c = 0; c < COLUMNS; c++)
    if (n + c * apart < p.N) store_output(C, row_of_c + n + c * apart, bias, n + c * apart, sums[c], p.alpha, p.beta);
}

// A in the lanes' registers: `Part` (half or half4) of A a lane, handed round by simd_broadcast.
template <typename Part, uint COLUMNS>
static void add_in_turn(device const Part* a, thread const ThreadRows<COLUMNS>& rows, uint parts, uint lane,
                        thread float (&sums)[COLUMNS]) {
  constexpr uint WIDTH = sizeof(Part) / sizeof(half);
  for (uint first = 0; first < parts; first += 32) {
    const Part own = first + lane < parts ? a[first + lane] : Part(0);
    const uint depth = min(32u, parts - first);
    for (uint i = 0; i < depth; i++) rows.add(simd_broadcast(own, ushort(i)), (first + i) * WIDTH, sums);
  }
}

template <uint BN, uint TG>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_thread_rows_bcast(device const half* A [[buffer(0)]],
                          device const half* B [[buffer(1)]],
                          device half* C [[buffer(2)]],
                          device const half* bias [[buffer(3), function_constant(has_bias)]],
                          constant M1Params& p [[buffer(4)]],
                          uint3 group [[threadgroup_position_in_grid]],
                          uint simdgroup [[simdgroup_index_in_threadgroup]],
                          uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint COLUMNS = BN / TG;
  const uint thread_index = simdgroup * 32 + lane;
  const M1Row row(p, group);
  const uint n = group.x * BN + thread_index;
  const ThreadRows<COLUMNS> rows(B, row.b, p, n, TG);
  float sums[COLUMNS] = {};
  if (p.K % 4 == 0)
    add_in_turn<half4, COLUMNS>((device const half4*)(A + row.a), rows, p.K / 4, lane, sums);
  else
    add_in_turn<half, COLUMNS>(A + row.a, rows, p.K, lane, sums);
  store_thread_columns<COLUMNS>(sums, C, bias, row.c, n, TG, p);
}

template <uint BN, uint TG, uint BK>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_thread_rows_tgread(device const half* A [[buffer(0)]],
                           device const half* B [[buffer(1)]],
                           device half* C [[buffer(2)]],
                           device const half* bias [[buffer(3), function_constant(has_bias)]],
                           constant M1Params& p [[buffer(4)]],
                           uint3 group [[threadgroup_position_in_grid]],
                           uint simdgroup [[simdgroup_index_in_threadgroup]],
                           uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint COLUMNS = BN / TG;
  const uint thread_index = simdgroup * 32 + lane;
  threadgroup half4 tile[BK / 4];
  threadgroup half* halves = (threadgroup half*)tile;
  const M1Row row(p, group);
  const uint n = group.x * BN + thread_index;
  const ThreadRows<COLUMNS> rows(B, row.b, p, n, TG);
  float sums[COLUMNS] = {};
  for (uint k = 0; k < p.K; k += BK) {
    const uint depth = min(BK, p.K - k);
    if (k > 0) threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = thread_index; i < depth; i += TG) halves[i] = A[row.a + k + i];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (p.K % 4 == 0)
      for (uint i = 0; i < depth / 4; i++) rows.add(tile[i], k + 4 * i, sums);
    else
      for (uint i = 0; i < depth; i++) rows.add(halves[i], k + i, sums);
  }
  store_thread_columns<COLUMNS>(sums, C, bias, row.c, n, TG, p);
}

template [[host_name("m1_thread_rows_bcast_bn128_tg128")]] [[kernel]] decltype(m1_thread_rows_bcast<128, 128>) m1_thread_rows_bcast<128, 128>;
template [[host_name("m1_thread_rows_tgread_bn128_tg128_bk256")]] [[kernel]] decltype(m1_thread_rows_tgread<128, 128, 256>) m1_thread_rows_tgread<128, 128, 256>;
template [[host_name("m1_thread_rows_tgread_bn256_tg128_bk256")]] [[kernel]] decltype(m1_thread_rows_tgread<256, 128, 256>) m1_thread_rows_tgread<256, 128, 256>;
