#include "kernels.h"

#include <algorithm>
#include <array>
#include <set>

#include "klab.h"

namespace klab::msl {
namespace {

constexpr std::array<std::string_view, 22> position_attributes = {
    "thread_position_in_grid", "thread_position_in_threadgroup", "threadgroup_position_in_grid",
    "threads_per_threadgroup", "dispatch_threads_per_threadgroup", "threads_per_grid", "grid_size", "threadgroups_per_grid",
    "thread_index_in_threadgroup", "thread_index_in_simdgroup", "simdgroup_index_in_threadgroup",
    "simdgroups_per_threadgroup", "dispatch_simdgroups_per_threadgroup", "threads_per_simdgroup", "thread_execution_width",
    "thread_index_in_quadgroup", "quadgroup_index_in_threadgroup", "quadgroup_index_in_simdgroup",
    "quadgroups_per_threadgroup", "dispatch_quadgroups_per_threadgroup", "quadgroups_per_simdgroup", "grid_origin"};

bool has_word(const Program& p, std::string_view word, uint32_t first, uint32_t last) {
  for (uint32_t i = first; i < last; ++i) {
    if (p.is(i, word) && !p.in_attribute(i)) return true;
  }
  return false;
}

uint32_t read_index(Program& p, const Attribute& attribute, uint32_t token, bool& is_known) {
  const auto value = evaluate_integer(p, attribute.first, attribute.last);
  is_known = value && *value >= 0 && *value < int64_t(KLAB_MAX_BINDINGS);
  if (!value) {
    p.report(token, "the index in [[" + attribute.name + "(" + p.raw(attribute.first, attribute.last) + ")]] is not a constant that the lab can read; write a number");
    return 0;
  }
  if (!is_known) p.report(token, "[[" + attribute.name + "(" + std::to_string(*value) + ")]] is out of range: indices go from 0 to " + std::to_string(KLAB_MAX_BINDINGS - 1));
  return is_known ? uint32_t(*value) : 0;
}

void read_type(const Program& p, Parameter& parameter) {
  uint32_t i = parameter.first, end = parameter.last, name = p.size();
  for (uint32_t k = parameter.first; k < parameter.last; ++k) {
    if (p.in_attribute(k)) continue;
    if (p.is(k, "=")) break;
    if (p[k].is_identifier()) name = k;
    if (p.is(k, "<")) k = skip_angles(p, k).value_or(k + 1) - 1;
    else if (p.is(k, "coherent") && p.is(k + 1, "(")) k = p.close(k + 1);
    else if (p.is(k, "[")) parameter.is_pointer = true, k = p.close(k);
  }
  parameter.token = name < p.size() ? name : parameter.first;
  if (name < p.size()) parameter.name = p[name].text, end = name;
  for (; i < end; ++i) {
    if (p.in_attribute(i)) continue;
    const std::string_view word = p[i].text;
    if (word == "<") {
      const uint32_t after = std::min(skip_angles(p, i).value_or(i + 1), end);
      parameter.type += p.written(i, after);
      i = after - 1;
    } else if (word == "coherent") {
      if (p.is(i + 1, "(")) i = p.close(i + 1);
    } else if (word == "(") {  // float (&table)[4]
      parameter.is_reference = p.is(i + 1, "&");
      break;
    } else if (word == "*" || word == "&") {
      (word == "*" ? parameter.is_pointer : parameter.is_reference) = true;
      break;
    } else if (is_address_space(word)) {
      if (parameter.space == AddressSpace::unnamed) parameter.space = address_space(word);
    } else if (word == "const") {
      parameter.is_const = true;
    } else if (word != "volatile" && word != "restrict" && word != "typename") {
      if (!parameter.type.empty() && p[i].is_identifier() && p[i - 1].is_identifier()) parameter.type += ' ';
      parameter.type += word;
    }
  }
  if (parameter.space == AddressSpace::constant) parameter.is_const = true;
}

// `array<device float*, 4> rows [[buffer(0)]]`: reads on as if it were a pointer.
void read_buffer_array(const Program& p, Parameter& parameter) {
  uint32_t open = parameter.first;
  while (open < parameter.token && !p.is(open, "<")) ++open;
  const auto after = open < parameter.token && p.is(open - 1, "array") ? skip_angles(p, open) : std::nullopt;
  if (!after || *after > parameter.token) return;
  const auto parts = split_commas(p, open + 1, *after - 1);
  if (parts.size() != 2 || !p.is(parts[0].second - 1, "*")) return;
  const auto count = evaluate_integer(p, parts[1].first, parts[1].second);
  if (!count || *count < 1 || *count > int64_t(KLAB_MAX_BINDINGS)) return;
  parameter.count = uint32_t(*count);
  parameter.is_pointer = true;
  parameter.type.clear();
  for (uint32_t i = parts[0].first; i + 1 < parts[0].second; ++i) {
    if (is_address_space(p[i].text)) parameter.space = address_space(p[i].text);
    else if (p.is(i, "const")) parameter.is_const = true;
    else parameter.type += p[i].text;
  }
  parameter.is_const |= parameter.space == AddressSpace::constant;
}

void read_role(Program& p, Parameter& parameter) {
  const auto indexed = [&](const Attribute& attribute, ParameterRole role) {
    parameter.role = role;
    parameter.index = read_index(p, attribute, parameter.token, parameter.has_index);
  };
  for (const AttributeGroup* group : p.groups(parameter.first, parameter.last)) {
    for (const Attribute& attribute : group->attributes) {
      if (attribute.name == "buffer") indexed(attribute, ParameterRole::buffer);
      else if (attribute.name == "threadgroup") indexed(attribute, ParameterRole::threadgroup);
      else if (attribute.name == "texture") indexed(attribute, ParameterRole::texture);
      else if (attribute.name == "sampler") indexed(attribute, ParameterRole::sampler);
      else if (attribute.name == "function_constant") parameter.is_optional = true;
      else if (is_position_attribute(attribute.name)) parameter.role = ParameterRole::position, parameter.position = attribute.name;
      else if (attribute.name == "stage_in") p.report_limit(parameter.token, "[[stage_in]] is not available on the cpu device: pass the data in a buffer");
    }
  }
  if (parameter.role != ParameterRole::unknown) return;
  const bool is_indirect = parameter.is_pointer || parameter.is_reference;
  if (is_indirect && parameter.space == AddressSpace::threadgroup) parameter.role = ParameterRole::threadgroup;
  else if (is_indirect && (parameter.space == AddressSpace::device || parameter.space == AddressSpace::constant)) parameter.role = ParameterRole::buffer;
}

void deal_indices(std::vector<Parameter>& parameters, ParameterRole role) {
  std::set<uint32_t> taken;
  for (const Parameter& parameter : parameters) {
    for (uint32_t k = 0; parameter.role == role && parameter.has_index && k < std::max(parameter.count, 1u); ++k) taken.insert(parameter.index + k);
  }
  uint32_t next = 0;
  for (Parameter& parameter : parameters) {
    if (parameter.role != role || parameter.has_index) continue;
    while (taken.contains(next)) ++next;
    parameter.index = next++;
    parameter.has_index = true;
  }
}

void check_parameters(Program& p, const Kernel& kernel) {
  std::set<std::pair<ParameterRole, uint32_t>> seen;
  for (const Parameter& parameter : kernel.parameters) {
    const std::string name = "parameter '" + parameter.name + "' of kernel '" + kernel.name + "'";
    if (parameter.role == ParameterRole::texture || parameter.role == ParameterRole::sampler) {
      p.report_limit(parameter.token, "textures and samplers are not available on the cpu device (" + name + ")");
    } else if (parameter.role == ParameterRole::unknown) {
      if (!p.find_attribute("stage_in", parameter.first, parameter.last)) p.report(parameter.token, name + " has no attribute that says where its value comes from, such as [[buffer(0)]] or [[thread_position_in_grid]]");
    } else if (parameter.role != ParameterRole::position) {
      const bool is_indirect = parameter.is_pointer || parameter.is_reference;
      if (!is_indirect) p.report(parameter.token, name + " must be a pointer or a reference to device, constant or threadgroup memory");
      for (uint32_t k = 0; k < std::max(parameter.count, 1u); ++k) {
        const uint32_t index = parameter.index + k;
        // Two parameters may share an index when function constants choose between them.
        if (!seen.emplace(parameter.role, index).second && !parameter.is_optional) p.report(parameter.token, name + " uses index " + std::to_string(index) + ", which an earlier parameter has");
        if (index == KLAB_MAX_BINDINGS) p.report(parameter.token, name + " needs indices beyond " + std::to_string(KLAB_MAX_BINDINGS - 1));
      }
    }
  }
}

void make_static(Program& p, const FunctionSite& site) {
  const uint32_t head = skip_template_headers(p, site.first, site.last);
  if (p.is(head, "extern")) p.remove(head, head + (p[head + 1].kind == TokenKind::string ? 2 : 1));
  const bool is_static = has_word(p, "static", head, site.head.open);
  bool is_done = is_static;
  for (uint32_t i = head; i < site.head.open; ++i) {
    if (p.in_attribute(i) || !p.is(i, "kernel")) continue;
    p[i].rewrite(is_done ? "" : "static");
    is_done = true;
  }
  for (uint32_t i = head; !is_done && i < site.head.open; ++i) {
    if (p.in_attribute(i) || p[i].is_removed) continue;
    p[i].rewrite("static " + std::string(p[i].emitted()));
    is_done = true;
  }
}

}  // namespace

bool is_position_attribute(std::string_view name) {
  return std::find(position_attributes.begin(), position_attributes.end(), name) != position_attributes.end();
}

std::vector<Parameter> read_parameters(Program& p, uint32_t open, uint32_t close) {
  std::vector<Parameter> parameters;
  for (const auto& [first, last] : split_commas(p, open + 1, close)) {
    if (last == first + 1 && p.is(first, "void")) continue;
    Parameter parameter;
    parameter.first = first;
    parameter.last = last;
    read_type(p, parameter);
    if (!parameter.is_pointer && !parameter.is_reference) read_buffer_array(p, parameter);
    read_role(p, parameter);
    parameters.push_back(std::move(parameter));
  }
  deal_indices(parameters, ParameterRole::buffer);
  deal_indices(parameters, ParameterRole::threadgroup);
  return parameters;
}

void read_kernel(Program& p, const FunctionSite& site) {
  for (const std::string_view stage : {"vertex", "fragment", "mesh", "object", "intersection"}) {
    const bool is_keyword = stage == "vertex" || stage == "fragment";
    const bool has_keyword = is_keyword && has_word(p, stage, site.first, site.head.name_first);
    if (!has_keyword && !p.find_attribute(stage, site.first, site.head.open)) continue;
    p.report_limit(site.head.name, std::string(stage) + " functions are not available on the cpu device: it runs kernels only");
    return;
  }
  if (!has_word(p, "kernel", site.first, site.head.open) && !p.find_attribute("kernel", site.first, site.head.open)) return;
  Kernel kernel;
  kernel.name = p[site.head.name].text;
  kernel.scope = site.scope;
  kernel.token = site.head.name;
  kernel.is_definition = site.is_definition;
  kernel.id_last = site.head.open;
  kernel.is_specialisation = p.is(site.first, "template") && p.is(site.first + 1, "<") && p.is(site.first + 2, ">");
  kernel.is_template = p.is(site.first, "template") && !kernel.is_specialisation;
  kernel.template_parameters = template_parameter_names(p, site.first, skip_template_headers(p, site.first, site.last));
  if (const Attribute* host = p.find_attribute("host_name", site.first, site.head.open)) kernel.host_name = p.string_literal(host->first, host->last);
  if (const Attribute* most = p.find_attribute("max_total_threads_per_threadgroup", site.first, site.last)) {
    kernel.max_total_threads = p.raw(most->first, most->last);
  }
  kernel.parameters = read_parameters(p, site.head.open, p.close(site.head.open));
  make_static(p, site);
  if (!site.is_definition) return;
  check_parameters(p, kernel);
  p.kernels.push_back(std::move(kernel));
}

}  // namespace klab::msl
