#include "uniform.h"

#include <algorithm>
#include <array>

#include "lane_words.h"
#include "memory_writes.h"

namespace klab::msl {
namespace {

constexpr uint32_t width = 32;

// Operations of a simdgroup that are one operation on a whole matrix, or nothing.
bool is_whole_simdgroup(std::string_view name) {
  constexpr std::array<std::string_view, 9> names = {"simdgroup_matrix", "simdgroup_float8x8", "simdgroup_half8x8", "simdgroup_bfloat8x8", "simdgroup_load",
                                                     "simdgroup_store", "simdgroup_multiply", "simdgroup_multiply_accumulate", "simdgroup_barrier"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool starts_lane_operation(std::string_view name) {
  for (const std::string_view prefix : {"simd_", "quad_", "simdgroup_", "__metal_simd", "__metal_quad", "atomic_", "thread_elements"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

bool is_lane_operation(const Program& p, uint32_t i) {
  if (!p.is_identifier(i) || p.in_attribute(i) || !starts_lane_operation(p[i].text) || is_whole_simdgroup(p[i].text)) return false;
  const bool is_call = p.is(i + 1, "(") || p.is(i + 1, "<");
  return is_call || p[i].text.starts_with("atomic_");
}

class Judge {
 public:
  Judge(const Program& program, const EntryPoint& entry, const std::set<std::string_view>& names) : p_(program), kernel_(*entry.kernel), names_(names) {}

  Uniformity run() {
    find_body();
    if (body_first_ == 0) return refuse(kernel_.token, "has a body that the lab cannot find");
    check_operations();
    for (const Parameter& parameter : kernel_.parameters) {
      if (parameter.role == ParameterRole::position && !is_same_for_all_lanes(parameter.position)) check_position(parameter);
    }
    check_writes();
    if (!result_.reason.empty()) return result_;
    result_.is_uniform = true;
    return result_;
  }

 private:
  Uniformity refuse(uint32_t token, std::string reason) {
    if (!result_.reason.empty()) return result_;
    result_.token = token;
    result_.reason = std::move(reason);
    return result_;
  }

  void find_body() {
    for (const Function& function : p_.functions) {
      const bool is_nearer = body_first_ == 0 || function.body_first < body_first_;
      if (function.name == kernel_.name && function.body_first > kernel_.token && is_nearer) body_first_ = function.body_first, body_last_ = function.body_last;
    }
  }

  bool is_reached(const Function& function) const { return function.body_first == body_first_ || names_.contains(function.name) || function.name == "operator"; }

  // Outside of functions nothing says who uses it: initialisers of members, for one.
  void check_operations() {
    std::vector<bool> is_skipped(p_.size(), false);
    for (const Function& function : p_.functions) {
      if (!is_reached(function)) std::fill(is_skipped.begin() + function.body_first, is_skipped.begin() + std::min(function.body_last, p_.size()), true);
    }
    for (uint32_t i = 0; i < p_.size(); ++i) {
      if (!is_skipped[i] && is_lane_operation(p_, i)) return void(refuse(i, "calls " + std::string(p_[i].text)));
    }
  }

  void check_position(const Parameter& parameter) {
    const bool is_position = parameter.position == "thread_position_in_threadgroup" || parameter.position == "thread_position_in_grid";
    for (uint32_t i = body_first_; i < body_last_; ++i) {
      if (!p_.is(i, parameter.name) || p_.in_attribute(i) || p_.is(i - 1, ".") || p_.is(i - 1, "->")) continue;
      if (is_position && p_.is(i + 1, ".") && (p_.is(i + 2, "y") || p_.is(i + 2, "z") || p_.is(i + 2, "yz"))) {
        result_.width_multiple = width;
      } else if (parameter.position != "thread_index_in_threadgroup" || !is_divided_by_width(i)) {
        return void(refuse(i, "depends on " + parameter.position));
      }
    }
  }

  // `index / 32`, not as a part of a product before it.
  bool is_divided_by_width(uint32_t i) const {
    const bool starts = p_.is(i - 1, "(") || p_.is(i - 1, "=") || p_.is(i - 1, ",") || p_.is(i - 1, "+") || p_.is(i - 1, "[");
    const bool is_cast = p_.is(i - 1, "(") && p_.is(i + 1, ")");
    const bool is_number = p_.is(i + 2, "32") || p_.is(i + 2, "32u");
    return starts && !is_cast && p_.is(i + 1, "/") && is_number;
  }

  void check_writes() {
    const MemoryNames memory = memory_names(p_);
    for (const Function& function : p_.functions) {
      if (!is_reached(function)) continue;
      if (const auto token = find_memory_write(p_, memory, function.body_first, function.body_last)) {
        return void(refuse(*token, "writes memory other than with simdgroup_store"));
      }
    }
  }

  const Program& p_;
  const Kernel& kernel_;
  const std::set<std::string_view>& names_;
  uint32_t body_first_ = 0, body_last_ = 0;
  Uniformity result_;
};

}  // namespace

Uniformity uniformity(const Program& program, const EntryPoint& entry, const std::set<std::string_view>& names) { return Judge(program, entry, names).run(); }

}  // namespace klab::msl
