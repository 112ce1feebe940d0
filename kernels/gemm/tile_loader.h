// A tile of an operand, from device memory through registers into threadgroup memory.
//
//   fetch    device → registers: nothing waits for it until the values are used, so that it can run beside arithmetic
//   commit   registers → threadgroup memory, as the tile lies in device memory, rows tile_pitch apart
//
//        columns (memory's own direction) →   ┌──────────────┬─┐   16 bytes beside each row: a row then begins 4 banks
//        lanes run along it, V elements each  │ tile         │ │   (of 32, 4 bytes each) after the one above, modulo 8.
//                                             └──────────────┴─┘   simdgroup_load of 8×8 halves meets every bank once.
//   Lanes that move vectors take the rows of a group of eight in the order 0 4 2 6 1 5 3 7 (row_of): rows of 64 bytes
//   would else meet in some banks and leave others. Lanes that move single elements go on from row to row, since
//   neighbouring rows share lines of device memory there.
//   What is left: floats that are not transposed take a second cycle in simdgroup_load, since 8 rows of 8 of them cannot
//   be apart by one stride and in different banks; and single floats, in rows of 16, meet in four banks.
//   Source of the padding: M. Harris, "An Efficient Matrix Transpose in CUDA C/C++", NVIDIA, 2013; of the way through
//   registers: V. Volkov and J. Demmel, "Benchmarking GPUs to tune dense linear algebra", 2008.
//
//   V = 4 elements a load where rows begin at multiples of 4 (is_vector), else one, and 4 loads. Outside there are zeros.
#pragma once
#include <metal_stdlib>
using namespace metal;

// Elements from one row of a tile to the next. Rows of an odd number of 16 bytes are apart by themselves.
template <typename T>
constexpr ushort tile_pitch(ushort columns) {
  return columns * sizeof(T) / 16 % 2 == 0 ? columns + 16 / sizeof(T) : columns;
}

template <typename T, ushort ROWS, ushort COLUMNS>
struct TileShape {
  static constexpr constant uint ELEMENTS = ROWS * tile_pitch<T>(COLUMNS);
};

// A tile of `ELEMENTS / columns` rows, a multiple of 8; `columns` is a constant of the pipeline.
template <typename T, ushort ELEMENTS, ushort THREADS>
struct TileLoader {
  static constexpr constant ushort V = 4;
  static constexpr constant ushort COUNT = (ELEMENTS + V * THREADS - 1) / (V * THREADS);
  static constexpr constant bool IS_EVEN = ELEMENTS % (V * THREADS) == 0;

  uint pitch;  // of the operand in device memory; times the rows of a tile below 2^32
  ushort columns;
  bool is_vector;
  vec<T, V> held[COUNT];

  // The row that the elements from `at` on are taken to: the three lowest bits of at / columns in the opposite order.
  ushort row_of(ushort at) const {
    const ushort row = at / columns;
    return (row & ~5) | (row & 1) << 2 | (row >> 2 & 1);
  }

  // `from` is the tile's first element; rows_left × columns_left of the operand begin there. With is_whole they are at
  // least the tile, and are not looked at.
  void fetch(device const T* from, uint rows_left, uint columns_left, bool is_whole, ushort thread_index) {
    for (ushort i = 0; i < COUNT; i++) {
      held[i] = vec<T, V>(T(0));
      if (is_vector) {
        const ushort at = (i * THREADS + thread_index) * V;
        if (!IS_EVEN && at >= ELEMENTS) continue;
        const ushort row = row_of(at), column = at % columns;
        if (is_whole || (row < rows_left && column + V <= columns_left)) {
          held[i] = *(device const vec<T, V>*)(from + row * pitch + column);
        } else if (row < rows_left) {
          for (ushort v = 0; v < V; v++)
            if (column + v < columns_left) held[i][v] = from[row * pitch + column + v];
        }
      } else {
        for (ushort v = 0; v < V; v++) {
          const ushort at = (i * V + v) * THREADS + thread_index;
          if (!IS_EVEN && at >= ELEMENTS) continue;
          const ushort row = at / columns, column = at % columns;
          if (is_whole || (row < rows_left && column < columns_left)) held[i][v] = from[row * pitch + column];
        }
      }
    }
  }

  void commit(threadgroup T* tile, ushort thread_index) const {
    for (ushort i = 0; i < COUNT; i++) {
      if (is_vector) {
        const ushort at = (i * THREADS + thread_index) * V;
        if (!IS_EVEN && at >= ELEMENTS) continue;
        *(threadgroup vec<T, V>*)(tile + row_of(at) * tile_pitch<T>(columns) + at % columns) = held[i];
      } else {
        for (ushort v = 0; v < V; v++) {
          const ushort at = (i * V + v) * THREADS + thread_index;
          if (!IS_EVEN && at >= ELEMENTS) continue;
          tile[at / columns * tile_pitch<T>(columns) + at % columns] = held[i][v];
        }
      }
    }
  }
};
