// The guard that keeps a load in bounds leaves the tile's edge unwritten; the product reads all of it.
// dispatch: grid=1 threads=16,16
// buffer 0: float 120 iota
// buffer 1: float 16 undefined
// bytes 2: uint 12
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& k [[buffer(2)]], uint2 t [[thread_position_in_threadgroup]]) {
  threadgroup float tile[16][16];
  if (t.x < k && t.y < 10) tile[t.y][t.x] = in[t.y * k + t.x];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float sum = 0;
  for (uint i = 0; i < 16; i++) sum += tile[t.x][i];  // expect: uninitialised
  if (t.y == 0) out[t.x] = sum;
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& k [[buffer(2)]], uint2 t [[thread_position_in_threadgroup]]) {
  threadgroup float tile[16][16];
  tile[t.y][t.x] = t.x < k && t.y < 10 ? in[t.y * k + t.x] : 0;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  float sum = 0;
  for (uint i = 0; i < 16; i++) sum += tile[t.x][i];
  if (t.y == 0) out[t.x] = sum;
}
