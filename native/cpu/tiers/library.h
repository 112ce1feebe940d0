// A kernel library loaded into this process.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/crash_report.h"
#include "core/device.h"
#include "msl/kernel_abi.h"

namespace klab::cpu {

struct MemoryRange {
  uintptr_t begin = 0, end = 0;
  bool is_writable = false;
};

class Library {
 public:
  // PIPELINE when it cannot be loaded or was made for another version of the kernel ABI.
  static Error open(const std::string& path, std::shared_ptr<const Library>& library);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void* handle() const { return handle_; }
  const klab_kernel_desc& kernel() const { return *kernel_; }
  // Its code, constants and variables.
  const std::vector<MemoryRange>& segments() const { return segments_; }

 private:
  Library() = default;

  void* handle_ = nullptr;
  const klab_kernel_desc* kernel_ = nullptr;
  crash::ModuleRange range_{};
  std::vector<MemoryRange> segments_;
};

}  // namespace klab::cpu
