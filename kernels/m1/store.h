// m1/store.h: the end of a simdgroup that holds COLUMNS sums in every lane: adds the lanes up, finishes the outputs.
#pragma once
#include "operands.h"
#include "reduce.h"

// Lane c finishes output n + c of the row that begins at `row_of_c`; of `count` ≤ COLUMNS outputs.
template <uint COLUMNS, typename T>
static void store_columns(thread float (&sums)[COLUMNS], device T* C, device const T* bias, ulong row_of_c, uint n,
                          uint count, constant M1Params& p, uint lane) {
  for (uint c = 0; c < COLUMNS; c++) sums[c] = simd_sum(sums[c]);
  if (lane < count)
    store_output(C, row_of_c + n + lane, bias, n + lane, select_of<COLUMNS>(sums, lane), p.alpha, p.beta);
}
