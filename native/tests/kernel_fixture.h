// Runs a C++ function as a kernel: what the tests of the executor and of the MSL library share.
#pragma once
#include <string>

#include "check.h"
#include "cpu/exec/executor.h"
#include "msl/simt_abi.h"

namespace klab_test {

inline klab_kernel_desc kernel(klab_thread_fn thread, const char* name = "test_kernel") {
  return {KLAB_KERNEL_ABI, 1, name, thread, nullptr, 0, 0, nullptr};
}

inline klab::Launch launch(const klab_kernel_desc& kernel, uint32_t groups, uint32_t threads, void* buffer = nullptr) {
  klab::Launch out;
  out.kernel = &kernel;
  out.args.buffer[0] = buffer;
  out.grid[0] = groups;
  out.threads[0] = threads;
  return out;
}

inline klab::Error run(const klab::Launch& launch, unsigned os_threads = 1) {
  static const std::atomic<bool> never{false};
  klab::Executor executor(os_threads);
  return executor.run(launch, never);
}

// Buffer 0 of the launch.
template <class T>
T* data(const klab_launch* launch) {
  return static_cast<T*>(launch->buffer[0]);
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace klab_test
