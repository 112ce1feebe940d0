// xor and plain shuffles take the lane from each thread; the others need one delta for all.
#include <metal_stdlib>
using namespace metal;

kernel void vary(device uint* out [[buffer(0)]], device const ushort* lanes [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  out[i] = simd_shuffle(i * i, lanes[i]);
  uint sum = 0;
  for (ushort delta = 16; delta > 0; delta /= 2) sum += simd_shuffle_xor(i + sum, delta);
  out[n + i] = sum;
}
