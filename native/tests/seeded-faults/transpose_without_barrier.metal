// A transposed tile is read back before the others wrote their part.
// dispatch: grid=2,2 threads=16,16
// buffer 0: float 1024 iota
// buffer 1: float 1024 undefined
#include <metal_stdlib>
using namespace metal;

kernel void fault(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint2 t [[thread_position_in_threadgroup]], uint2 g [[threadgroup_position_in_grid]]) {
  threadgroup float tile[16][17];
  tile[t.y][t.x] = in[(g.y * 16 + t.y) * 32 + g.x * 16 + t.x];  // label: store
  out[(g.x * 16 + t.y) * 32 + g.y * 16 + t.x] = tile[t.x][t.y];  // expect: race with store
}

kernel void clean(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint2 t [[thread_position_in_threadgroup]], uint2 g [[threadgroup_position_in_grid]]) {
  threadgroup float tile[16][17];
  tile[t.y][t.x] = in[(g.y * 16 + t.y) * 32 + g.x * 16 + t.x];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  out[(g.x * 16 + t.y) * 32 + g.y * 16 + t.x] = tile[t.x][t.y];
}
