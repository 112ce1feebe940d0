// Apple's built-in copies between device and threadgroup memory, which sources declare by themselves. One lane copies
// for its simdgroup at once, and waiting is meeting.
#pragma once
#include "apple_builtins.h"

namespace klab_msl {
struct AsyncEvent {
  template <class T> KLAB_MSL_FN operator T*() const { return nullptr; }
};
struct UnknownEvent;
}  // namespace klab_msl
using __metal_simdgroup_event_t = klab_msl::UnknownEvent*;

KLAB_MSL_SIMT klab_msl::AsyncEvent __metal_simdgroup_async_copy_1d(ulong element_bytes, ulong, void* to, const void* from, ulong count) {
  if (metal::simd_is_first()) __builtin_memcpy(to, from, element_bytes * count);
  return {};
}
// Tiles of (columns, rows). What the destination has beyond the source is zero, or the source's edge with clamp 1.
KLAB_MSL_SIMT klab_msl::AsyncEvent __metal_simdgroup_async_copy_2d(ulong element_bytes, ulong, void* to, ulong to_row, ulong, metal::ulong2 to_tile, const void* from, ulong from_row, ulong,
                                                                  metal::ulong2 from_tile, metal::long2, int clamp) {
  if (!metal::simd_is_first()) return {};
  for (ulong y = 0; y < to_tile.y; y++) {
    for (ulong x = 0; x < to_tile.x; x++) {
      char* element = static_cast<char*>(to) + (y * to_row + x) * element_bytes;
      const bool is_inside = x < from_tile.x && y < from_tile.y;
      const ulong column = x < from_tile.x ? x : from_tile.x - 1, row = y < from_tile.y ? y : from_tile.y - 1;
      if (is_inside || (clamp && from_tile.x && from_tile.y)) __builtin_memcpy(element, static_cast<const char*>(from) + (row * from_row + column) * element_bytes, element_bytes);
      else __builtin_memset(element, 0, element_bytes);
    }
  }
  return {};
}
template <class Event> KLAB_MSL_SIMT void __metal_wait_simdgroup_events(int, Event**) {
  metal::simdgroup_barrier(metal::mem_flags::mem_threadgroup | metal::mem_flags::mem_device);
}
