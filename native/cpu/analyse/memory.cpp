#include "cpu/analyse/memory.h"

#include <sys/mman.h>
#include <unistd.h>

namespace klab::analyse {

namespace {

// Half a window reaches as far as a 32-bit index of float4 does, where there is that much address space.
constexpr uint32_t widest = 38, narrowest = 26;

uint64_t page_bytes() {
  static const auto bytes = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  return bytes;
}
uint64_t whole_pages(uint64_t bytes) { return (bytes + page_bytes() - 1) / page_bytes() * page_bytes(); }

}  // namespace

Memory::~Memory() {
  if (base_) munmap(base_, uint64_t{windows_} << window_bits_);
}

bool Memory::reserve(uint32_t windows) {
  for (uint32_t bits = widest; bits >= narrowest; bits -= 2) {
    void* map = mmap(nullptr, uint64_t{windows} << bits, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) continue;
    base_ = static_cast<unsigned char*>(map);
    window_bits_ = bits;
    windows_ = windows;
    regions_.reset(new Region[windows]);
    return true;
  }
  return false;
}

unsigned char* Memory::window_middle(uint32_t i) const { return base_ + (uint64_t{i} << window_bits_) + (uint64_t{1} << (window_bits_ - 1)); }

Region* Memory::add(Space space, uint64_t bytes) {
  if (count_ == windows_) return nullptr;
  Region& region = regions_[count_];
  region.space = space;
  region.data = window_middle(count_);
  if (!resize(region, bytes)) return nullptr;
  count_++;
  return &region;
}

bool Memory::resize(Region& region, uint64_t bytes) {
  if (bytes > uint64_t{1} << (window_bits_ - 1)) return false;
  region.bytes = bytes;
  const uint64_t mapped = whole_pages(bytes);
  return mapped == 0 || mmap(region.data, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED;
}

}  // namespace klab::analyse
