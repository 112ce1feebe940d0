#include <array>
#include <atomic>
#include <cstring>
#include <mutex>

#include "core/crash_report.h"

namespace klab::crash {

namespace {

// A slot is in use while `begin` is not 0. Writers hold the mutex; readers may be signal handlers.
struct ModuleSlot {
  std::atomic<uintptr_t> begin{0};
  uintptr_t end = 0, base = 0;
  char path[1024] = {};
};

struct BufferSlot {
  std::atomic<uintptr_t> begin{0};
  uintptr_t end = 0, data = 0;
  uint64_t bytes = 0;
};

constinit std::array<ModuleSlot, 512> modules;
constinit std::array<BufferSlot, 8192> buffers;
constinit std::mutex mutex;

uintptr_t number(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

// A full table costs the report a field, so it is no error.
template <class Slots>
auto* free_slot(Slots& slots) {
  for (auto& slot : slots) {
    if (slot.begin.load(std::memory_order_relaxed) == 0) return &slot;
  }
  return static_cast<typename Slots::value_type*>(nullptr);
}

template <class Slots>
void release_slot(Slots& slots, uintptr_t begin) {
  for (auto& slot : slots) {
    if (slot.begin.load(std::memory_order_relaxed) != begin) continue;
    slot.begin.store(0, std::memory_order_release);
    return;
  }
}

template <class Slots>
auto* slot_of(Slots& slots, uintptr_t address) {
  for (auto& slot : slots) {
    const uintptr_t begin = slot.begin.load(std::memory_order_acquire);
    if (begin && address >= begin && address < slot.end) return &slot;
  }
  return static_cast<typename Slots::value_type*>(nullptr);
}

}  // namespace

void add_module(const char* path, const ModuleRange& range) {
  const std::lock_guard lock(mutex);
  ModuleSlot* slot = free_slot(modules);
  if (!slot) return;
  std::strncpy(slot->path, path, sizeof slot->path - 1);
  slot->end = number(range.end);
  slot->base = number(range.base);
  slot->begin.store(number(range.begin), std::memory_order_release);
}

void remove_module(const ModuleRange& range) {
  const std::lock_guard lock(mutex);
  release_slot(modules, number(range.begin));
}

void add_buffer(const BufferRange& range) {
  const std::lock_guard lock(mutex);
  BufferSlot* slot = free_slot(buffers);
  if (!slot) return;
  slot->end = number(range.end);
  slot->data = number(range.data);
  slot->bytes = range.bytes;
  slot->begin.store(number(range.begin), std::memory_order_release);
}

void remove_buffer(const BufferRange& range) {
  const std::lock_guard lock(mutex);
  release_slot(buffers, number(range.begin));
}

bool find_module(uintptr_t address, FoundModule& found) {
  const ModuleSlot* slot = slot_of(modules, address);
  if (!slot) return false;
  found.path = slot->path;
  found.offset = address - slot->base;
  return true;
}

bool find_buffer(uintptr_t address, BufferRange& found) {
  const BufferSlot* slot = slot_of(buffers, address);
  if (!slot) return false;
  found.begin = reinterpret_cast<const void*>(slot->begin.load());
  found.end = reinterpret_cast<const void*>(slot->end);
  found.data = reinterpret_cast<const void*>(slot->data);
  found.bytes = slot->bytes;
  return true;
}

}  // namespace klab::crash
