// m1/dot.h: dot products of a row of A with rows of B, shared out among workers along K. For B as N×K.
//
//        one step of a row of B: WORKERS · LOADS vectors of 4 elements
//        ┌────────────┬────────────┬─
//        │ load 0     │ load 1     │      worker w takes vector w of each load: an access of a simdgroup is
//        │ w0 w1 … wW │ w0 w1 … wW │      256 contiguous bytes of halves, two whole 128-byte lines
//        └────────────┴────────────┴─
//
//   | knob      | unit             | why                                                                        |
//   |-----------|------------------|----------------------------------------------------------------------------|
//   | COLUMNS   | rows of B        | each piece of A is loaded once for all of them; their sums are independent  |
//   | LOADS     | vectors a step   | 1, 2 or 4: unrolls by 4, 8 or 16 elements, all loads before the first use   |
//   | WORKERS   | threads          | a part of a simdgroup, a simdgroup, or a threadgroup that shares a row      |
//   | PIPELINED | bool             | loads the next step's B before this step's is used                         |
//
//   K % 4 = 0: all rows are aligned. Otherwise each row of B begins somewhere else within a vector of 4: up to 3 elements of
//   head, then aligned vectors, then up to 3 of tail. A does not begin where that row does: in device memory its four
//   elements are read one by one (it is small and stays in the cache); in threadgroup memory that would be lanes 8 bytes
//   apart, two to a bank, so the halves are picked out of two neighbouring aligned vectors.
//   Source of the layout of lanes: Bell and Garland, "Efficient Sparse Matrix-Vector Multiplication on CUDA" (the vector
//   kernel), NVIDIA NVR-2008-004; of the loads before the uses: Volkov, "Better Performance at Lower Occupancy", GTC 2010.
#pragma once
#include <metal_stdlib>
using namespace metal;

static inline float dot4(half4 a, half4 b) {
  return dot(float4(a), float4(b));
}

static inline float dot4(float4 a, float4 b) {
  return dot(a, b);
}

// A row of A in device memory. `four` is the elements head + 4·at …, head < 4, that belong to an aligned vector of B.
template <typename T>
struct DeviceRow {
  device const T* begin;

  T one(uint k) const { return begin[k]; }
  vec<T, 4> vector(uint at) const { return ((device const vec<T, 4>*)begin)[at]; }
  vec<T, 4> four(uint head, uint at) const {
    const uint k = head + 4 * at;
    return vec<T, 4>(begin[k], begin[k + 1], begin[k + 2], begin[k + 3]);
  }
};

// A row of halves in threadgroup memory, put there by stage_row: a last vector that is not full is read, its rest not used.
struct StagedRow {
  threadgroup const half4* begin;

  half one(uint k) const { return ((threadgroup const half*)begin)[k]; }
  half4 vector(uint at) const { return begin[at]; }
  half4 four(uint head, uint at) const {
    const ulong low = as_type<ulong>(begin[at]);
    const ulong high = as_type<ulong>(begin[at + min(head, 1u)]);
    // Two shifts, since one by 64 bits is not defined.
    return as_type<half4>(low >> (16 * head) | high << (48 - 16 * head) << 16);
  }
};

// Copies `depth` halves of A, and zeros up to a whole vector. All THREADS threads call it, barriers are the caller's.
template <uint THREADS>
static void stage_row(threadgroup half4* tile, device const half* a, uint depth, uint thread_index) {
  threadgroup half* halves = (threadgroup half*)tile;
  for (uint i = thread_index; i < (depth + 3) / 4 * 4; i += THREADS) halves[i] = i < depth ? a[i] : half(0);
}

// COLUMNS aligned rows of B. The rows past `count` repeat the last one: the same addresses, no branch in the loops, and
// sums that the caller drops.
template <typename T, uint COLUMNS>
struct AlignedRows {
  device const vec<T, 4>* row[COLUMNS];

  AlignedRows(device const T* first, uint stride, uint count) {
    for (uint c = 0; c < COLUMNS; c++) row[c] = (device const vec<T, 4>*)(first + ulong(min(c, count - 1)) * stride);
  }
};

