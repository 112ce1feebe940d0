// The threadgroups of a dispatch, numbered in row-major order.
#pragma once
#include <algorithm>
#include <cstdint>

#include "msl/kernel_abi.h"

namespace klab::analyse {

struct Grid {
  uint32_t threads[3] = {1, 1, 1};       // of a whole threadgroup
  uint64_t groups[3] = {1, 1, 1};
  uint64_t total_threads[3] = {1, 1, 1};  // of the grid

  static Grid of(const uint32_t (&grid)[3], const uint32_t (&threads)[3], bool is_threads) {
    Grid out;
    for (int d = 0; d < 3; d++) {
      out.threads[d] = threads[d];
      out.groups[d] = is_threads ? (uint64_t{grid[d]} + threads[d] - 1) / threads[d] : grid[d];
      out.total_threads[d] = is_threads ? grid[d] : uint64_t{grid[d]} * threads[d];
    }
    return out;
  }

  uint64_t count() const { return groups[0] * groups[1] * groups[2]; }
  klab_uint3 position(uint64_t group) const {
    return {static_cast<uint32_t>(group % groups[0]), static_cast<uint32_t>(group / groups[0] % groups[1]), static_cast<uint32_t>(group / groups[0] / groups[1])};
  }
  // Smaller at the far edges of a grid that is counted in threads.
  klab_uint3 size(klab_uint3 p) const {
    const auto extent = [&](int d, uint64_t at) { return static_cast<uint32_t>(std::min<uint64_t>(threads[d], total_threads[d] - at * threads[d])); };
    return {extent(0, p.x), extent(1, p.y), extent(2, p.z)};
  }
  static klab_uint3 thread_position(uint32_t index, klab_uint3 size) { return {index % size.x, index / size.x % size.y, index / size.x / size.y}; }
};

}  // namespace klab::analyse
