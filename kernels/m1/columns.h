// m1/columns.h: a row of A times neighbouring columns of B, for B as K×N. A thread keeps VEC columns; the threads that are
// not needed for the columns share out K, in SLICES.
//
//            n →  32 lanes × VEC columns
//        ┌────────┬────────┬────┬─────────┐ k       one row of B a load: 32·VEC neighbours a simdgroup
//      B │ lane 0 │ lane 1 │ …  │ lane 31 │ k+1     UNROLL rows are loaded before the first of them is used
//        └────────┴────────┴────┴─────────┘ …
//
//   A is the same for all lanes of a simdgroup. It comes from a lane's register (add_broadcast: 32 values are loaded at
//   once, one by each lane) or from threadgroup memory (add_in_turn: every lane reads one word, which is one access).
//
//   VEC = 2 and 4 load vectors of 2 and 4 where N is a multiple of VEC. Otherwise each row begins somewhere else within a
//   vector, and columns are loaded one by one. Columns past N repeat the last: the same addresses, no branch in the loops,
//   sums that are never stored. A simdgroup that has none does without the minimum: that its lanes' addresses are neighbours
//   is then for the compiler to see, and the cpu device does not gather what one load brings. One that has only such adds
//   nothing up.
#pragma once
#include <metal_stdlib>
using namespace metal;

constant constexpr uint UNROLL = 8;

// Where a thread works: BN / VEC threads a slice, whole simdgroups of them, so that the slice is the same for all lanes
// and the compiler can see it.
template <uint BN, uint VEC>
struct SlicePlace {
  static_assert(BN / VEC % 32 == 0, "a simdgroup has one slice");
  uint slice;
  uint first;  // of the simdgroup's threads, within the slice
  uint index;  // of the thread, within the slice

  SlicePlace(uint simdgroup, uint lane)
      : slice(simdgroup / (BN / VEC / 32)), first(simdgroup % (BN / VEC / 32) * 32), index(first + lane) {}
};

enum class Columns {
  whole,    // N is a multiple of VEC, and all of the simdgroup's columns are within the matrix
  aligned,  // N is a multiple of VEC
  any
};

template <uint VEC, Columns COLUMNS, typename T>
static inline void load_columns(device const T* row, uint n, uint N, thread T (&part)[VEC]) {
  if (COLUMNS != Columns::any) {
    device const T* from = row + (COLUMNS == Columns::whole ? n : min(n, N - VEC));
    if (VEC == 4) {
      const vec<T, 4> values = *(device const vec<T, 4>*)from;
      for (uint v = 0; v < VEC; v++) part[v] = values[v];
    } else if (VEC == 2) {
      const vec<T, 2> values = *(device const vec<T, 2>*)from;
      for (uint v = 0; v < VEC; v++) part[v] = values[v];
    } else {
      part[0] = *from;
    }
  } else {
    for (uint v = 0; v < VEC; v++) part[v] = row[min(n + v, N - 1)];
  }
}

template <uint VEC, typename T>
static inline void add_row(float a, thread const T (&part)[VEC], thread float (&sums)[VEC]) {
  for (uint v = 0; v < VEC; v++) sums[v] += a * float(part[v]);
}

// Slice s takes k from 32·s, 32·(s + SLICES), … : 32 at a time. `b` is the batch entry's B.
template <uint VEC, uint SLICES, Columns COLUMNS, typename T>
static void add_broadcast(device const T* a, device const T* b, uint N, uint K, uint n, uint slice, uint lane,
                          thread float (&sums)[VEC]) {
  for (uint first = slice * 32; first < K; first += SLICES * 32) {
    const float own = first + lane < K ? float(a[first + lane]) : 0.0f;
    const uint depth = min(32u, K - first);
    device const T* row = b + ulong(first) * N;
    uint k = 0;
    for (; k + UNROLL <= depth; k += UNROLL, row += ulong(UNROLL) * N) {
      T part[UNROLL][VEC];
      for (uint u = 0; u < UNROLL; u++) load_columns<VEC, COLUMNS>(row + ulong(u) * N, n, N, part[u]);
      for (uint u = 0; u < UNROLL; u++) add_row<VEC>(simd_broadcast(own, ushort(k + u)), part[u], sums);
    }
    for (; k < depth; k++, row += N) {
      T part[VEC];
      load_columns<VEC, COLUMNS>(row, n, N, part);
      add_row<VEC>(simd_broadcast(own, ushort(k)), part, sums);
    }
  }
}

// Slice s takes k = s, s + slices, … < depth of a row of A, wherever that lies, and the rows of B that begin at `b`.
template <uint VEC, Columns COLUMNS, typename RowOfA, typename T>
static void add_in_turn(RowOfA a, device const T* b, uint N, uint depth, uint n, uint slice, uint slices,
                        thread float (&sums)[VEC]) {
  uint k = slice;
  for (; k + (UNROLL - 1) * slices < depth; k += UNROLL * slices) {
    T part[UNROLL][VEC];
    for (uint u = 0; u < UNROLL; u++) load_columns<VEC, COLUMNS>(b + ulong(k + u * slices) * N, n, N, part[u]);
    for (uint u = 0; u < UNROLL; u++) add_row<VEC>(float(a[k + u * slices]), part[u], sums);
  }
  for (; k < depth; k += slices) {
    T part[VEC];
    load_columns<VEC, COLUMNS>(b + ulong(k) * N, n, N, part);
    add_row<VEC>(float(a[k]), part, sums);
  }
}

// Adds up the slices' sums of BN columns through threadgroup memory. A slice's floats lie by v, then by thread, so that
// the threads of a store touch neighbouring words; PAD moves the v apart, so that the threads that read neighbouring
// columns (VEC of a thread, then VEC of the next) touch 32 different banks.
template <uint BN, uint VEC, uint SLICES>
struct SliceReduction {
  static constant constexpr uint THREADS = BN / VEC;
  static constant constexpr uint PAD = VEC == 1 ? 0 : 32 / VEC;
  static constant constexpr uint FLOATS = VEC * (THREADS + PAD);

  static void store(thread const float (&sums)[VEC], threadgroup float* partial, uint slice, uint thread_of_slice) {
    for (uint v = 0; v < VEC; v++) partial[slice * FLOATS + v * (THREADS + PAD) + thread_of_slice] = sums[v];
  }

  static float total(threadgroup const float* partial, uint column) {
    const uint at = column % VEC * (THREADS + PAD) + column / VEC;
    float total = 0;
    for (uint slice = 0; slice < SLICES; slice++) total += partial[slice * FLOATS + at];
    return total;
  }
};
