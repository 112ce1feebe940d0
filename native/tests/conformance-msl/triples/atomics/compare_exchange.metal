// A failed exchange reports what is there; a loop over it makes any operation atomic.
#include <metal_stdlib>
using namespace metal;

kernel void multiply(device atomic_uint* a [[buffer(0)]], device uint* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  uint old = atomic_load_explicit(&a[0], memory_order_relaxed);
  while (!atomic_compare_exchange_weak_explicit(&a[0], &old, old * 3, memory_order_relaxed, memory_order_relaxed)) {}
  if (i == 0) {
    uint expected = 7;
    const bool is_done = atomic_compare_exchange_weak_explicit(&a[1], &expected, 9u, memory_order_relaxed, memory_order_relaxed);
    out[0] = is_done, out[1] = expected;
    uint right = 42;
    while (!atomic_compare_exchange_weak_explicit(&a[1], &right, 9u, memory_order_relaxed, memory_order_relaxed)) {}
  }
}
