// load, store and exchange, in one thread each.
#include <metal_stdlib>
using namespace metal;

kernel void move(device atomic_uint* a [[buffer(0)]], device uint* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  atomic_store_explicit(&a[i], i + 10, memory_order_relaxed);
  const uint old = atomic_exchange_explicit(&a[i], i * 100, memory_order_relaxed);
  out[i] = old + atomic_load_explicit(&a[i], memory_order_relaxed);
}
