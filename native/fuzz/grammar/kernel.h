// Random kernels that are right: no races, no undefined behaviour, barriers where all threads meet. Every tier must give
// the same bytes for them, and the analyser nothing to report.
#pragma once
#include <string>

#include "random.h"

namespace klab_fuzz {

inline constexpr uint32_t words_per_thread = 12;  // of the buffer of results
inline constexpr uint32_t input_count = 64;       // elements of the two buffers of inputs
inline constexpr uint32_t counter_count = 8;      // atomics in device memory

struct KernelShape {
  uint32_t threads[3] = {32, 1, 1}, grid[3] = {1, 1, 1};
  bool grid_is_threads = false;

  uint32_t threads_per_group() const { return threads[0] * threads[1] * threads[2]; }
  uint32_t total_threads() const {
    const uint32_t all = grid[0] * grid[1] * grid[2];
    return grid_is_threads ? all : all * threads_per_group();
  }
  // Every threadgroup has its full number of threads, and they fill its simdgroups.
  bool is_whole() const;
};

struct GeneratedKernel {
  std::string source;  // one entry, "fuzzed"; one statement a line
  KernelShape shape;
  bool uses_sync = false;
};

GeneratedKernel generate_kernel(uint64_t seed);

}  // namespace klab_fuzz
