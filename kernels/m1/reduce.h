// m1/reduce.h: adds up what workers hold of the same outputs, and says which lane ends up with which.
//
//   lane_sum<LANES>   within LANES neighbouring lanes (a power of two); every lane of them gets the sum
//   fold_columns      COLUMNS sums of all 32 lanes at once: half of the lanes keep half of the columns in each step, so
//                     that COLUMNS = 16 take 16 shuffles instead of 80
//
//        lanes   0        15 16       31        step 1: lanes 0–15 keep columns 0–7, lanes 16–31 keep 8–15
//        sums   c0 … c15    c0 … c15            step 2: quarters keep 4 columns, …
//                                               lane ends with the whole sum of column lane / (32 / COLUMNS)
//
//   ColumnReduction   stage two: the sums of a threadgroup's simdgroups, through COLUMNS · SIMDGROUPS floats of
//                     threadgroup memory; neighbouring lanes touch neighbouring words, so no bank conflicts. Stage one is
//                     simd_sum for up to 4 columns, folding for more
//   Source of the folding: the recursive halving of Rabenseifner, "Optimization of Collective Reduction Operations",
//   ICCS 2004, with lanes for processes.
#pragma once
#include <metal_stdlib>
using namespace metal;

template <uint LANES>
static inline float lane_sum(float value) {
  if (LANES == 32) return simd_sum(value);
  for (ushort distance = LANES / 2; distance > 0; distance /= 2) value += simd_shuffle_xor(value, distance);
  return value;
}

// The element of a private array at a place that depends on the lane: an index would push the array out of registers.
template <uint COUNT>
static inline float select_of(thread const float (&values)[COUNT], uint at) {
  float value = values[0];
  for (uint i = 1; i < COUNT; i++) value = at == i ? values[i] : value;
  return value;
}

template <uint COLUMNS>
static inline float fold_columns(thread float (&sums)[COLUMNS], ushort lane) {
  static_assert(COLUMNS > 0 && COLUMNS <= 32 && (COLUMNS & (COLUMNS - 1)) == 0, "a power of two up to 32");
  ushort distance = 16;
  for (uint kept = COLUMNS / 2; kept > 0; kept /= 2, distance /= 2) {
    const bool is_upper = (lane & distance) != 0;
    for (uint c = 0; c < kept; c++) {
      const float own = is_upper ? sums[c + kept] : sums[c];
      const float given = is_upper ? sums[c] : sums[c + kept];
      sums[c] = own + simd_shuffle_xor(given, distance);
    }
  }
  float sum = sums[0];
  for (; distance > 0; distance /= 2) sum += simd_shuffle_xor(sum, distance);
  return sum;
}

// Every thread calls `total`; thread c of the threadgroup gets column c, for c < COLUMNS. The others get nothing of use.
template <uint COLUMNS, uint SIMDGROUPS>
struct ColumnReduction {
  static_assert(COLUMNS <= 32, "the lanes of one simdgroup hold the columns");

  static void store(thread float (&sums)[COLUMNS], threadgroup float* partial, ushort lane) {
    if (COLUMNS <= 4) {
      for (uint c = 0; c < COLUMNS; c++) sums[c] = simd_sum(sums[c]);
      if (lane < COLUMNS) partial[lane] = select_of<COLUMNS>(sums, lane);
    } else {
      constexpr ushort LANES_A_COLUMN = 32 / COLUMNS;
      const float sum = fold_columns<COLUMNS>(sums, lane);
      if (lane % LANES_A_COLUMN == 0) partial[lane / LANES_A_COLUMN] = sum;
    }
  }

  static float total(thread float (&sums)[COLUMNS], threadgroup float* partial, uint simdgroup, ushort lane) {
    store(sums, partial + simdgroup * COLUMNS, lane);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    const uint thread_index = simdgroup * 32 + lane;
    float total = 0;
    if (thread_index < COLUMNS)
      for (uint s = 0; s < SIMDGROUPS; s++) total += partial[s * COLUMNS + thread_index];
    return total;
  }
};
