// An include beside the file, which includes another by its own folder.
#include <metal_stdlib>
using namespace metal;

#include "parts/scale.h"
kernel void scaled(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = parts::scaled(i) + PARTS_OFFSET; }
