// A struct with arrays in it, and a scalar set by one thread.
#include <metal_stdlib>
using namespace metal;

struct Shared { float4 rows[4]; uint count; };
kernel void gather(device float4* out [[buffer(0)]], device uint* count [[buffer(1)]], uint t [[thread_index_in_threadgroup]]) {
  threadgroup Shared shared;
  if (t == 0) shared.count = 3;
  shared.rows[t] = float4(t, t + 1, t + 2, t + 3);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[t] = shared.rows[3 - t] * float(shared.count);
  if (t == 3) *count = shared.count;
}
