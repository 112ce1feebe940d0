#include "global_positions.h"

#include <algorithm>

#include "constants.h"
#include "instantiations.h"
#include "kernels.h"

namespace klab::msl {
namespace {

bool is_qualifier(std::string_view word) {
  return is_address_space(word) || word == "const" || word == "static" || word == "constexpr" || word == "extern" || word == "inline";
}

// As a parameter or a local variable; `return gid` is a use.
bool is_declared_at(const Program& p, uint32_t i) {
  if (i < 2) return false;
  const auto names_a_type = [&](uint32_t k) { return p[k].is_identifier() && !p.is(k, "return") && !p.is(k, "case") && !p.is(k, "else"); };
  if (p.is(i - 1, "&") || p.is(i - 1, "*")) return names_a_type(i - 2) && (p.is(i + 1, ",") || p.is(i + 1, ")")) && is_address_space(p[i - 3 < i ? i - 3 : 0].text);
  return names_a_type(i - 1);
}

// The first use of `name` in [first, last); none when something there is declared with that name.
uint32_t find_use(const Program& p, const std::string& name, uint32_t first, uint32_t last) {
  uint32_t found = last;
  for (uint32_t i = first; i < last; ++i) {
    if (!p.is(i, name) || p.in_attribute(i) || p.is(i - 1, ".") || p.is(i - 1, "->")) continue;
    if (is_declared_at(p, i)) return last;
    found = std::min(found, i);
  }
  return found;
}

void append(Program& p, uint32_t close, const std::string& text, bool is_first) {
  const std::string before(p[close].emitted().substr(0, p[close].emitted().size() - 1));
  p[close].rewrite(before + (is_first && before.empty() ? "" : ", ") + text + ")");
}

void give(Program& p, Kernel& kernel, const GlobalPosition& variable, uint32_t use) {
  append(p, p.close(kernel.id_last), variable.type + " " + variable.name, kernel.parameters.empty());
  for (Instantiation& instantiation : p.instantiations) {
    if (instantiation.has_signature && find_kernel(p, instantiation) == &kernel) append(p, instantiation.signature_last - 1, variable.type, kernel.parameters.empty());
  }
  Parameter parameter;
  parameter.first = parameter.last = parameter.token = use;
  parameter.name = variable.name;
  parameter.type = variable.type;
  parameter.role = ParameterRole::position;
  parameter.position = variable.position;
  kernel.parameters.push_back(std::move(parameter));
  ++kernel.hidden_parameters;
}

}  // namespace

bool read_global_position(Program& p, uint32_t first, uint32_t last) {
  GlobalPosition found;
  for (const AttributeGroup* group : p.groups(first, last)) {
    for (const Attribute& attribute : group->attributes) {
      if (is_position_attribute(attribute.name)) found.position = attribute.name;
    }
  }
  const std::vector<std::string> names = declared_names(p, first, last);
  if (found.position.empty() || names.size() != 1) return false;
  found.name = names.front();
  for (uint32_t i = first; i < last && !p.is(i, found.name); ++i) {
    if (!p.in_attribute(i) && !is_qualifier(p[i].text)) found.type += p[i].text;
  }
  p.remove(first, last + 1);
  p.global_positions.push_back(std::move(found));
  return true;
}

void pass_global_positions(Program& p) {
  for (const GlobalPosition& variable : std::vector<GlobalPosition>(p.global_positions)) {
    for (const Unit& unit : p.units) {
      const uint32_t use = unit.is_function ? find_use(p, variable.name, unit.first, unit.last) : unit.last;
      if (use == unit.last) continue;
      const auto kernel = std::find_if(p.kernels.begin(), p.kernels.end(), [&](const Kernel& known) { return known.token >= unit.first && known.token < unit.last; });
      if (kernel != p.kernels.end()) give(p, *kernel, variable, use);
      else p.report_limit(use, "'" + variable.name + "' has another value in every thread; on the cpu device only kernels can use such a variable, so pass it to '" + unit.names.front() + "' as an argument");
    }
  }
}

}  // namespace klab::msl
