// Stacks of one OS thread's fibers: one mapping, a guard page below each stack. Memory is touched only where used.
#pragma once
#include <cstddef>
#include <cstdint>

namespace klab {

class Stacks {
 public:
  explicit Stacks(uint32_t stack_bytes);
  ~Stacks();
  Stacks(const Stacks&) = delete;
  Stacks& operator=(const Stacks&) = delete;

  // Makes room for `count` stacks, losing the contents of the ones there were. False when memory is short.
  bool reserve(uint32_t count);
  // One past the highest byte of stack i, staggered so that equal frames of neighbours fall into different cache sets.
  char* top(uint32_t i) const;
  // Whether the address lies in a guard page. Async-signal-safe.
  bool is_guard(const void* address) const;
  size_t bytes_needed(uint32_t count) const { return size_t{count} * stride_; }

 private:
  void release();
  size_t page_, stride_;
  char* base_ = nullptr;
  uint32_t count_ = 0;
};

}  // namespace klab
