// The path of every access: what is checked and counted, in the order of what most accesses need.
#pragma once
#include <cstring>

#include "cpu/analyse/runner.h"

namespace klab::analyse {

inline void* Runner::log(uint64_t entry, void* pointer) {
  leave_if_cancelled();
  if (!(options_.checks & KLAB_CHECK_COUNTERS)) return pointer;
  *cursor_++ = entry;
  return cursor_ == cursor_end_ ? wait_for_count(pointer) : pointer;
}

template <bool is_write>
inline void Runner::check_race(Region& region, const Access& access) {
  Record with;
  if (region.shadow.visit<is_write>(order_[region.space == threadgroup_space], access, with)) [[unlikely]] tell_race(region, access, with, is_write);
}

inline bool Runner::is_word_defined(const Region& region, uint64_t offset, uint64_t bytes) {
  uint32_t word = 0;
  if (bytes == sizeof word) std::memcpy(&word, &region.defined[offset], sizeof word);
  return word == 0x01010101;
}

template <bool is_write>
[[gnu::noinline]] void* Runner::access(void* pointer, uint64_t bytes, uint32_t site, bool is_atomic) {
  leave_if_cancelled();
  const uint64_t where = reinterpret_cast<uintptr_t>(pointer) - base_, window = where >> window_bits_;
  if (window >= memory_.count()) [[unlikely]] return outside(pointer, bytes, site, is_write);
  Region& region = memory_.region(window);
  const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(region.data);
  if (offset > region.bytes || bytes > region.bytes - offset) [[unlikely]] return past_end(region, offset, bytes, site, is_write);
  if (is_write && region.is_write_rare) [[unlikely]] note_rare_write(region, {offset, bytes, site, thread_, is_atomic});
  if (region.shadow.is_on()) check_race<is_write>(region, {offset, bytes, site, thread_, is_atomic});
  if (!region.defined.empty()) {
    if ((!is_write || facts_[site].is_read) && !is_word_defined(region, offset, bytes)) check_bytes(region, offset, bytes, site);
    if (is_write) std::memset(&region.defined[offset], 1, bytes);
  }
  return facts_[site].bytes ? log(LaneLog::entry(site, where), pointer) : pointer;
}

// Reads are most of what kernels do to memory, and most are of one cell, defined, and race with nothing: they take a short
// way, which calls nothing and so keeps all in registers. Any other read takes the long way, from its start.
[[gnu::always_inline]] inline void* Runner::access_read(void* pointer, uint32_t site) {
  const uint64_t where = reinterpret_cast<uintptr_t>(pointer) - base_, window = where >> window_bits_, bytes = facts_[site].bytes;
  if (window >= memory_.count()) [[unlikely]] return access<false>(pointer, bytes, site);
  Region& region = memory_.region(window);
  const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(region.data);
  if (offset > region.bytes || bytes > region.bytes - offset || bytes == 0) [[unlikely]] return access<false>(pointer, bytes, site);
  if (!region.defined.empty() && !is_word_defined(region, offset, bytes)) [[unlikely]] return access<false>(pointer, bytes, site);
  const Order& order = order_[region.space == threadgroup_space];
  if (region.shadow.is_on() && !region.shadow.visit_plainly(order, offset, bytes, Record::who_is(site, thread_, false))) [[unlikely]] return access<false>(pointer, bytes, site);
  return log(LaneLog::entry(site, where), pointer);
}

}  // namespace klab::analyse
