#include "glue.h"

#include <array>

namespace klab::msl {
namespace {

struct Position {
  std::string_view attribute, expression;  // of klab_launch l, klab_threadgroup g, position p, linear index i
};

constexpr std::array positions = {
    Position{"thread_position_in_grid", "klab_msl::times_plus(g.position, l.threads_per_threadgroup, p)"},
    Position{"thread_position_in_threadgroup", "p"},
    Position{"threadgroup_position_in_grid", "g.position"},
    Position{"threads_per_threadgroup", "g.size"},
    Position{"dispatch_threads_per_threadgroup", "l.threads_per_threadgroup"},
    Position{"threads_per_grid", "l.threads_per_grid"},
    Position{"grid_size", "l.threads_per_grid"},
    Position{"grid_origin", "klab_uint3{0, 0, 0}"},
    Position{"threadgroups_per_grid", "l.threadgroups_per_grid"},
    Position{"thread_index_in_threadgroup", "klab_uint3{i, 0, 0}"},
    Position{"thread_index_in_simdgroup", "klab_uint3{i % KLAB_SIMD_WIDTH, 0, 0}"},
    Position{"simdgroup_index_in_threadgroup", "klab_uint3{i / KLAB_SIMD_WIDTH, 0, 0}"},
    Position{"simdgroups_per_threadgroup", "klab_uint3{g.simdgroup_count, 0, 0}"},
    Position{"dispatch_simdgroups_per_threadgroup", "klab_uint3{g.simdgroup_count, 0, 0}"},
    Position{"threads_per_simdgroup", "klab_uint3{KLAB_SIMD_WIDTH, 0, 0}"},
    Position{"thread_execution_width", "klab_uint3{KLAB_SIMD_WIDTH, 0, 0}"},
    Position{"thread_index_in_quadgroup", "klab_uint3{i % 4, 0, 0}"},
    Position{"quadgroup_index_in_threadgroup", "klab_uint3{i / 4, 0, 0}"},
    Position{"quadgroup_index_in_simdgroup", "klab_uint3{i % KLAB_SIMD_WIDTH / 4, 0, 0}"},
    Position{"quadgroups_per_threadgroup", "klab_uint3{(g.thread_count + 3) / 4, 0, 0}"},
    Position{"dispatch_quadgroups_per_threadgroup", "klab_uint3{(g.thread_count + 3) / 4, 0, 0}"},
    Position{"quadgroups_per_simdgroup", "klab_uint3{KLAB_SIMD_WIDTH / 4, 0, 0}"},
};

std::string_view position_expression(std::string_view attribute) {
  for (const Position& position : positions) {
    if (position.attribute == attribute) return position.expression;
  }
  return "klab_uint3{0, 0, 0}";
}

std::string argument(const Parameter& parameter, size_t i) {
  const std::string at = "<F, " + std::to_string(i) + ">(";
  const std::string index = "[" + std::to_string(parameter.index) + "])";
  switch (parameter.role) {
    case ParameterRole::position: return "klab_msl::position" + at + std::string(position_expression(parameter.position)) + ")";
    case ParameterRole::threadgroup: return "klab_msl::bind" + at + "g.memory" + index;
    default: return parameter.count ? "klab_msl::bind_array" + at + "l.buffer + " + std::to_string(parameter.index) + ")" : "klab_msl::bind" + at + "l.buffer" + index;
  }
}

std::string qualified(const Scope& scope, const std::string& name) {
  std::string out;
  for (const std::string& part : scope) {
    if (!part.empty()) out += part + "::";
  }
  return out + name;
}

std::string open_scope(const Scope& scope) {
  std::string out;
  for (const std::string& part : scope) out += "namespace " + part + " { ";
  return out;
}

std::string declared_type(const Program& p, const Instantiation& instantiation) {
  std::string type;
  for (uint32_t i = instantiation.type_first; i < instantiation.type_last; ++i) {
    if (p.in_attribute(i) || p.is(i, "static") || p.is(i, "inline") || p.is(i, "constexpr")) continue;
    type += std::string(p[i].emitted()) + " ";
  }
  if (instantiation.has_signature) type += p.rewritten(instantiation.signature_first, instantiation.signature_last);
  return type;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 32) out += c;
  }
  return out + "\"";
}

