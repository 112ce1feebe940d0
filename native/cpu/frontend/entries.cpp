#include "entries.h"

#include <algorithm>
#include <set>

#include "instantiations.h"
#include "kernels.h"
#include "lexer.h"
#include "syntax.h"

namespace klab::msl {
namespace {

// The arguments of an instantiation's template-id, as written.
std::vector<std::string> template_arguments(const Program& p, const Instantiation& instantiation) {
  std::vector<std::string> arguments;
  const uint32_t open = instantiation.token + 1;
  if (!p.is(open, "<")) return arguments;
  const auto after = skip_angles(p, open);
  if (!after) return arguments;
  for (const auto& [first, last] : split_commas(p, open + 1, *after - 1)) arguments.push_back(p.written(first, last));
  return arguments;
}

// `vec<T, 4>` with T = half → `vec<half, 4>`.
std::string substitute(const std::string& type, const std::vector<std::string>& names, const std::vector<std::string>& arguments) {
  std::string out;
  for (size_t i = 0; i < type.size();) {
    if (!is_identifier_start(type[i])) {
      out += type[i++];
      continue;
    }
    size_t end = i;
    while (end < type.size() && is_identifier_part(type[end])) ++end;
    const std::string word = type.substr(i, end - i);
    const auto found = size_t(std::find(names.begin(), names.end(), word) - names.begin());
    out += found < names.size() && found < arguments.size() ? arguments[found] : word;
    i = end;
  }
  return out;
}

// The attribute's value with the template's arguments; 0, no limit, when it names anything else.
uint32_t thread_limit(const Program& p, const EntryPoint& entry) {
  std::string text = entry.kernel->max_total_threads;
  if (entry.instantiation) text = substitute(text, entry.kernel->template_parameters, template_arguments(p, *entry.instantiation));
  Program expression;
  expression.text = std::move(text);
  expression.stream = lex(expression.text);
  match_brackets(expression.stream.tokens);
  return uint32_t(std::clamp<int64_t>(evaluate_integer(expression, 0, expression.size()).value_or(0), 0, 1 << 20));
}

uint32_t binding_kind(const Parameter& parameter) {
  switch (parameter.role) {
    case ParameterRole::threadgroup: return KLAB_BINDING_THREADGROUP;
    case ParameterRole::texture: return KLAB_BINDING_TEXTURE;
    case ParameterRole::sampler: return KLAB_BINDING_SAMPLER;
    default: return parameter.space == AddressSpace::constant ? KLAB_BINDING_CONSTANT : KLAB_BINDING_BUFFER;
  }
}

std::vector<std::string> types_of(const Program& p, const EntryPoint& entry) {
  std::vector<std::string> types;
  const Kernel& kernel = *entry.kernel;
  for (const Parameter& parameter : kernel.parameters) types.push_back(parameter.type);
  if (!entry.instantiation) return types;
  const auto arguments = template_arguments(p, *entry.instantiation);
  for (std::string& type : types) type = substitute(type, kernel.template_parameters, arguments);
  return types;
}

}  // namespace

std::vector<EntryPoint> entry_points(const Program& p) {
  std::vector<EntryPoint> entries;
  for (const Kernel& kernel : p.kernels) {
    // A specialisation without a name of its own is reached through an instantiation.
    if (kernel.is_template || (kernel.is_specialisation && kernel.host_name.empty())) continue;
    entries.push_back({kernel.host_name.empty() ? kernel.name : kernel.host_name, &kernel, nullptr, kernel.token});
  }
  for (const Instantiation& instantiation : p.instantiations) {
    const Kernel* kernel = find_kernel(p, instantiation);
    if (kernel) entries.push_back({instantiation.host_name, kernel, &instantiation, instantiation.token});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const EntryPoint& a, const EntryPoint& b) { return a.token < b.token; });
  return entries;
}

Entry reflect(const Program& p, const EntryPoint& point) {
  Entry entry;
  entry.name = point.name;
  const Kernel& kernel = *point.kernel;
  entry.function = point.instantiation ? p.written(point.instantiation->id_first, point.instantiation->id_last) : p.written(kernel.token, kernel.id_last);
  const Location location = p.map.locate(p.stream, kernel.token);
  entry.file = location.file;
  entry.line = location.line;
  entry.max_total_threads = thread_limit(p, point);
  const std::vector<std::string> types = types_of(p, point);
  for (size_t i = 0; i < kernel.parameters.size(); ++i) {
    const Parameter& parameter = kernel.parameters[i];
    if (parameter.role == ParameterRole::unknown || parameter.role == ParameterRole::position) continue;
    Binding binding;
    binding.index = parameter.index;
    binding.kind = binding_kind(parameter);
    binding.access = parameter.is_const ? KLAB_ACCESS_READ : KLAB_ACCESS_READ_WRITE;
    binding.type = types[i];
    binding.name = parameter.name;
    binding.element_bytes = known_type_bytes(types[i]);
    binding.is_pointer = parameter.is_pointer;
    binding.is_optional = parameter.is_optional;
    for (uint32_t k = 0; k < parameter.count; ++k) {
      binding.index = parameter.index + k;
      binding.name = parameter.name + "[" + std::to_string(k) + "]";
      entry.bindings.push_back(binding);
    }
    if (parameter.count == 0) entry.bindings.push_back(std::move(binding));
  }
  return entry;
}

std::vector<FunctionConstant> reflect_constants(const Program& p) {
  std::vector<FunctionConstant> constants;
  for (const Constant& constant : p.constants) {
    FunctionConstant reflected;
    reflected.index = constant.index;
    reflected.name = constant.name;
    reflected.type = constant.type;
    reflected.is_required = constant.defined_tests.empty();
    constants.push_back(std::move(reflected));
  }
  return constants;
}

uint32_t known_type_bytes(std::string_view type) {
  if (type.starts_with("metal::")) type.remove_prefix(7);
  const bool is_packed = type.starts_with("packed_");
  if (is_packed) type.remove_prefix(7);
  constexpr std::pair<std::string_view, uint32_t> scalars[] = {
      {"bool", 1},    {"char", 1},     {"uchar", 1},   {"int8_t", 1},   {"uint8_t", 1},  {"short", 2},      {"ushort", 2},  {"int16_t", 2},  {"uint16_t", 2},
      {"half", 2},    {"float16_t", 2}, {"bfloat", 2}, {"bfloat16_t", 2}, {"int", 4},    {"uint", 4},       {"int32_t", 4}, {"uint32_t", 4}, {"float", 4},
      {"long", 8},    {"ulong", 8},    {"int64_t", 8}, {"uint64_t", 8}, {"size_t", 8},   {"atomic_int", 4}, {"atomic_uint", 4}, {"atomic_float", 4}, {"unsigned int", 4},
      {"unsigned", 4}};
  for (const auto& [name, bytes] : scalars) {
    if (type == name) return bytes;
    const bool is_vector = type.size() == name.size() + 1 && type.starts_with(name) && type.back() >= '2' && type.back() <= '4';
    if (!is_vector) continue;
    const auto count = uint32_t(type.back() - '0');
    return bytes * (count == 3 && !is_packed ? 4 : count);
  }
  return 0;
}

}  // namespace klab::msl
