// What the GEMM kernels share: where an element of an operand lies, and how an output is finished.
//
//   C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b])   op(X) is X, or Xᵀ where X is handed over transposed
//
//   | function constant | set when                    | then                                                 |
//   |-------------------|-----------------------------|------------------------------------------------------|
//   | 1 transpose_a     | A is handed over as K×M     | neighbours in memory are neighbouring rows of op(A)  |
//   | 2 transpose_b     | B is handed over as N×K     | neighbours in memory are neighbouring k              |
//   | 100, 101, 102     | has_bias, has_c0, activation: see epilogue.h                                       |
//   Unset, each counts as false: a pipeline made without constants computes alpha · A · B.
#pragma once
#include "../epilogue.h"

constant bool transpose_a_set [[function_constant(1)]];
constant bool transpose_b_set [[function_constant(2)]];
constant bool transpose_a = is_function_constant_defined(transpose_a_set) ? transpose_a_set : false;
constant bool transpose_b = is_function_constant_defined(transpose_b_set) ? transpose_b_set : false;

// op(A) or op(B), rows×columns, in the layout it was handed over in: `pitch` elements lie between the starts of two rows
// of that layout.
template <typename T>
struct Operand {
  device const T* elements;
  uint rows, columns;
  uint pitch;
  bool is_transposed;

  ulong offset(uint row, uint column) const {
    return is_transposed ? ulong(column) * pitch + row : ulong(row) * pitch + column;
  }
  bool holds(uint row, uint column) const { return row < rows && column < columns; }
  bool holds_block(uint row, uint column, uint height, uint width) const {
    return row + height <= rows && column + width <= columns;
  }
  T zero_outside(uint row, uint column) const { return holds(row, column) ? elements[offset(row, column)] : T(0); }
  // The same matrix with rows and columns exchanged; nothing moves.
  Operand transposed() const { return {elements, columns, rows, pitch, !is_transposed}; }
};

// The operand of one batch entry, dense.
template <typename T>
Operand<T> dense_operand(device const T* elements, uint batch, uint rows, uint columns, bool is_transposed) {
  return {elements + ulong(batch) * rows * columns, rows, columns, is_transposed ? rows : columns, is_transposed};
}

// Where the results of one batch entry go, and what becomes of them on the way.
template <typename T>
struct Output {
  device T* elements;
  device const T* bias;
  uint rows, columns;
  uint pitch;
  float alpha, beta;

  bool holds(uint row, uint column) const { return row < rows && column < columns; }
  void put(uint row, uint column, float sum) const {
    store_output(elements, ulong(row) * pitch + column, bias, column, sum, alpha, beta);
  }
  // COUNT neighbours of a row, as many as are inside: four at once where a vector may lie.
  template <ushort COUNT>
  void put_row(uint row, uint column, thread const float* sums) const {
    if (COUNT == 4 && pitch % 4 == 0 && row < rows && column + 4 <= columns) {
      store_four(elements, ulong(row) * pitch + column, bias, column, float4(sums[0], sums[1], sums[2], sums[3]), alpha, beta);
    } else {
      for (ushort i = 0; i < COUNT; i++)
        if (holds(row, column + i)) put(row, column + i, sums[i]);
    }
  }
};

// The output of one batch entry, dense. One bias serves every entry; it is not touched unless has_bias.
template <typename T>
Output<T> dense_output(device T* elements, device const T* bias, uint batch, uint rows, uint columns, float alpha,
                       float beta) {
  return {elements + ulong(batch) * rows * columns, bias, rows, columns, columns, alpha, beta};
}
