// Blocks of 8×8 from device memory to threadgroup memory by way of simdgroup matrices: a simdgroup copies 64 elements
// with one load and one store, and what it has loaded may wait in registers while it works on something else.
//
//   op(X)  ┌────┬────┬────┐         tile   ┌────────────────┬────────────────┬──     block b = row · COLUMNS + column,
//          │ 00 │ 01 │ 02 │    →           │ 00, 64 elements│ 01, 64 elements│ …      its 8 rows one after the other
//          ├────┼────┼────┤                └────────────────┴────────────────┴──
//
//   A block of halves is 128 bytes, one word in every bank: simdgroup_load meets no conflict, and no padding is needed. A
//   block of floats has two words in every bank, and takes two cycles however it lies.
//   The layout ends here: a transposed operand is transposed by the load, and tiles are all alike.
#pragma once
#include "operands.h"
#include <metal_simdgroup_matrix>

// ROWS×COLUMNS blocks, shared out among SIMDGROUPS.
template <typename T, ushort ROWS, ushort COLUMNS, ushort SIMDGROUPS>
struct BlockCopy {
  static constexpr constant uint ELEMENTS = 64 * ROWS * COLUMNS;
  static constexpr constant ushort COUNT = ROWS * COLUMNS / SIMDGROUPS;
  static_assert(ROWS * COLUMNS % SIMDGROUPS == 0, "every simdgroup copies as many blocks");

  simdgroup_matrix<T, 8, 8> held[COUNT];

  // (row, column): the tile's first element in the operand.
  void fetch(Operand<T> operand, uint row, uint column, ushort simdgroup) {
    for (ushort i = 0; i < COUNT; i++) {
      const ushort block = i * SIMDGROUPS + simdgroup;
      const uint r = row + block / COLUMNS * 8, c = column + block % COLUMNS * 8;
      if (operand.holds_block(r, c, 8, 8))
        simdgroup_load(held[i], operand.elements + operand.offset(r, c), operand.pitch, ulong2(0), operand.is_transposed);
    }
  }

  // Blocks that an edge cuts were not held: they are copied now, element by element, with zeros outside.
  void commit(threadgroup T* tile, Operand<T> operand, uint row, uint column, ushort simdgroup, ushort lane) const {
    for (ushort i = 0; i < COUNT; i++) {
      const ushort block = i * SIMDGROUPS + simdgroup;
      const uint r = row + block / COLUMNS * 8, c = column + block % COLUMNS * 8;
      if (operand.holds_block(r, c, 8, 8)) {
        simdgroup_store(held[i], tile + 64 * block, 8);
      } else {
        for (ushort e = lane; e < 64; e += 32) tile[64 * block + e] = operand.zero_outside(r + e / 8, c + e % 8);
      }
    }
  }
};
