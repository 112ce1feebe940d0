// Kernels that are wrong on purpose, each in one way, so that the tests can see the lab refuse them. Never benched as
// anything but `wrong`. Signature of m1_dot_product: 0 A, 1 B, 2 C, 3 M, 4 N, 5 K; one thread per output.
#include <metal_stdlib>
using namespace metal;

static float dot_row(device const half* A, device const half* B, uint n, uint K, uint end) {
  float sum = 0;
  for (uint k = 0; k < end; k++) sum += float(A[k]) * float(B[ulong(n) * K + k]);
  return sum;
}

// Leaves out the last term of every sum.
kernel void m1_wrong_last_k(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                            device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                            constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  if (n < N) C[n] = half(dot_row(A, B, n, K, K - 1));
}

// Never writes the last output.
kernel void m1_wrong_last_n(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                            device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                            constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  if (n + 1 < N) C[n] = half(dot_row(A, B, n, K, K));
}

// Writes nothing at all: the fastest kernel there is.
kernel void m1_wrong_no_write(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                              device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                              constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  if (n >= 0x7fffffffu) C[n] = 0;
}

// Adds up in half: passes a loose tolerance, not the derived bound.
kernel void m1_wrong_half_sum(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                              device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                              constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  if (n >= N) return;
  half sum = 0;
  for (uint k = 0; k < K; k++) sum += A[k] * B[ulong(n) * K + k];
  C[n] = sum;
}

// Writes one element past the end of C: right answers, broken guard band.
kernel void m1_wrong_one_past(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                              device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                              constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  if (n < N) C[n] = half(dot_row(A, B, n, K, K));
  if (n == 0) C[N] = 0;
}

// Writes far outside every buffer.
kernel void m1_wrong_far_write(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                               device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                               constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  if (n < N) C[n] = half(dot_row(A, B, n, K, K));
  if (n == 0) C[ulong(N) + (1ul << 28)] = 1;
}

// Never ends.
kernel void m1_wrong_endless(device const half* A [[buffer(0)]], device const half* B [[buffer(1)]],
                             device half* C [[buffer(2)]], constant uint& M [[buffer(3)]], constant uint& N [[buffer(4)]],
                             constant uint& K [[buffer(5)]], uint n [[thread_position_in_grid]]) {
  volatile device half* flag = C;
  while (n < N) flag[n] = flag[n] + half(1);
}
