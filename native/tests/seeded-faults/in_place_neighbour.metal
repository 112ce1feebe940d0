// Updating in place, while the neighbouring threadgroup still needs the old value.
// dispatch: grid=4 threads=32
// buffer 0: float 129 iota
// buffer 1: float 128 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device float* data [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const float next = data[i + 1];  // label: read
  simdgroup_barrier(mem_flags::mem_device);
  data[i] = next - data[i];  // expect: cross-threadgroup-race with read
  out[i] = next;
}

kernel void clean(device float* data [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  const float next = data[i + 1];
  simdgroup_barrier(mem_flags::mem_device);
  out[i] = next - data[i];
}
