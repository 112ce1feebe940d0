// m1_columns: one row times a matrix that is stored row by row (K×N, the layout of a fused QKV projection and of
// attention's P · V): threads take columns, so that the lanes of a simdgroup read along a row of B.
//
//   C[b, r, n] = act(alpha · (Σ_k A[b, r, k] · B[b, k, n] + bias[n]) + beta · C0[b, r, n])
//   A: M×K, B: K×N, C: M×N, bias: N; half (float in …_f32), row-major, dense; sums in float
//
//              n0   BN columns   n0+BN
//            ┌──────┬──────┬──────┐ k         one threadgroup: one row r, BN columns; BN / VEC threads a slice
//      slice │ 0    │ 0    │ 0    │
//            │ 1    │ 1    │ 1    │ …         slices of K are added up through threadgroup memory (none with one slice)
//            └──────┴──────┴──────┘ K
//
//   | entry (m1_columns_…)        | BN  | threads | VEC | slices | A from              | threadgroup bytes |
//   |-----------------------------|-----|---------|-----|--------|---------------------|-------------------|
//   | bcast_bn128_tg128           | 128 | 128     | 1   | 1      | a lane's register   | 16                |
//   | bcast_bn256_tg128           | 256 | 128     | 2   | 1      | a lane's register   | 16                |
//   | bcast_bn64_tg128            | 64  | 128     | 2   | 4      | a lane's register   | 1536              |
//   | bcast_bn128_tg256           | 128 | 256     | 4   | 8      | a lane's register   | 5120              |
//   | tgread_bn128_tg128_bk256    | 128 | 128     | 1   | 1      | threadgroup, BK·4 B | 1040              |
//   | tgread_bn32_tg256_bk512     | 32  | 256     | 1   | 8      | threadgroup, BK·4 B | 3072              |
//   | tgread_bn32_tg256_bk512_f32 | 32  | 256     | 1   | 8      | threadgroup, BK·4 B | 3072              |
//   | tgread_bn64_tg256_bk512     | 64  | 256     | 2   | 8      | threadgroup, BK·4 B | 5120              |
//   | tgread_bn128_tg512_bk512    | 128 | 512     | 4   | 16     | threadgroup, BK·4 B | 12288             |
//
//   With one slice 16 of the bytes are a float that is declared and not used: a compiler may drop it.
//   BK is the staged depth: the halves of A that are in threadgroup memory at once, as floats. It is not a step of loads,
//   which is UNROLL rows of B a slice; m1_dot calls that step BK.
//   Which: N = 1152, K = 896 is 9 threadgroups at BN = 128, fewer than a large GPU has cores, and 36 at BN = 32, with
//   288 simdgroups in all; half a line an access is the price, except in float. With N in the ten thousands there are
//   threadgroups enough: wide accesses, one slice and no second stage. P · V of a head has N = 64: bn64_tg128, all of
//   whose lanes have a column.
//   grid: ⌈N/BN⌉ × M × batch threadgroups. Bindings: m1/operands.h; function constants: epilogue.h. Valid shapes: all.
//   Source of the slices: NVIDIA CUTLASS, documentation "Efficient GEMM in CUDA", sliced K.
//
//   | counted at m=1,n=131,k=77              | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |----------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_columns_bcast_bn64_tg128            | 30030      | 262           | 775   | 476         | 5168              | 0              | 12       | 231           |
//   | m1_columns_tgread_bn32_tg256_bk512_f32 | 50820      | 524           | 706   | 405         | 60132             | 0              | 80       | 0             |
//   | m1_columns_bcast_bn128_tg256           | 39732      | 262           | 1225  | 627         | 12384             | 0              | 16       | 154           |
//   | m1_columns_tgread_bn128_tg512_bk512    | 39732      | 262           | 1225  | 627         | 45096             | 0              | 64       | 0             |
//   | counted at m=1,n=131,k=517          | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |-------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_columns_tgread_bn128_tg128_bk256 | 167508     | 262           | 3640  | 2624        | 335016            | 0              | 40       | 0             |
//   | m1_columns_tgread_bn32_tg256_bk512  | 170610     | 262           | 3691  | 2675        | 350532            | 0              | 160      | 0             |
//   | m1_columns_tgread_bn64_tg256_bk512  | 201630     | 262           | 5182  | 3158        | 215068            | 0              | 96       | 0             |
//   | counted at m=1,n=256,k=512             | bytes read | bytes written | lines | ideal lines | threadgroup bytes | bank conflicts | barriers | simdgroup ops |
//   |----------------------------------------|------------|---------------|-------|-------------|-------------------|----------------|----------|---------------|
//   | m1_columns_bcast_bn128_tg128           | 270336     | 512           | 4232  | 4232        | 0                 | 0              | 0        | 4096          |
//   | m1_columns_bcast_bn256_tg128           | 266240     | 512           | 2120  | 2120        | 0                 | 0              | 0        | 2048          |
//   | m1_columns_bcast_bn64_tg128            | 266240     | 512           | 2120  | 2120        | 8192              | 0              | 16       | 2048          |
//   | m1_columns_tgread_bn32_tg256_bk512_f32 | 540672     | 1024          | 4232  | 4232        | 557056            | 0              | 128      | 0             |
//   | m1_columns_bcast_bn128_tg256           | 264192     | 512           | 2088  | 2088        | 16384             | 0              | 16       | 1024          |
//   | m1_columns_tgread_bn128_tg128_bk256    | 264192     | 512           | 4136  | 4136        | 528384            | 0              | 24       | 0             |
//   | m1_columns_tgread_bn32_tg256_bk512     | 270336     | 512           | 4232  | 4232        | 557056            | 0              | 128      | 0             |
//   | m1_columns_tgread_bn64_tg256_bk512     | 266240     | 512           | 2120  | 2120        | 286720            | 0              | 64       | 0             |
//   | m1_columns_tgread_bn128_tg512_bk512    | 264192     | 512           | 2088  | 2088        | 167936            | 0              | 64       | 0             |
#include <metal_stdlib>
#include "m1/columns.h"
#include "m1/operands.h"
using namespace metal;

