// In a template every instantiation has an array of its own size.
#include <metal_stdlib>
using namespace metal;

template <typename T, int N>
[[kernel]] void rotate_by(device T* out [[buffer(0)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup T shared[N];
  if (t < N) shared[t] = T(t);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (t < N) out[t] = shared[(t + 1) % N];
}
template [[host_name("rotate_float_5")]] [[kernel]] void rotate_by<float, 5>(device float*, uint);
template [[host_name("rotate_int_3")]] [[kernel]] void rotate_by<int, 3>(device int*, uint);
