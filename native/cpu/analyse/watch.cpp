// Accesses to memory, as the runner sees them.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "core/text.h"
#include "cpu/analyse/runner.h"

namespace klab::analyse {

namespace {
constexpr uint64_t scratch_bytes = 1ull << 30;
constexpr uintptr_t null_page = 65536;

// The case that most accesses are, at the price of one comparison.
bool is_one_defined_word(const uint8_t* defined, uint64_t bytes) {
  uint32_t word = 0;
  if (bytes == sizeof word) std::memcpy(&word, defined, sizeof word);
  return word == 0x01010101;
}
}  // namespace

void Runner::log(uint64_t entry) {
  if (!(options_.checks & KLAB_CHECK_COUNTERS)) return;
  *cursor_++ = entry;
  if (cursor_ != cursor_end_) return;
  const uint32_t bit = 1u << lane_;
  paused_ |= bit;
  klab_current->simdgroup->ready &= ~bit;
  yield();
}

void* Runner::access(void* pointer, uint64_t bytes, uint32_t site, bool is_write, bool is_atomic) {
  const uint64_t where = reinterpret_cast<uintptr_t>(pointer) - base_;
  const uint64_t window = where >> window_bits_;
  if (window >= memory_.count()) [[unlikely]] return outside(pointer, bytes, site, is_write);
  Region& region = memory_.region(static_cast<uint32_t>(window));
  const uint64_t offset = reinterpret_cast<uintptr_t>(pointer) - reinterpret_cast<uintptr_t>(region.data);
  if (offset > region.bytes || bytes > region.bytes - offset) [[unlikely]] {
    if (!region.is_readable_outside || is_write) tell_bounds(region, static_cast<int64_t>(offset), bytes, site, is_write);
    return scratch(bytes, is_write);
  }
  if (region.shadow.is_on()) {
    const Access access{offset, bytes, site, thread_, is_atomic};
    Record with;
    const Order& order = order_[region.space == threadgroup_space];
    if (is_write ? region.shadow.write(order, access, with) : region.shadow.read(order, access, with)) [[unlikely]] tell_race(region, access, with, is_write);
  }
  if (!region.defined.empty()) {
    uint8_t* defined = &region.defined[offset];
    if (sites_[site].is_read && !is_one_defined_word(defined, bytes)) {
      const auto missing = static_cast<uint64_t>(std::count(defined, defined + bytes, 0));
      // Objects are copied whole, with the padding that nobody wrote.
      const bool is_told = sites_[site].is_copy ? missing * 2 > bytes : missing > 0;
      if (is_told) [[unlikely]] tell_uninitialised(region, offset, bytes, site);
    }
    if (is_write) std::memset(defined, 1, bytes);
  }
  if (sites_[site].bytes) log(LaneLog::entry(site, where));
  return pointer;
}

void* Runner::access_atomic(void* pointer, uint32_t site) {
  const Site& at = sites_[site];
  void* const where = access(pointer, at.bytes, site, at.is_write, true);
  // Last, since a thread may have to wait for its log, and the atomic itself comes right after this.
  if (fences_.is_used()) [[unlikely]] fences_.atomic(reinterpret_cast<uintptr_t>(pointer) - base_, thread_, at.is_read, at.is_write && !at.may_fail);
  return where;
}

void* Runner::access_range(void* pointer, uint64_t bytes, uint32_t site) { return bytes ? access(pointer, bytes, site, sites_[site].is_write, false) : pointer; }

// Variables of the thread, the library's constants, wild pointers.
void* Runner::outside(void* pointer, uint64_t bytes, uint32_t site, bool is_write) {
  static const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<uintptr_t>(pointer);
  if (reinterpret_cast<uintptr_t>(stacks_.top(thread_)) - address - 1 < stack_bytes) return pointer;
  if (address >= null_page) {
    uintptr_t& good_page = good_pages_[address / page % good_pages_.size()];
    if (address / page == good_page) return pointer;
    unsigned char is_there = 0;
    if (mincore(reinterpret_cast<void*>(address / page * page), 1, &is_there) == 0) {
      good_page = address / page;
      return pointer;
    }
  }
  tell_nowhere(bytes, site, is_write, address < null_page);
  return scratch(bytes, is_write);
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
