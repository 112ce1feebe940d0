// m1/operands.h: what every kernel for few rows is given, and which part of it a threadgroup looks at.
//
//   | index | argument                                |
//   |-------|-----------------------------------------|
//   | 0     | A: batch × M × K                        |
//   | 1     | B: batch × N × K, or batch × K × N      |
//   | 2     | C: batch × M × N                        |
//   | 3     | bias: N elements, where has_bias is set |
//   | 4     | M1Params                                |
//
//   Matrices are of half, or of float where an entry says so; dense and row-major. Their buffers begin at multiples of 4
//   elements. The threadgroup's y is the row, its z the entry of the batch. Extents are below 2^32, offsets have 64 bits.
#pragma once
#include "../epilogue.h"

struct M1Params {
  uint M, N, K;
  float alpha, beta;
};

// One row of A and C beside the B of its batch entry, each as an index of its buffer's first element.
struct M1Row {
  ulong a, b, c;

  M1Row(constant M1Params& p, uint3 group)
      : a((ulong(group.z) * p.M + group.y) * p.K), b(ulong(group.z) * p.N * p.K), c((ulong(group.z) * p.M + group.y) * p.N) {}
};