constexpr std::string_view call_parameters = "(const klab_launch& l, const klab_threadgroup& g, klab_uint3 p, uint32_t i)";

constexpr std::string_view thread_function =
    "extern \"C\" { static void klab__thread(const klab_launch* l, const klab_threadgroup* g, klab_uint3 p, uint32_t i) { klab__call_0(*l, *g, p, i); } }\n";

constexpr std::string_view loop_function =
    "extern \"C\" { static void klab__loop(const klab_launch* launch, const klab_threadgroup* group) {\n"
    "  const klab_launch l = *launch; const klab_threadgroup& g = *group; const klab_uint3 size = g.size; uint32_t i = 0;\n"
    "  for (uint32_t z = 0; z < size.z; z++) for (uint32_t y = 0; y < size.y; y++) for (uint32_t x = 0; x < size.x; x++) klab__call_0(l, g, klab_uint3{x, y, z}, i++);\n"
    "} }\n";

// The position is that of the simdgroup's first thread.
constexpr std::string_view leader_function =
    "extern \"C\" { static void klab__simdgroup(const klab_launch* launch, const klab_threadgroup* group, uint32_t simdgroup, uint32_t) {\n"
    "  const klab_launch l = *launch; const klab_threadgroup& g = *group; const uint32_t i = simdgroup * KLAB_SIMD_WIDTH, row = i / g.size.x;\n"
    "  klab__call_0(l, g, klab_uint3{i - row * g.size.x, row % g.size.y, row / g.size.y}, i);\n"
    "} }\n";

// A wide build's simdgroups lie along x, so that only x differs between lanes. The vector pass knows both by name.
constexpr std::string_view wide_vector_function =
    "extern \"C\" { __attribute__((visibility(\"hidden\"))) void klab__simdgroup(const klab_launch* l, const klab_threadgroup* g, uint32_t s, uint32_t) {\n"
    "  const uint32_t lane = klab_vector_lane(), row = g->size.x / KLAB_SIMD_WIDTH, line = s / row;\n"
    "  klab_launch launch = *l; launch.threads_per_threadgroup.x = l->threads_per_threadgroup.x / KLAB_SIMD_WIDTH * KLAB_SIMD_WIDTH;\n"
    "  klab__call_0(launch, *g, klab_uint3{s % row * KLAB_SIMD_WIDTH + lane, line % g->size.y, line / g->size.y}, s * KLAB_SIMD_WIDTH + lane);\n"
    "} }\n";

constexpr std::string_view any_vector_function =
    "extern \"C\" { __attribute__((visibility(\"hidden\"))) void klab__simdgroup_any(const klab_launch* l, const klab_threadgroup* g, uint32_t s, uint32_t) {\n"
    "  const uint32_t i = s * KLAB_SIMD_WIDTH + klab_vector_lane(), line = i / g->size.x;\n"
    "  klab__call_0(*l, *g, klab_uint3{i % g->size.x, line % g->size.y, line / g->size.y}, i);\n"
    "} }\n";

}  // namespace

CppText emit_source(const Program& program, const std::vector<ConstantValue>* values, bool has_markers) {
  EmitOptions options;
  options.prologue = "inline constexpr uint32_t klab__slots = " + std::to_string(program.threadgroup_slots) + ";\n";
  options.replacements = constant_replacements(program, values);
  options.has_markers = has_markers;
  return emit(program, options);
}

namespace {

// The compiler sees what stands in [[function_constant(…)]], which is otherwise only read.
void append_conditions(CppText& text, const Program& p, const Kernel& kernel) {
  for (const Parameter& parameter : kernel.parameters) {
    const Attribute* condition = p.find_attribute("function_constant", parameter.first, parameter.last);
    if (!condition) continue;
    text.append("\n" + open_scope(kernel.scope) + "static_assert(sizeof(bool(" + p.raw(condition->first, condition->last) + ")));" + std::string(kernel.scope.size(), '}'), condition->first);
  }
}

}  // namespace

