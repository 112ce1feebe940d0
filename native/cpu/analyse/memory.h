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

// What every access looks at comes first.
struct alignas(64) Region {
  unsigned char* data = nullptr;
  uint64_t bytes = 0;
  std::vector<uint8_t> defined;  // one for each byte that has a value; empty: all have
  Shadow shadow;                 // off for memory that nobody seems to write
  Space space = device_space;
  bool is_readable_outside = false;  // stands for a binding without an argument, which kernels may load and not use
  bool is_const = false;             // the kernel has no name for it through which it may write
  bool is_write_rare = false;        // is_const, or races are looked for and it has no shadow
  int32_t binding = -1;              // index of a buffer or of [[threadgroup(n)]]; -1 for a variable
  std::string name;
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
  uint32_t count() const { return count_; }
  Region& region(uint64_t i) const { return regions_[i]; }
  // Whether an address lies in the space that was reserved, although maybe in no region's window.
  bool reaches(const void* address) const { return reinterpret_cast<uintptr_t>(address) - base() < uint64_t{windows_} << window_bits_; }

 private:
  unsigned char* window_middle(uint32_t i) const;
  unsigned char* base_ = nullptr;
  uint32_t window_bits_ = 0, windows_ = 0, count_ = 0;
  std::unique_ptr<Region[]> regions_;
};

}  // namespace klab::analyse
