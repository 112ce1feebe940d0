// Whether every lane of a simdgroup does the same in a kernel, so that one may stand for all.
#pragma once
#include <set>
#include <string_view>

#include "entries.h"

namespace klab::msl {

struct Uniformity {
  bool is_uniform = false;
  uint32_t width_multiple = 0;  // what threads_per_threadgroup.x must be a multiple of for it to hold
  uint32_t token = 0;           // what speaks against it
  std::string reason;           // "" when uniform: "uses thread_index_in_simdgroup"
};

// `names`: what the kernel reaches (reachable.h). Decided by words alone, so anything that is not plainly uniform counts
// as not uniform: a use of the thread's own position other than its y, z or number of simdgroup, any simd_ or quad_
// function, atomics, and writes to memory but for simdgroup_store (thirty-two lanes that read and write one place in
// turn are not one lane).
Uniformity uniformity(const Program& program, const EntryPoint& entry, const std::set<std::string_view>& names);

}  // namespace klab::msl
