// The part of a threadgroup's tile that one simdgroup adds up: TM×TN matrices of 8×8, sums in float.
//
//        TN matrices side by side            simdgroup (m, n) of WM×WN has rows m, m + WM, … of matrices, so that a tile
//      ┌────┬────┐                           cut by the lower edge leaves work for all, and columns n·TN … n·TN + TN − 1,
//      │ 00 │ 01 │ row of matrices m         so that what it writes of a row of C lies together.
//      └────┴────┘
//        … WM − 1 rows of the others         Matrices outside C are neither multiplied nor written.
//      ┌────┬────┐
//      │ 10 │ 11 │ m + WM
//      └────┴────┘
#pragma once
#include "operands.h"
#include <metal_simdgroup_matrix>

template <typename T, ushort TM, ushort TN, ushort WM>
struct TileProduct {
  simdgroup_float8x8 sums[TM][TN];
  ushort first_row, first_column;   // of the simdgroup's first matrix, within the tile
  ushort rows_inside, columns_inside;  // how many of its matrices' rows and columns are in C

  // `height` and `width`: how far C goes on from the tile's corner.
  void begin(ushort simdgroup, uint height, uint width) {
    first_row = simdgroup % WM * 8;
    first_column = simdgroup / WM * TN * 8;
    rows_inside = first_row < height ? ushort(min(uint(TM), (height - first_row + 8 * WM - 1) / (8 * WM))) : 0;
    columns_inside = first_column < width ? ushort(min(uint(TN), (width - first_column + 7) / 8)) : 0;
    for (ushort i = 0; i < TM; i++)
      for (ushort j = 0; j < TN; j++) sums[i][j] = make_filled_simdgroup_matrix<float, 8, 8>(0.0f);
  }

  // Adds the product of two tiles in threadgroup memory, DEPTH steps of k. Each lies as its operand does in device memory.
  template <ushort DEPTH>
  void add(threadgroup const T* a_tile, ushort a_pitch, threadgroup const T* b_tile, ushort b_pitch) {
    for (ushort k = 0; k < DEPTH; k += 8) {
      simdgroup_matrix<T, 8, 8> a[TM], b[TN];
      for (ushort i = 0; i < TM; i++) {
        const ushort row = first_row + i * 8 * WM;
        if (i < rows_inside)
          simdgroup_load(a[i], a_tile + (transpose_a ? k * a_pitch + row : row * a_pitch + k), a_pitch, ulong2(0), transpose_a);
      }
      for (ushort j = 0; j < TN; j++) {
        const ushort column = first_column + j * 8;
        if (j < columns_inside)
          simdgroup_load(b[j], b_tile + (transpose_b ? column * b_pitch + k : k * b_pitch + column), b_pitch, ulong2(0), transpose_b);
      }
      multiply(a, b);
    }
  }

  // The same of tiles that are DEPTH blocks of 8×8 deep, each block in one piece (block_copy.h); B's is `width` blocks wide.
  template <ushort DEPTH>
  void add_blocks(threadgroup const T* a_tile, threadgroup const T* b_tile, ushort width) {
    for (ushort k = 0; k < DEPTH; k++) {
      simdgroup_matrix<T, 8, 8> a[TM], b[TN];
      for (ushort i = 0; i < TM; i++)
        if (i < rows_inside) simdgroup_load(a[i], a_tile + 64 * ((first_row / 8 + i * WM) * DEPTH + k), 8);
      for (ushort j = 0; j < TN; j++)
        if (j < columns_inside) simdgroup_load(b[j], b_tile + 64 * (k * width + first_column / 8 + j), 8);
      multiply(a, b);
    }
  }

  void multiply(thread const simdgroup_matrix<T, 8, 8> (&a)[TM], thread const simdgroup_matrix<T, 8, 8> (&b)[TN]) {
    for (ushort i = 0; i < TM; i++)
      for (ushort j = 0; j < TN; j++)
        if (i < rows_inside && j < columns_inside) simdgroup_multiply_accumulate(sums[i][j], a[i], b[j], sums[i][j]);
  }

  // Elements of threadgroup memory that write() needs for each simdgroup: 8 rows of TN matrices, 16 bytes apart.
  static_assert(TN == 1 || TN == 2 || TN == 4, "lanes share rows of 8, 16 or 32 floats");
  static constexpr constant ushort STAGE_PITCH = 8 * TN + 4;
  static constexpr constant uint STAGE = 8 * STAGE_PITCH;

  // A row of matrices at a time through `stage`, the simdgroup's own: lanes then run along rows of C, rows 2·TN apart, so
  // that those of one read are in different banks. A store of 8×8 floats takes two cycles for each half, however it lies.
  void write(Output<T> out, uint row0, uint column0, threadgroup float* stage, ushort lane) const {
    for (ushort i = 0; i < TM; i++) {
      if (i >= rows_inside) continue;
      simdgroup_barrier(mem_flags::mem_threadgroup);
      for (ushort j = 0; j < TN; j++)
        if (j < columns_inside) simdgroup_store(sums[i][j], stage + 8 * j, STAGE_PITCH);
      simdgroup_barrier(mem_flags::mem_threadgroup);
      for (ushort pass = 0; pass < 2 * TN; pass++) {
        const ushort r = lane / (8 * TN) * (2 * TN) + pass, c = lane % (8 * TN);
        const uint row = row0 + first_row + i * 8 * WM + r, column = column0 + first_column + c;
        if (out.holds(row, column)) out.put(row, column, stage[r * STAGE_PITCH + c]);
      }
    }
  }
};
