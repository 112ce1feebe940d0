#include "cpu/analyse/arithmetic.h"

#include <algorithm>
#include <cstdlib>
#include <string>

namespace klab::analyse {

namespace {

struct Elements {
  std::string_view type;
  uint32_t count = 1;
};

Elements elements_of(std::string_view type) {
  const size_t by = type.find(" x ");
  if (type.empty() || type[0] != '<' || by == type.npos) return {type, 1};
  const auto count = static_cast<uint32_t>(std::strtoul(std::string(type.substr(1, by - 1)).c_str(), nullptr, 10));
  return {type.substr(by + 3, type.size() - by - 4), count};
}

template <size_t n>
bool is_one_of(std::string_view word, const std::string_view (&list)[n]) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

constexpr std::string_view float_ops[] = {"fadd", "fsub", "fmul", "fdiv", "frem"};
constexpr std::string_view int_ops[] = {"add", "sub", "mul", "udiv", "sdiv", "urem", "srem", "shl", "lshr", "ashr", "and", "or", "xor"};
constexpr std::string_view special_ops[] = {"sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "pow", "powi", "exp", "exp2", "exp10", "log", "log2", "log10"};

// The library computes bfloat in float and rounds.
bool is_bfloat(const SourcePosition& position) { return position.library_function.find("bfloat") != std::string::npos || position.innermost_function.find("bfloat") != std::string::npos; }

void add_flops(std::string_view type, uint32_t each, const SourcePosition& position, BlockLine& line) {
  const Elements elements = elements_of(type);
  const uint32_t flops = each * elements.count;
  if (elements.type == "half") line.half_flops += flops;
  else if (elements.type == "bfloat") line.bfloat_flops += flops;
  else if (elements.type == "double") line.double_flops += flops;
  else if (elements.type == "float") (is_bfloat(position) ? line.bfloat_flops : line.float_flops) += flops;
}

// What a call answers: the word or vector type before the callee, behind flags and attributes.
std::string_view result_type(std::string_view call) {
  std::string_view before = call.substr(0, call.find(" @"));
  const size_t begin = before.ends_with('>') ? before.rfind('<') : before.rfind(' ') + 1;
  return before.substr(begin == before.npos ? 0 : begin);
}

// "exp2" of "@llvm.exp2.v4f32" and of "@exp2f".
std::string_view function_name(std::string_view callee) {
  if (callee.starts_with("@llvm.")) {
    callee.remove_prefix(6);
    return callee.substr(0, callee.find('.'));
  }
  callee.remove_prefix(std::min<size_t>(callee.size(), 1));
  if (callee.ends_with('f') && !callee.ends_with("inf")) callee.remove_suffix(1);
  return callee;
}

}  // namespace

std::string_view callee_of(std::string_view call) {
  const size_t at = call.find('@'), open = call.find('(', at);
  if (at == call.npos || open == call.npos) return {};
  return call.substr(at, open - at);
}

void count_arithmetic(const Instruction& instruction, const SourcePosition& position, BlockLine& line) {
  const std::string_view type = leading_type(skip_flags(instruction.rest));
  if (is_one_of(instruction.opcode, float_ops)) {
    add_flops(type, 1, position, line);
  } else if (is_one_of(instruction.opcode, int_ops)) {
    line.int_ops += elements_of(type).count;
  } else if (instruction.opcode == "call") {
    const std::string_view name = function_name(callee_of(instruction.rest));
    if (name == "fma" || name == "fmuladd") add_flops(result_type(instruction.rest), 2, position, line);
    else if (is_one_of(name, special_ops)) line.special_ops += elements_of(result_type(instruction.rest)).count;
  }
}

}  // namespace klab::analyse
