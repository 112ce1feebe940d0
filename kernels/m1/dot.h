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
//   K % 4 = 0: all rows are aligned. Otherwise each row of B begins somewhere else within a vector of 4, and A's somewhere
//   else again. Every load is aligned all the same: with a vector of A its neighbour is loaded, once for all COLUMNS, and each
//   row of B takes the four elements of the two that belong to its own vector (`straddling`):
//
//          A   │ a0 a1 a2 a3 │ a4 a5 a6 a7 │         two loads; the row begins `head` elements before the first
//          B 0 │ ▪  ▪  ▪  ▪  │                       shift 0
//          B 1    ▪  │ ▪  ▪  ▪  ▪ │                  shift 2: multiplied by a2 … a5
//
//   Such a step reads A twice, once as the neighbour; knobs and steps are those of aligned rows. What lies before a row's first
//   vector (up to 6 elements) and after its last (up to 7) is multiplied one by one.
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

// Elements shift … shift + 3 of two neighbouring vectors, shift < 4.
static inline half4 straddling(half4 low, half4 high, uint shift) {
  // Two shifts of `high`, since one by 64 bits is not defined.
  return as_type<half4>(as_type<ulong>(low) >> (16 * shift) | as_type<ulong>(high) << (48 - 16 * shift) << 16);
}

static inline float4 straddling(float4 low, float4 high, uint shift) {
  switch (shift) {
    case 0: return low;
    case 1: return float4(low.yzw, high.x);
    case 2: return float4(low.zw, high.xy);
    default: return float4(low.w, high.xyz);
  }
}

// A row of A in device memory, which begins at `first` of its buffer. Its vectors begin after `head` elements.
template <typename T>
struct DeviceRow {
  device const T* begin;
  uint head;

  DeviceRow(device const T* A, ulong first) : begin(A + first), head((4 - uint(first & 3)) & 3) {}

  T one(uint k) const { return begin[k]; }
  vec<T, 4> vector(uint at) const { return ((device const vec<T, 4>*)(begin + head))[at]; }
};

// A row of halves in threadgroup memory, put there by stage_row.
struct StagedRow {
  threadgroup const half4* begin;
  static constant constexpr uint head = 0;

  half one(uint k) const { return ((threadgroup const half*)begin)[k]; }
  half4 vector(uint at) const { return begin[at]; }
};

// Copies `depth` halves of A. All THREADS threads call it, barriers are the caller's.
template <uint THREADS>
static void stage_row(threadgroup half4* tile, device const half* a, uint depth, uint thread_index) {
  threadgroup half* halves = (threadgroup half*)tile;
  for (uint i = thread_index; i < depth; i += THREADS) halves[i] = a[i];
}

// COLUMNS rows of B, the first of which begins at `first` of its buffer. Those past `count` repeat the last one: the same
// addresses, no branch in the loops, and sums that the caller drops.
template <typename T, uint COLUMNS, bool IS_ALIGNED>
struct Rows {
  device const vec<T, 4>* row[COLUMNS];
  uint shift[COLUMNS];  // how many elements a row's vectors begin after those of A

  Rows(device const T* B, ulong first, uint stride, uint count, uint head) {
    for (uint c = 0; c < COLUMNS; c++) {
      const ulong begin = first + ulong(min(c, count - 1)) * stride + (IS_ALIGNED ? 0 : head);
      shift[c] = IS_ALIGNED ? 0 : (4 - uint(begin & 3)) & 3;
      row[c] = (device const vec<T, 4>*)(B + begin + shift[c]);
    }
  }
};

// What a worker holds of them in one step.
template <typename T, uint COLUMNS, uint LOADS, uint WORKERS, bool IS_ALIGNED>
struct RowParts {
  vec<T, 4> part[COLUMNS][LOADS];

  void load(thread const Rows<T, COLUMNS, IS_ALIGNED>& rows, uint at) {
    for (uint i = 0; i < LOADS; i++)
      for (uint c = 0; c < COLUMNS; c++) part[c][i] = rows.row[c][at + i * WORKERS];
  }

