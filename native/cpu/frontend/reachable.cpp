#include "reachable.h"

#include <map>

namespace klab::msl {
namespace {

struct Range {
  uint32_t first, last;
};

std::multimap<std::string_view, Range> bodies_by_name(const Program& p) {
  std::multimap<std::string_view, Range> bodies;
  for (const Function& function : p.functions) bodies.emplace(function.name, Range{function.body_first, function.body_last});
  for (const GlobalVariable& global : p.globals) bodies.emplace(global.name, Range{global.first, global.last});
  return bodies;
}

bool is_sync_name(std::string_view name) {
  for (const std::string_view prefix : {"threadgroup_barrier", "simdgroup_", "simd_", "quad_", "__metal_simd", "__metal_quad", "__metal_wait"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

}  // namespace

std::set<std::string_view> reachable_names(const Program& p, uint32_t first, uint32_t last) {
  const auto bodies = bodies_by_name(p);
  std::set<std::string_view> names;
  std::vector<Range> todo{{first, last}};
  // Operators are called without their name.
  for (auto [it, end] = bodies.equal_range("operator"); it != end; ++it) todo.push_back(it->second);
  while (!todo.empty()) {
    const Range range = todo.back();
    todo.pop_back();
    for (uint32_t i = range.first; i < range.last && i < p.size(); ++i) {
      if (!p[i].is_identifier() || p[i].attribute != none) continue;
      if (!names.insert(p[i].text).second) continue;
      for (auto [it, end] = bodies.equal_range(p[i].text); it != end; ++it) todo.push_back(it->second);
    }
  }
  return names;
}

bool may_synchronise(const Program& p, const std::set<std::string_view>& names) {
  std::set<std::string_view> called;
  for (uint32_t i = 0; i + 1 < p.size(); ++i) {
    const bool is_type = p[i].text.starts_with("simdgroup_") && p.is_identifier(i + 1);
    if (p.is(i + 1, "(") || p.is(i + 1, "<") || is_type) called.insert(p[i].text);
  }
  for (const std::string_view name : names) {
    if (is_sync_name(name) && called.contains(name)) return true;
  }
  return false;
}

}  // namespace klab::msl