// What a thread does once its slice's sums are there. All threads of the threadgroup call it.
template <uint BN, uint TG, uint VEC, typename T>
static void finish_columns(thread const float (&sums)[VEC], threadgroup float* partial, device T* C,
                           device const T* bias, ulong row_of_c, uint n0, SlicePlace<BN, VEC> place, constant M1Params& p) {
  using Reduction = SliceReduction<BN, VEC, TG / (BN / VEC)>;
  if (TG == Reduction::THREADS) {
    for (uint v = 0; v < VEC; v++) {
      const uint n = n0 + place.index * VEC + v;
      if (n < p.N) store_output(C, row_of_c + n, bias, n, sums[v], p.alpha, p.beta);
    }
  } else {
    Reduction::store(sums, partial, place.slice, place.index);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    const uint column = place.slice * Reduction::THREADS + place.index;
    if (column < BN && n0 + column < p.N)
      store_output(C, row_of_c + n0 + column, bias, n0 + column, Reduction::total(partial, column), p.alpha, p.beta);
  }
}

// Floats of threadgroup memory for the second stage; an array cannot have none.
template <uint BN, uint TG, uint VEC>
constexpr uint partial_floats() {
  return TG == BN / VEC ? 1 : TG / (BN / VEC) * SliceReduction<BN, VEC, 1>::FLOATS;
}

template <typename T, uint BN, uint TG, uint VEC>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_columns_bcast(device const T* A [[buffer(0)]],
                      device const T* B [[buffer(1)]],
                      device T* C [[buffer(2)]],
                      device const T* bias [[buffer(3), function_constant(has_bias)]],
                      constant M1Params& p [[buffer(4)]],
                      uint3 group [[threadgroup_position_in_grid]],
                      uint simdgroup [[simdgroup_index_in_threadgroup]],
                      uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint THREADS = BN / VEC, SLICES = TG / THREADS;
  static_assert(SLICES == 1 || BN <= TG, "every column has a thread for the second stage");
  threadgroup float partial[partial_floats<BN, TG, VEC>()];
  const M1Row row(p, group);
  const uint n0 = group.x * BN;
  const SlicePlace<BN, VEC> place(simdgroup, lane);
  const uint n = n0 + place.index * VEC;
  float sums[VEC] = {};
  const uint first = n0 + place.first * VEC;
  if (p.N % VEC == 0 && first + 32 * VEC <= p.N)
    add_broadcast<VEC, SLICES, Columns::whole>(A + row.a, B + row.b, p.N, p.K, n, place.slice, lane, sums);
  else if (p.N % VEC == 0 && first < p.N)
    add_broadcast<VEC, SLICES, Columns::aligned>(A + row.a, B + row.b, p.N, p.K, n, place.slice, lane, sums);
  else if (first < p.N)
    add_broadcast<VEC, SLICES, Columns::any>(A + row.a, B + row.b, p.N, p.K, n, place.slice, lane, sums);
  finish_columns<BN, TG, VEC>(sums, partial, C, bias, row.c, n0, place, p);
}

