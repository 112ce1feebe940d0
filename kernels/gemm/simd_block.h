// Blocks of 8×8 between device memory and simdgroup matrices, whatever the layout and wherever the edges are.
//
//   whole block        simdgroup_load straight from device memory, transposed on the way where the operand is
//   cut by an edge     through `stage`, 64 elements of the simdgroup's own, with zeros outside
//   results            through `stage` as well: the matrix's elements lie in lanes as the hardware likes, and only
//                      memory says which is which; 8 lanes then finish a row
//   All 32 threads of the simdgroup call these together.
#pragma once
#include "operands.h"
#include <metal_simdgroup_matrix>

constant bool is_aligned_set [[function_constant(0)]];
// M, N and K are multiples of the tile and of 8: no block is cut, and the code for edges is not compiled.
constant bool is_aligned = is_function_constant_defined(is_aligned_set) ? is_aligned_set : false;

// How many blocks of 8 there are from `first` on, up to `most`: those beyond the edge are neither loaded nor multiplied.
static inline ushort blocks_inside(uint first, uint extent, ushort most) {
  if (is_aligned) return most;
  return first < extent ? ushort(min(uint(most), (extent - first + 7) / 8)) : 0;
}

template <typename T>
simdgroup_matrix<T, 8, 8> load_block(Operand<T> operand, uint row, uint column, threadgroup float* stage, ushort lane) {
  simdgroup_matrix<T, 8, 8> block;
  if (is_aligned || operand.holds_block(row, column, 8, 8)) {
    simdgroup_load(block, operand.elements + operand.offset(row, column), operand.pitch, ulong2(0), operand.is_transposed);
    return block;
  }
  threadgroup T* elements = (threadgroup T*)stage;
  simdgroup_barrier(mem_flags::mem_threadgroup);
  for (ushort i = lane; i < 64; i += 32) elements[i] = operand.zero_outside(row + i / 8, column + i % 8);
  simdgroup_barrier(mem_flags::mem_threadgroup);
  simdgroup_load(block, elements, 8);
  return block;
}

template <typename T>
void store_block(simdgroup_float8x8 block, Output<T> out, uint row, uint column, threadgroup float* stage, ushort lane) {
  simdgroup_barrier(mem_flags::mem_threadgroup);
  simdgroup_store(block, stage, 8);
  simdgroup_barrier(mem_flags::mem_threadgroup);
  for (ushort i = lane; i < 64; i += 32) {
    if (is_aligned || out.holds(row + i / 8, column + i % 8)) out.put(row + i / 8, column + i % 8, stage[i]);
  }
}
