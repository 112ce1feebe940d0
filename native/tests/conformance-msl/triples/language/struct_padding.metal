// Structs in buffers are laid out with their padding, and arrays of them with their size.
#include <metal_stdlib>
using namespace metal;

struct Item { uchar tag; float value; ushort2 pair; float2 wide; };
kernel void check(device float* out [[buffer(0)]], device const Item* items [[buffer(1)]], uint i [[thread_position_in_grid]]) {
  out[i] = items[i].tag * 1000 + items[i].value + items[i].pair.y * 10 + items[i].wide.x;
}
