#include "lane_words.h"

#include <algorithm>
#include <array>
#include <span>

namespace klab::msl {
namespace {

bool is_in(std::string_view word, std::span<const std::string_view> words) { return std::find(words.begin(), words.end(), word) != words.end(); }

}  // namespace

bool is_same_for_all_lanes(std::string_view attribute) {
  constexpr std::array<std::string_view, 13> attributes = {
      "threadgroup_position_in_grid", "threads_per_threadgroup", "dispatch_threads_per_threadgroup", "threads_per_grid", "grid_size", "grid_origin",
      "threadgroups_per_grid", "simdgroup_index_in_threadgroup", "simdgroups_per_threadgroup", "dispatch_simdgroups_per_threadgroup",
      "threads_per_simdgroup", "thread_execution_width", "quadgroups_per_simdgroup"};
  return is_in(attribute, attributes);
}

bool is_type_word(std::string_view word) {
  constexpr std::array<std::string_view, 32> words = {
      "true",  "false",   "nullptr", "const",  "constexpr", "constant", "device", "threadgroup", "thread", "volatile", "static", "unsigned", "signed",   "auto",   "typename", "metal",
      "bool",  "char",    "short",   "int",    "long",      "uchar",    "ushort", "uint",        "ulong",  "half",     "float",  "bfloat",   "size_t",   "sizeof", "alignof",  "static_cast"};
  if (is_in(word, words) || word.starts_with("simdgroup_float") || word.starts_with("simdgroup_half") || word == "simdgroup_matrix") return true;
  if (word.ends_with("int8_t") || word.ends_with("int16_t") || word.ends_with("int32_t") || word.ends_with("int64_t") || word == "ptrdiff_t") return true;
  return word.size() > 3 && word.back() >= '2' && word.back() <= '4' && is_in(word.substr(0, word.size() - 1), std::span(words).subspan(16, 12));
}

bool is_statement_word(std::string_view word) {
  constexpr std::array<std::string_view, 17> words = {"return", "else", "do", "case", "goto", "if", "for", "while", "switch", "default", "using", "typedef", "decltype", "template", "typename", "operator", "new"};
  return is_in(word, words);
}

bool is_value_function(std::string_view name) {
  constexpr std::array<std::string_view, 22> names = {"min",   "max",   "clamp", "select",   "abs", "absdiff", "any",  "all",  "popcount", "clz",    "ctz",
                                                      "floor", "ceil", "round", "trunc", "as_type",  "mulhi", "madhi", "mad24", "mul24", "rotate", "is_function_constant_defined"};
  return is_in(name, names);
}

bool is_vote(std::string_view name) {
  constexpr std::array<std::string_view, 10> names = {"simd_any", "simd_all", "simd_sum", "simd_product", "simd_min", "simd_max", "simd_and", "simd_or", "simd_xor", "simd_broadcast_first"};
  return is_in(name, names);
}

bool is_lane_operation_name(std::string_view name) {
  for (const std::string_view prefix : {"simd_", "quad_", "__metal_simd", "__metal_quad", "__metal_wait", "simdgroup_barrier", "simdgroup_multiply", "simdgroup_load", "simdgroup_store"}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

}  // namespace klab::msl
