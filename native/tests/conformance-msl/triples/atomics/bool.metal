// atomic_bool: load, store, exchange.
#include <metal_stdlib>
using namespace metal;

kernel void flags(device atomic_bool* flags [[buffer(0)]], device uint* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const bool old = atomic_exchange_explicit(&flags[i], i % 2 == 0, memory_order_relaxed);
  out[i] = (old ? 10 : 0) + (atomic_load_explicit(&flags[i], memory_order_relaxed) ? 1 : 0);
  if (i == 3) atomic_store_explicit(&flags[4], true, memory_order_relaxed);
}
