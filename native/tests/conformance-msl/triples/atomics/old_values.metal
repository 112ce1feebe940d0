// Each increment gets a number that no other gets: the numbers, marked, are all there.
#include <metal_stdlib>
using namespace metal;

kernel void tickets(device atomic_uint* counter [[buffer(0)]], device uint* marks [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const uint mine = atomic_fetch_add_explicit(counter, 1u, memory_order_relaxed);
  marks[mine] += 1;
}
