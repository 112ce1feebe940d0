#include "restrictions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "entries.h"
#include "syntax.h"

namespace klab::msl {
namespace {

constexpr std::array<std::string_view, 14> refused_words = {"double", "goto", "new", "delete", "try", "throw", "catch", "dynamic_cast", "typeid", "thread_local", "virtual", "asm", "__asm", "__asm__"};

bool is_refused(const Program& p, uint32_t i) {
  if (p.is(i, "long") && p.is(i + 1, "long")) return true;
  if (std::find(refused_words.begin(), refused_words.end(), p[i].text) == refused_words.end()) return false;
  // `int f(int) __asm("air.f");` names one of Apple's own functions; it is no assembly.
  const bool is_label = p[i].text.ends_with("asm") || p[i].text.ends_with("asm__");
  if (is_label && i > 0 && p.is(i - 1, ")") && p.is(i + 1, "(") && p.raw(i + 2, i + 3).starts_with("\"air.")) return false;
  return !(p.is(i, "delete") && i > 0 && p.is(i - 1, "="));
}

void report_words(Program& p) {
  std::set<std::string_view> reported;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (!p[i].is_identifier() || p.in_attribute(i)) continue;
    if (p[i].text.starts_with("klab_") && reported.insert("klab_").second) p.report(i, "names that begin with klab_ are the lab's own: give '" + std::string(p[i].text) + "' another");
    if (!is_refused(p, i) || !reported.insert(p[i].text).second) continue;
    if (p.is(i, "long")) p.report(i, "'long long' is not supported in Metal: use long, which has 64 bits");
    else p.report(i, "'" + std::string(p[i].text) + "' is not supported in Metal" + (p.is(i, "double") ? ": use float" : ""));
  }
}

// `int (*f)(float)`, `T (S::*m)`, `using F = int (*)(float)`: an expression has no type in front of the parenthesis.
bool is_function_pointer(const Program& p, uint32_t open) {
  if (!p.is(open, "(") || open == 0 || p.in_attribute(open) || p[open].match == none) return false;
  const bool is_type_before = (p[open - 1].is_identifier() || p.is(open - 1, ">") || p.is(open - 1, "*")) && !p.is(open - 1, "return") && !p.is(open - 1, "sizeof");
  uint32_t star = open + 1;
  while (p.is_identifier(star) && p.is(star + 1, "::")) star += 2;
  if (!is_type_before || (!p.is(star, "*") && !p.is(star, "^")) || !p.is(p.close(open) + 1, "(")) return false;
  const uint32_t inner = p.close(open) - star;
  return inner == 1 || (inner == 2 && p.is_identifier(star + 1)) || (inner > 2 && p.is_identifier(star + 1) && p.is(star + 2, "["));
}

bool is_member_pointer(const Program& p, uint32_t i) {
  return p.is(i, "::") && p.is(i + 1, "*") && i > 0 && p.is_identifier(i - 1) && (p.is_identifier(i + 2) || p.is(i + 2, ")"));
}

void report_pointers(Program& p) {
  for (uint32_t i = 0; i < p.size(); ++i) {
    // As template arguments, functions are known when the kernel is compiled; a name for their type does no harm.
    if (p.is(i, "template") && p.is(i + 1, "<")) i = skip_angles(p, i + 1).value_or(i + 2) - 1;
    while ((p.is(i, "typedef") || p.is(i, "using")) && i + 1 < p.size()) {
      while (i + 1 < p.size() && !p.is(i, ";") && !p.is(i, "{")) ++i;
    }
    if (is_function_pointer(p, i)) p.report(i, "function pointers are not supported in Metal: call the function by its name, or pass what to call as a template argument");
    else if (is_member_pointer(p, i)) p.report(i - 1, "pointers to members are not supported in Metal");
  }
}

// `static int n` would be shared by all threads, in a race.
void report_static_locals(Program& p) {
  for (const Function& function : p.functions) {
    for (uint32_t i = function.body_first + 1; i < function.body_last; ++i) {
      if (!p.is(i, "static") || p.in_attribute(i)) continue;
      bool is_const = i > 0 && (p.is(i - 1, "const") || p.is(i - 1, "constexpr") || p.is(i - 1, "constant") || p.is(i - 1, "threadgroup"));
      uint32_t end = i + 1;
      for (; end < function.body_last && !p.is(end, ";") && !p.is(end, "=") && !p.is(end, "{") && !p.is(end, "("); ++end) {
        is_const |= p.is(end, "const") || p.is(end, "constexpr") || p.is(end, "constant") || p.is(end, "threadgroup");
      }
      if (!is_const) p.report(i, "a static variable of a function must be constant in Metal: write static constant, and a value");
      i = end;
    }
  }
}

// Of built-in types only: what is declared otherwise may be no variable at all.
void report_global_variables(Program& p, uint32_t first, uint32_t last) {
  uint32_t i = first;
  std::string_view space;
  // Positions at namespace scope are no variables any more.
  if (first < last && p[first].is_removed) return;
  for (; i < last && (p.in_attribute(i) || p.is(i, "static") || p.is(i, "volatile") || is_address_space(p[i].text)); ++i) {
    if (p.in_attribute(i)) continue;
    if (p.is(i, "constant")) return;
    if (is_address_space(p[i].text)) space = p[i].text;
  }
  if (i + 1 >= last + 1 || !p.is_identifier(i) || known_type_bytes(p[i].text) == 0 || !p.is_identifier(i + 1)) return;
  if (!p.is(i + 2, ";") && !p.is(i + 2, "=") && !p.is(i + 2, "[") && !p.is(i + 2, ",")) return;
  p.report(i + 1, "'" + std::string(p[i + 1].text) + "' is outside of functions, where Metal allows only constant memory: write constant, and a value" +
                      (space == "threadgroup" ? ", or declare it inside the kernel" : ""));
}

void report_globals(Program& p) {
  uint32_t start = 0;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (p.is(i, "namespace")) {  // what is in it is outside of functions too
      while (i < p.size() && !p.is(i, "{") && !p.is(i, ";")) ++i;
      start = i + 1;
    } else if (p.opens(i)) {
      const bool is_body = p.is(i, "{");
      if (p[i].match == none) return;
      i = p.close(i);
      if (is_body && !p.is(i + 1, ";") && !p.is(i + 1, ",")) start = i + 1;
    } else if (p.is(i, ";")) {
      report_global_variables(p, start, i);
      start = i + 1;
    } else if (p.is(i, "}")) {
      start = i + 1;
    }
  }
}

