// Assignments to device or threadgroup memory, found by words.
#pragma once
#include <optional>
#include <set>
#include <string_view>

#include "program.h"

namespace klab::msl {

// Names that stand for memory, wherever in the source they are declared.
struct MemoryNames {
  std::set<std::string_view> pointers;  // assigning to p[i] or *p writes memory, assigning to p does not
  std::set<std::string_view> objects;   // references and threadgroup variables
  std::set<std::string_view> arrays;    // arrays of a thread: safe to assign to
};
MemoryNames memory_names(const Program& program);

// The first token in [first, last) of an assignment that may write memory other than a thread's own.
std::optional<uint32_t> find_memory_write(const Program& program, const MemoryNames& names, uint32_t first, uint32_t last);

}  // namespace klab::msl
