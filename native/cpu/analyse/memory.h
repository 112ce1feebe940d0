// The memory of an analysed dispatch: every buffer, constant and threadgroup variable alone in the middle of a window of
// address space so wide that an index gone wrong stays in it, which is how an access outside is attributed.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/device.h"
#include "cpu/analyse/shadow.h"

namespace klab::analyse {

enum Space : uint8_t { device_space, constant_space, threadgroup_space, space_count };

struct Region {
  Space space = device_space;
  int32_t binding = -1;  // index of a buffer or of [[threadgroup(n)]]; -1 for a variable
  std::string name;
  unsigned char* data = nullptr;
  uint64_t bytes = 0;
  bool is_readable_outside = false;  // stands for a binding without an argument, which kernels may load and not use
  Shadow shadow;                     // off for memory that nobody writes
  std::vector<uint8_t> defined;      // one for each byte that has a value; empty: all have
};

class Memory {
 public:
  Memory() = default;
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  // Reserves address space for `windows` regions; false when there is not enough.
  bool reserve(uint32_t windows);
  // A region of `bytes` zeros; null when memory or windows are short.
  Region* add(Space space, uint64_t bytes);
  // Changes the size of a region, which then is zero.
  bool resize(Region& region, uint64_t bytes);

  uintptr_t base() const { return reinterpret_cast<uintptr_t>(base_); }
  uint32_t window_bits() const { return window_bits_; }
  uint32_t count() const { return static_cast<uint32_t>(regions_.size()); }
  Region& region(uint32_t i) const { return *regions_[i]; }
  const std::vector<std::unique_ptr<Region>>& regions() const { return regions_; }

 private:
  unsigned char* window_middle(uint32_t i) const;
  unsigned char* base_ = nullptr;
  uint32_t window_bits_ = 0, windows_ = 0;
  std::vector<std::unique_ptr<Region>> regions_;
};

}  // namespace klab::analyse
