// atomic<T> is the type behind atomic_uint and its like, also in a struct.
#include <metal_stdlib>
using namespace metal;

struct Totals { atomic<uint> count; atomic<int> sum; };
kernel void totals(device Totals& out [[buffer(0)]], uint i [[thread_position_in_grid]]) {
  atomic_fetch_add_explicit(&out.count, 1u, memory_order_relaxed);
  atomic_fetch_add_explicit(&out.sum, -int(i), memory_order_relaxed);
}
