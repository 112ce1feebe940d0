// Accesses to memory beyond the usual path (access.h), and the memory of threadgroups.
#include <sys/mman.h>

#include <algorithm>
#include <cstring>

#include "core/text.h"
#include "cpu/analyse/access.h"

namespace klab::analyse {

namespace {
constexpr uint64_t scratch_bytes = 1ull << 30;
}

// The lane's log is full. `pointer` is answered, so that the log's callers end with this call.
void* Runner::wait_for_count(void* pointer) {
  const uint32_t bit = 1u << lane_;
  paused_ |= bit;
  klab_current->simdgroup->ready &= ~bit;
  yield();
  return pointer;
}

void Runner::note_rare_write(const Region& region, const Access& access) {
  if (region.is_const) tell_const(region, access);
  if (region.shadow.is_on() || !(options_.checks & KLAB_CHECK_RACES)) return;
  needs_all_shadows_ = true;
  failure_ = {KLAB_INTERNAL, "memory that was taken for read-only was written"};
  yield();
}

void Runner::check_bytes(Region& region, uint64_t offset, uint64_t bytes, uint32_t site) {
  const uint8_t* defined = &region.defined[offset];
  const auto missing = static_cast<uint64_t>(std::count(defined, defined + bytes, 0));
  // Objects are copied whole, with the padding that nobody wrote.
  const bool is_told = facts_[site].is_copy ? missing * 2 > bytes : missing > 0;
  if (is_told) tell_uninitialised(region, offset, bytes, site);
}

void* Runner::access_atomic(void* pointer, uint32_t site) {
  const SiteFacts at = facts_[site];
  if (at.is_again) return access_again(pointer, at.bytes, at.is_write);
  void* const where = at.is_write ? access<true>(pointer, at.bytes, site, true) : access<false>(pointer, at.bytes, site, true);
  // Last, since a thread may have to wait for its log, and the atomic itself comes right after this.
  if (fences_.is_used()) [[unlikely]] fences_.atomic(reinterpret_cast<uintptr_t>(pointer) - base_, thread_, at.is_read, at.is_write && !at.may_fail);
  return where;
}

void* Runner::access_range(void* pointer, uint64_t bytes, uint32_t site) {
  if (!bytes) return pointer;
  return facts_[site].is_write ? access<true>(pointer, bytes, site) : access<false>(pointer, bytes, site);
}

void* Runner::past_end(const Region& region, uint64_t offset, uint64_t bytes, uint32_t site, bool is_write) {
  if (!region.is_readable_outside || is_write) tell_bounds(region, static_cast<int64_t>(offset), bytes, site, is_write);
  return scratch(bytes, is_write);
}

// Variables of the thread, the library's constants, wild pointers. Memory that merely is there is the lab's own.
void* Runner::outside(void* pointer, uint64_t bytes, uint32_t site, bool is_write) {
  const auto address = reinterpret_cast<uintptr_t>(pointer), top = reinterpret_cast<uintptr_t>(stacks_.top(thread_));
  if (top - address - 1 < stack_bytes && bytes <= top - address) return pointer;
  for (const cpu::MemoryRange& range : known_ranges_) {
    if (address >= range.begin && address < range.end && bytes <= range.end - address && (range.is_writable || !is_write)) return pointer;
  }
  tell_nowhere(pointer, bytes, site, is_write);
  return scratch(bytes, is_write);
}

// Where an update goes that was checked and counted when it read the old value.
void* Runner::access_again(void* pointer, uint64_t bytes, bool is_write) {
  const uint64_t window = (reinterpret_cast<uintptr_t>(pointer) - base_) >> window_bits_;
  if (window >= memory_.count()) return scratch(bytes, is_write);
  const Region& region = memory_.region(window);
  const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(region.data);
  return offset <= region.bytes && bytes <= region.bytes - offset ? pointer : scratch(bytes, is_write);
}

// Where an access goes that must touch nothing: zeros to read, and a place that nobody reads.
void* Runner::scratch(uint64_t bytes, bool is_write) {
  if (!scratch_) {
    void* map = mmap(nullptr, 2 * scratch_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map != MAP_FAILED) scratch_ = static_cast<unsigned char*>(map);
  }
  if (!scratch_ || bytes > scratch_bytes) {
    failure_ = {KLAB_OUT_OF_MEMORY, format("kernel '%s': no room for an access of %llu bytes outside of its buffer", launch_.kernel->name, static_cast<unsigned long long>(bytes))};
    yield();
  }
  return is_write ? scratch_ + scratch_bytes : scratch_;
}

void* Runner::access_array(void* pointer, void* variable, uint32_t site) {
  const Site& at = sites_[site];
  const auto offset = static_cast<int64_t>(reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(variable));
  if (offset >= 0 && static_cast<uint64_t>(offset) + at.bytes <= at.extent) return pointer;
  tell_array(offset, site);
  return scratch(at.bytes, at.is_write);
}

// Of the threadgroup that starts: rubbish that nobody may read.
bool Runner::prepare_threadgroup_region(Region*& region, uint64_t bytes) {
  threadgroup_bytes_used_ = (threadgroup_bytes_used_ + 15) / 16 * 16 + bytes;
  if (threadgroup_bytes_used_ > options_.threadgroup_bytes) return false;
  if (!region) {
    region = memory_.add(threadgroup_space, bytes);
    if (!region) throw std::bad_alloc();
    if (options_.checks & KLAB_CHECK_RACES && !region->shadow.open(bytes)) throw std::bad_alloc();
  }
  if (options_.checks & KLAB_CHECK_UNINITIALISED) region->defined.assign(bytes, 0);
  std::memset(region->data, 0xFF, bytes);
  return true;
}

Error Runner::memory_error(uint64_t bytes) const {
  return {KLAB_MISMATCH, format("kernel '%s' needs at least %llu bytes of threadgroup memory; the device has %u. Use a smaller tile or element type", launch_.kernel->name,
                                static_cast<unsigned long long>(bytes), options_.threadgroup_bytes)};
}

void* Runner::variable(uint32_t site, uint32_t slot, uint64_t bytes) {
  if (slot >= KLAB_TG_VARIABLE_SLOTS) {
    failure_ = {KLAB_PIPELINE, format("kernel '%s' declares more than %d threadgroup variables", launch_.kernel->name, KLAB_TG_VARIABLE_SLOTS)};
    yield();
  }
  void*& variable = threadgroup_.variable[slot];
  if (variable) return variable;
  if (!prepare_threadgroup_region(variables_[slot], bytes)) {
    failure_ = memory_error(threadgroup_bytes_used_);
    yield();
  }
  variables_[slot]->name = sites_[site].name;
  return variable = variables_[slot]->data;
}

}  // namespace klab::analyse
