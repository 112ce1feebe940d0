// The memory of one threadgroup at a time: a bump allocator whose end is followed by a guard page. What it hands out
// is filled with 0xFF (NaN in every float type), because a GPU's threadgroup memory starts with rubbish, too.
#pragma once
#include <cstddef>
#include <cstdint>

namespace klab {

class ThreadgroupMemory {
 public:
  explicit ThreadgroupMemory(size_t limit);
  ~ThreadgroupMemory();
  ThreadgroupMemory(const ThreadgroupMemory&) = delete;
  ThreadgroupMemory& operator=(const ThreadgroupMemory&) = delete;

  bool is_mapped() const { return map_ != nullptr; }
  void reset() { used_ = 0; }
  // Null when the limit would be passed.
  void* allocate(size_t bytes, size_t align);
  // Bytes in use after one more allocation.
  size_t used_after(size_t bytes, size_t align) const;
  size_t limit() const { return limit_; }

 private:
  size_t limit_, used_ = 0, map_bytes_ = 0;
  char* map_ = nullptr;
  char* base_ = nullptr;
};

}  // namespace klab