void report_kernel(Program& p, const Kernel& kernel) {
  if (kernel.name == "main") p.report(kernel.token, "a kernel cannot be named main");
  uint32_t first = kernel.token;
  bool returns_void = false;
  for (; first > 0 && !p.is(first - 1, ";") && !p.is(first - 1, "}") && !p.is(first - 1, "{"); --first) returns_void |= p.is(first - 1, "void");
  if (!returns_void) p.report(kernel.token, "kernel '" + kernel.name + "' must return void");
  for (const Parameter& parameter : kernel.parameters) {
    const bool is_memory = parameter.role == ParameterRole::buffer && (parameter.is_pointer || parameter.is_reference);
    const std::string name = "parameter '" + parameter.name + "' of kernel '" + kernel.name + "'";
    if (is_memory && (parameter.space == AddressSpace::unnamed || parameter.space == AddressSpace::thread)) {
      p.report(parameter.token, name + " must say in which memory it points: device or constant");
    }
  }
}

constexpr std::array<std::string_view, 6> positions_of_three = {"thread_position_in_grid", "thread_position_in_threadgroup", "threadgroup_position_in_grid", "threads_per_threadgroup", "threads_per_grid", "threadgroups_per_grid"};

// Known types only; others are the compiler's to judge.
void report_position(Program& p, const Kernel& kernel, const Parameter& parameter) {
  std::string_view type = parameter.type;
  if (type.starts_with("metal::")) type.remove_prefix(7);
  if (known_type_bytes(type) == 0) return;
  const bool is_whole = type.starts_with("u") || type.starts_with("int") || type.starts_with("short");
  const bool is_vector = !type.ends_with("_t") && type.back() >= '2' && type.back() <= '4';
  const bool is_wide = std::find(positions_of_three.begin(), positions_of_three.end(), parameter.position) != positions_of_three.end() || parameter.position.starts_with("dispatch_threads") || parameter.position.starts_with("grid_");
  if (is_whole && type.back() != '4' && (!is_vector || is_wide) && !type.starts_with("uchar")) return;
  p.report(parameter.token, "parameter '" + parameter.name + "' of kernel '" + kernel.name + "': [[" + parameter.position + "]] is a ushort or uint" + (is_wide ? ", or a vector of two or three of them" : "") + ", not " + std::string(type));
}

void report_kernels(Program& p) {
  std::map<std::pair<Scope, std::string>, uint32_t> seen;
  for (const Kernel& kernel : p.kernels) {
    report_kernel(p, kernel);
    for (const Parameter& parameter : kernel.parameters) {
      if (parameter.role == ParameterRole::position) report_position(p, kernel, parameter);
    }
    if (kernel.is_template || kernel.is_specialisation) continue;
    if (!seen.emplace(std::pair(kernel.scope, kernel.name), kernel.token).second) p.report(kernel.token, "there is a kernel '" + kernel.name + "' already: a kernel's name has one meaning");
  }
}

}  // namespace

void report_restrictions(Program& p) {
  report_words(p);
  report_pointers(p);
  report_static_locals(p);
  report_globals(p);
  report_kernels(p);
}

}  // namespace klab::msl
