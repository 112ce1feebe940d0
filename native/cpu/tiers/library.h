// A kernel library loaded into this process.
#pragma once
#include <memory>
#include <string>

#include "core/crash_report.h"
#include "core/device.h"
#include "msl/kernel_abi.h"

namespace klab::cpu {

class Library {
 public:
  // PIPELINE when it cannot be loaded or was made for another version of the kernel ABI.
  static Error open(const std::string& path, std::shared_ptr<const Library>& library);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void* handle() const { return handle_; }
  const klab_kernel_desc& kernel() const { return *kernel_; }

 private:
  Library() = default;

  void* handle_ = nullptr;
  const klab_kernel_desc* kernel_ = nullptr;
  crash::ModuleRange range_{};
};

}  // namespace klab::cpu