void append_call(CppText& text, const Program& p, const EntryPoint& entry, size_t number) {
  const Kernel& kernel = *entry.kernel;
  const Scope& scope = entry.instantiation ? entry.instantiation->scope : kernel.scope;
  const std::string suffix = std::to_string(number);
  std::string id = entry.instantiation ? p.rewritten(entry.instantiation->id_first, entry.instantiation->id_last) : p.rewritten(kernel.token, kernel.id_last);
  // A kernel may be called like something in metal, which the user's using directive makes visible as well.
  if (qualified(scope, "").empty() && !id.starts_with("::")) id.insert(0, "::");
  const std::string type = entry.instantiation ? declared_type(p, *entry.instantiation) : "decltype(" + id + ")";
  append_conditions(text, p, kernel);
  std::string code = "\n" + open_scope(scope) + "using klab__type_" + suffix + " = " + type + "; static constexpr klab__type_" + suffix + "* klab__kernel_" + suffix + " = " + id + ";" + std::string(scope.size(), '}') + "\n";
  code += "static inline __attribute__((always_inline)) void klab__call_" + suffix + std::string(call_parameters) + " { using F = " + qualified(scope, "klab__type_" + suffix) + "; " + qualified(scope, "klab__kernel_" + suffix) + "(";
  text.append(code, entry.token);
  for (size_t i = 0; i < kernel.parameters.size(); ++i) {
    text.append((i ? ", " : "") + argument(kernel.parameters[i], i), entry.instantiation ? entry.token : kernel.parameters[i].token);
  }
  text.append("); }\n", entry.token);
}

KernelFunctions thread_functions(bool uses_sync) {
  KernelFunctions functions;
  functions.uses_sync = uses_sync;
  functions.thread = "klab__thread";
  functions.code = thread_function;
  if (uses_sync) return functions;
  functions.loop = "klab__loop";
  functions.code += loop_function;
  return functions;
}

KernelFunctions leader_functions(bool has_barriers, uint32_t width_multiple) {
  KernelFunctions functions;
  functions.uses_sync = has_barriers;
  functions.width_multiple = width_multiple;
  functions.simdgroup = "klab__simdgroup";
  functions.code = leader_function;
  return functions;
}

KernelFunctions vector_functions(bool has_barriers, bool is_wide) {
  KernelFunctions functions;
  functions.uses_sync = has_barriers;
  functions.width_multiple = is_wide ? 32 : 0;
  functions.simdgroup = is_wide ? "klab__simdgroup" : "klab__simdgroup_any";
  functions.code = is_wide ? wide_vector_function : any_vector_function;
  return functions;
}

void append_entry(CppText& text, const Program& p, const EntryPoint& entry, const KernelFunctions& functions) {
  append_call(text, p, entry, 0);
  std::string code = functions.code;
  code += "extern \"C\" { extern __attribute__((visibility(\"default\"))) const klab_kernel_desc klab_kernel; const klab_kernel_desc klab_kernel = {KLAB_KERNEL_ABI, ";
  code += std::string(functions.uses_sync ? "1" : "0") + ", " + quoted(entry.name) + ", " + functions.thread + ", " + functions.loop + ", ";
  code += std::to_string(reflect(p, entry).max_total_threads) + ", " + std::to_string(functions.width_multiple) + ", " + functions.simdgroup + "};\n";
  // index, kind, bytes of the pointee: what only the compiler knows of a binding.
  code += "extern __attribute__((visibility(\"default\"))) const uint32_t klab_binding_bytes[][3]; const uint32_t klab_binding_bytes[][3] = {";
  const Scope& scope = entry.instantiation ? entry.instantiation->scope : entry.kernel->scope;
  for (size_t i = 0; i < entry.kernel->parameters.size(); ++i) {
    const Parameter& parameter = entry.kernel->parameters[i];
    if (parameter.count || (parameter.role != ParameterRole::buffer && parameter.role != ParameterRole::threadgroup)) continue;
    code += "{" + std::to_string(parameter.index) + ", " + (parameter.role == ParameterRole::threadgroup ? "1" : "0") + ", klab_msl::pointee_bytes<" + qualified(scope, "klab__type_0") + ", " + std::to_string(i) + ">()}, ";
  }
  code += "{~0u, 0, 0}}; }\n";
  text.append(code, entry.token);
}

}  // namespace klab::msl
