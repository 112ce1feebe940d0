// ushort2 and ushort3 forms.
#include <metal_stdlib>
using namespace metal;

kernel void small(device ushort* out [[buffer(0)]], ushort3 in_grid [[thread_position_in_grid]], ushort2 in_group [[thread_position_in_threadgroup]],
                  ushort3 grid [[threads_per_grid]]) {
  const ushort at = (in_grid.z * grid.y + in_grid.y) * grid.x + in_grid.x;
  out[4 * at] = in_grid.x;
  out[4 * at + 1] = in_grid.y;
  out[4 * at + 2] = in_grid.z;
  out[4 * at + 3] = in_group.x * 100 + in_group.y;
}
