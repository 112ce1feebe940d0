#include "stacks.h"

#include <sys/mman.h>
#include <unistd.h>

namespace klab {

namespace {
constexpr size_t colour_bytes = 192, colour_range = 2048;
}

Stacks::Stacks(uint32_t stack_bytes) : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))) {
  size_t rounded = (size_t{stack_bytes} + colour_range + page_ - 1) / page_ * page_;
  stride_ = rounded + page_;
}

Stacks::~Stacks() { release(); }

void Stacks::release() {
  if (base_) munmap(base_, size_t{count_} * stride_);
  base_ = nullptr;
  count_ = 0;
}

bool Stacks::reserve(uint32_t count) {
  if (count <= count_) return true;
  release();
  void* map = mmap(nullptr, size_t{count} * stride_, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (map == MAP_FAILED) return false;
  base_ = static_cast<char*>(map);
  count_ = count;
  // The kernel limits how many mappings a process has; past that limit a stack goes without its guard.
  for (uint32_t i = 0; i < count; i++)
    if (mprotect(base_ + i * stride_, page_, PROT_NONE) != 0) break;
  return true;
}

char* Stacks::top(uint32_t i) const {
  return base_ + (size_t{i} + 1) * stride_ - (i * colour_bytes) % colour_range;
}

bool Stacks::is_guard(const void* address) const {
  auto p = reinterpret_cast<uintptr_t>(address), base = reinterpret_cast<uintptr_t>(base_);
  if (!base_ || p < base || p >= base + count_ * stride_) return false;
  return (p - base) % stride_ < page_;
}

}  // namespace klab