// What a worker holds of them in one step.
template <typename T, uint COLUMNS, uint LOADS, uint WORKERS>
struct RowParts {
  vec<T, 4> part[COLUMNS][LOADS];

  void load(thread const AlignedRows<T, COLUMNS>& rows, uint at) {
    for (uint i = 0; i < LOADS; i++)
      for (uint c = 0; c < COLUMNS; c++) part[c][i] = rows.row[c][at + i * WORKERS];
  }

  template <typename RowOfA>
  void add_dots(RowOfA a, uint at, thread float (&sums)[COLUMNS]) const {
    for (uint i = 0; i < LOADS; i++) {
      const vec<T, 4> part_of_a = a.vector(at + i * WORKERS);
      for (uint c = 0; c < COLUMNS; c++) sums[c] += dot4(part_of_a, part[c][i]);
    }
  }
};

// K % 4 = 0.
template <uint COLUMNS, uint LOADS, uint WORKERS, bool PIPELINED, typename RowOfA, typename T>
static void add_aligned_dots(RowOfA a, thread const AlignedRows<T, COLUMNS>& rows, uint vectors, uint worker,
                             thread float (&sums)[COLUMNS]) {
  constexpr uint STEP = WORKERS * LOADS;
  const uint steps = vectors / STEP;
  uint at = worker;
  if (PIPELINED && steps > 0) {
    RowParts<T, COLUMNS, LOADS, WORKERS> now, next;
    now.load(rows, at);
    for (uint step = 1; step < steps; step++, at += STEP) {
      next.load(rows, at + STEP);
      now.add_dots(a, at, sums);
      now = next;
    }
    now.add_dots(a, at, sums);
    at += STEP;
  } else {
    for (uint step = 0; step < steps; step++, at += STEP) {
      RowParts<T, COLUMNS, LOADS, WORKERS> now;
      now.load(rows, at);
      now.add_dots(a, at, sums);
    }
  }
  for (; at < vectors; at += WORKERS)
    for (uint c = 0; c < COLUMNS; c++) sums[c] += dot4(a.vector(at), rows.row[c][at]);
}

// Any K. `misalignment` is where the row begins within a vector of 4.
template <uint WORKERS, typename RowOfA, typename T>
static float ragged_dot(RowOfA a, device const T* row, uint misalignment, uint K, uint worker) {
  static_assert(WORKERS >= 3, "a head or a tail of 3 needs as many workers");
  const uint head = min((4 - misalignment) & 3, K);
  const uint vectors = (K - head) / 4;
  const uint tail = head + 4 * vectors;
  float sum = 0;
  if (worker < head) sum = float(a.one(worker)) * float(row[worker]);
  if (worker < K - tail) sum += float(a.one(tail + worker)) * float(row[tail + worker]);
  for (uint at = worker; at < vectors; at += WORKERS) {
    sum += dot4(a.four(head, at), *(device const vec<T, 4>*)(row + head + 4 * at));
  }
  return sum;
}

// Adds to sums[c] this worker's share of Σ_k a[k] · B[first + c·stride + k], k < depth, for `count` ≤ COLUMNS rows. A depth
// other than the whole row's is a multiple of 4 except in the last piece, so that the stride says whether all is aligned.
template <uint COLUMNS, uint LOADS, uint WORKERS, bool PIPELINED, typename RowOfA, typename T>
static void add_dots(RowOfA a, device const T* B, ulong first, uint stride, uint depth, uint count, uint worker,
                     thread float (&sums)[COLUMNS]) {
  if (stride % 4 == 0) {
    const AlignedRows<T, COLUMNS> rows(B + first, stride, count);
    add_aligned_dots<COLUMNS, LOADS, WORKERS, PIPELINED>(a, rows, depth / 4, worker, sums);
  } else {
    for (uint c = 0; c < COLUMNS && c < count; c++) {
      const ulong begin = first + ulong(c) * stride;
      sums[c] += ragged_dot<WORKERS>(a, B + begin, uint(begin & 3), depth, worker);
    }
  }
}
