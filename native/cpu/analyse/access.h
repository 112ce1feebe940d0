// The path of every access: what is checked and counted, in the order of what most accesses need.
#pragma once
#include <cstring>

#include "cpu/analyse/runner.h"

namespace klab::analyse {

inline void Runner::log(uint64_t entry) {
  if (!(options_.checks & KLAB_CHECK_COUNTERS)) return;
  *cursor_++ = entry;
  if (cursor_ == cursor_end_) [[unlikely]] wait_for_count();
}

template <bool is_write>
inline void Runner::check_race(Region& region, const Access& access) {
  Record with;
  if (region.shadow.visit<is_write>(order_[region.space == threadgroup_space], access, with)) [[unlikely]] tell_race(region, access, with, is_write);
}

inline void Runner::check_defined(Region& region, uint64_t offset, uint64_t bytes, uint32_t site) {
  uint32_t word = 0;
  if (bytes == sizeof word) std::memcpy(&word, &region.defined[offset], sizeof word);
  if (word != 0x01010101) check_bytes(region, offset, bytes, site);
}

template <bool is_write>
inline void* Runner::access(void* pointer, uint64_t bytes, uint32_t site, bool is_atomic) {
  const uint64_t where = reinterpret_cast<uintptr_t>(pointer) - base_, window = where >> window_bits_;
  if (window >= memory_.count()) [[unlikely]] return outside(pointer, bytes, site, is_write);
  Region& region = memory_.region(window);
  const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(region.data);
  if (offset > region.bytes || bytes > region.bytes - offset) [[unlikely]] return past_end(region, offset, bytes, site, is_write);
  if (is_write && region.is_write_rare) [[unlikely]] note_rare_write(region, {offset, bytes, site, thread_, is_atomic});
  if (region.shadow.is_on()) check_race<is_write>(region, {offset, bytes, site, thread_, is_atomic});
  if (!region.defined.empty()) {
    if (!is_write || facts_[site].is_read) check_defined(region, offset, bytes, site);
    if (is_write) std::memset(&region.defined[offset], 1, bytes);
  }
  if (facts_[site].bytes) log(LaneLog::entry(site, where));
  return pointer;
}

}  // namespace klab::analyse
