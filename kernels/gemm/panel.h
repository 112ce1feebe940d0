// Panels: BK steps of k of EXTENT rows of op(A), or of EXTENT columns of op(B), staged in threadgroup memory k by k.
//
//          EXTENT →                    what a thread multiplies at one k lies side by side, whichever way the operand
//        ┌──────────────────┬─┐        was handed over: reading a panel is the same code for all four layouts.
//     k  │                  │P│        P: 16 bytes beside each row. Lanes that run along k while they stage an operand
//     ↓  └──────────────────┴─┘        whose k is contiguous then write to different banks: 4 banks a k apart, 8 k.
//   Source of the padding: M. Harris, "An Efficient Matrix Transpose in CUDA C/C++", NVIDIA, 2013.
#pragma once
#include "operands.h"

template <typename T, ushort EXTENT, ushort BK>
struct Panel {
  static constexpr constant ushort PITCH = EXTENT + 16 / sizeof(T);
  static constexpr constant uint ELEMENTS = BK * PITCH;
};

// `operand` is op(A), or op(B) with rows and columns exchanged: its columns are k. Lanes run along what is contiguous in
// device memory. Outside the operand there are zeros.
template <typename T, ushort EXTENT, ushort BK, ushort THREADS>
void stage_panel(threadgroup T* panel, Operand<T> operand, uint first, uint k0, ushort thread_index) {
  static_assert(EXTENT * BK % THREADS == 0, "every thread stages as many elements");
  const bool is_whole = operand.holds_block(first, k0, EXTENT, BK);
  for (ushort i = 0; i < EXTENT * BK / THREADS; i++) {
    const ushort at = thread_index + i * THREADS;
    const ushort along = operand.is_transposed ? at % EXTENT : at / BK;
    const ushort k = operand.is_transposed ? at / EXTENT : at % BK;
    panel[k * Panel<T, EXTENT, BK>::PITCH + along] =
        is_whole ? operand.elements[operand.offset(first + along, k0 + k)] : operand.zero_outside(first + along, k0 + k);
  }
}