template <typename T, uint BN, uint TG, uint VEC, uint BK>
[[kernel, max_total_threads_per_threadgroup(TG)]]
void m1_columns_tgread(device const T* A [[buffer(0)]],
                       device const T* B [[buffer(1)]],
                       device T* C [[buffer(2)]],
                       device const T* bias [[buffer(3), function_constant(has_bias)]],
                       constant M1Params& p [[buffer(4)]],
                       uint3 group [[threadgroup_position_in_grid]],
                       uint simdgroup [[simdgroup_index_in_threadgroup]],
                       uint lane [[thread_index_in_simdgroup]]) {
  constexpr uint THREADS = BN / VEC, SLICES = TG / THREADS;
  static_assert(SLICES == 1 || BN <= TG, "every column has a thread for the second stage");
  threadgroup float tile[BK];
  threadgroup float partial[partial_floats<BN, TG, VEC>()];
  const M1Row row(p, group);
  const uint n0 = group.x * BN;
  const SlicePlace<BN, VEC> place(simdgroup, lane);
  const uint n = n0 + place.index * VEC;
  const uint first = n0 + place.first * VEC;
  float sums[VEC] = {};
  for (uint k = 0; k < p.K; k += BK) {
    const uint depth = min(BK, p.K - k);
    if (k > 0) threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = simdgroup * 32 + lane; i < depth; i += TG) tile[i] = float(A[row.a + k + i]);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    device const T* b = B + row.b + ulong(k) * p.N;
    if (p.N % VEC == 0 && first + 32 * VEC <= p.N)
      add_in_turn<VEC, Columns::whole>(tile, b, p.N, depth, n, place.slice, SLICES, sums);
    else if (p.N % VEC == 0 && first < p.N)
      add_in_turn<VEC, Columns::aligned>(tile, b, p.N, depth, n, place.slice, SLICES, sums);
    else if (first < p.N)
      add_in_turn<VEC, Columns::any>(tile, b, p.N, depth, n, place.slice, SLICES, sums);
  }
  finish_columns<BN, TG, VEC>(sums, partial, C, bias, row.c, n0, place, p);
}

template [[host_name("m1_columns_bcast_bn128_tg128")]] [[kernel]] decltype(m1_columns_bcast<half, 128, 128, 1>) m1_columns_bcast<half, 128, 128, 1>;
template [[host_name("m1_columns_bcast_bn256_tg128")]] [[kernel]] decltype(m1_columns_bcast<half, 256, 128, 2>) m1_columns_bcast<half, 256, 128, 2>;
template [[host_name("m1_columns_bcast_bn64_tg128")]] [[kernel]] decltype(m1_columns_bcast<half, 64, 128, 2>) m1_columns_bcast<half, 64, 128, 2>;
template [[host_name("m1_columns_bcast_bn128_tg256")]] [[kernel]] decltype(m1_columns_bcast<half, 128, 256, 4>) m1_columns_bcast<half, 128, 256, 4>;
template [[host_name("m1_columns_tgread_bn128_tg128_bk256")]] [[kernel]] decltype(m1_columns_tgread<half, 128, 128, 1, 256>) m1_columns_tgread<half, 128, 128, 1, 256>;
template [[host_name("m1_columns_tgread_bn32_tg256_bk512")]] [[kernel]] decltype(m1_columns_tgread<half, 32, 256, 1, 512>) m1_columns_tgread<half, 32, 256, 1, 512>;
template [[host_name("m1_columns_tgread_bn64_tg256_bk512")]] [[kernel]] decltype(m1_columns_tgread<half, 64, 256, 2, 512>) m1_columns_tgread<half, 64, 256, 2, 512>;
template [[host_name("m1_columns_tgread_bn128_tg512_bk512")]] [[kernel]] decltype(m1_columns_tgread<half, 128, 512, 4, 512>) m1_columns_tgread<half, 128, 512, 4, 512>;
template [[host_name("m1_columns_tgread_bn32_tg256_bk512_f32")]] [[kernel]] decltype(m1_columns_tgread<float, 32, 256, 1, 512>) m1_columns_tgread<float, 32, 256, 1, 512>;