  template <typename RowOfA>
  void add_dots(RowOfA a, thread const Rows<T, COLUMNS, IS_ALIGNED>& rows, uint at, thread float (&sums)[COLUMNS]) const {
    for (uint i = 0; i < LOADS; i++) {
      const vec<T, 4> low = a.vector(at + i * WORKERS);
      if (IS_ALIGNED) {
        for (uint c = 0; c < COLUMNS; c++) sums[c] += dot4(low, part[c][i]);
      } else {
        const vec<T, 4> high = a.vector(at + i * WORKERS + 1);
        for (uint c = 0; c < COLUMNS; c++) sums[c] += dot4(straddling(low, high, rows.shift[c]), part[c][i]);
      }
    }
  }
};

template <uint COLUMNS, uint LOADS, uint WORKERS, bool PIPELINED, bool IS_ALIGNED, typename RowOfA, typename T>
static void add_vectors(RowOfA a, thread const Rows<T, COLUMNS, IS_ALIGNED>& rows, uint vectors, uint worker,
                        thread float (&sums)[COLUMNS]) {
  constexpr uint STEP = WORKERS * LOADS;
  const uint steps = vectors / STEP;
  uint at = worker;
  if (PIPELINED && steps > 0) {
    RowParts<T, COLUMNS, LOADS, WORKERS, IS_ALIGNED> now, next;
    now.load(rows, at);
    for (uint step = 1; step < steps; step++, at += STEP) {
      next.load(rows, at + STEP);
      now.add_dots(a, rows, at, sums);
      now = next;
    }
    now.add_dots(a, rows, at, sums);
    at += STEP;
  } else {
    for (uint step = 0; step < steps; step++, at += STEP) {
      RowParts<T, COLUMNS, LOADS, WORKERS, IS_ALIGNED> now;
      now.load(rows, at);
      now.add_dots(a, rows, at, sums);
    }
  }
  for (; at < vectors; at += WORKERS) {
    RowParts<T, COLUMNS, 1, WORKERS, IS_ALIGNED> rest;
    rest.load(rows, at);
    rest.add_dots(a, rows, at, sums);
  }
}

// The first `head` elements of a row and those from `tail` on, one by one.
template <uint WORKERS, typename RowOfA, typename T>
static float edge_dot(RowOfA a, device const T* row, uint head, uint tail, uint K, uint worker) {
  float sum = 0;
  for (uint i = worker; i < head + (K - tail); i += WORKERS) {
    const uint k = i < head ? i : i - head + tail;
    sum += float(a.one(k)) * float(row[k]);
  }
  return sum;
}

// Adds to sums[c] this worker's share of Σ_k a[k] · B[first + c·stride + k], k < depth, for `count` ≤ COLUMNS rows. A depth
// other than the whole row's is a multiple of 4 except in the last piece, so that the stride says whether all is aligned.
template <uint COLUMNS, uint LOADS, uint WORKERS, bool PIPELINED, typename RowOfA, typename T>
static void add_dots(RowOfA a, device const T* B, ulong first, uint stride, uint depth, uint count, uint worker,
                     thread float (&sums)[COLUMNS]) {
  if (stride % 4 == 0) {
    const Rows<T, COLUMNS, true> rows(B, first, stride, count, 0);
    add_vectors<COLUMNS, LOADS, WORKERS, PIPELINED>(a, rows, depth / 4, worker, sums);
    return;
  }
  const Rows<T, COLUMNS, false> rows(B, first, stride, count, a.head);
  // The last whole vector of A is a neighbour only.
  const uint whole = (max(depth, a.head) - a.head) / 4;
  const uint vectors = max(whole, 1u) - 1;
  add_vectors<COLUMNS, LOADS, WORKERS, PIPELINED>(a, rows, vectors, worker, sums);
  for (uint c = 0; c < COLUMNS; c++) {
    if (c >= count) continue;  // not break: the loop is unrolled, so that the sums stay in registers
    const uint head = min(a.head + rows.shift[c], depth);
    sums[c] += edge_dot<WORKERS>(a, B + first + ulong(c) * stride, head, head + 4 * vectors, depth, worker);
  }
}
