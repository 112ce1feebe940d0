// Counts and reversals of bits; of zero, as many as the type has.
#include <metal_stdlib>
using namespace metal;

kernel void check(device ulong* out [[buffer(0)]], device const ulong* as [[buffer(1)]], device const ulong* bs [[buffer(2)]], device const ulong* cs [[buffer(3)]],
                  uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {
  const ulong a = as[i], b = bs[i], c = cs[i];
  out[0 * n + i] = clz(a);
  out[1 * n + i] = ctz(a);
  out[2 * n + i] = popcount(a);
  out[3 * n + i] = reverse_bits(a);
}
