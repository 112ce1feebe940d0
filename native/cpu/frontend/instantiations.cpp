#include "instantiations.h"

#include "syntax.h"

namespace klab::msl {
namespace {

// The template-id that ends at `end`: its first token (qualification included) and its base name.
struct TemplateId {
  uint32_t first = 0, base = 0;
};

std::optional<TemplateId> find_template_id(const Program& p, uint32_t first, uint32_t end) {
  // Forwards, so that angles nest properly; the last one that reaches the end counts.
  std::optional<TemplateId> found;
  uint32_t chain = first, i = first;
  while (i < end) {
    if (p.in_attribute(i)) {
      ++i;
    } else if (p[i].is_identifier()) {
      if (!(i > first && p.is(i - 1, "::"))) chain = i;
      uint32_t next = i + 1;
      if (p.is(next, "<")) next = skip_angles(p, next).value_or(next);
      uint32_t rest = next;
      while (rest < end && p.in_attribute(rest)) ++rest;
      if (rest >= end) found = TemplateId{chain, i};
      i = next;
    } else {
      i = p.opens(i) ? p.close(i) + 1 : i + 1;
    }
  }
  return found;
}

}  // namespace

bool read_instantiation(Program& p, uint32_t first, uint32_t last, const Scope& scope) {
  if (!p.is(first, "template") || p.is(first + 1, "<")) return false;
  bool is_kernel = p.find_attribute("kernel", first, last) != nullptr;
  uint32_t type = first + 1;
  for (uint32_t i = first + 1; i < last; ++i) is_kernel |= p.is(i, "kernel") && !p.in_attribute(i);
  const Attribute* host = p.find_attribute("host_name", first, last);
  if (!host && !is_kernel) return false;
  p.remove(first, last + 1);

  Instantiation found;
  found.scope = scope;
  uint32_t end = last;
  while (end > first && p.in_attribute(end - 1)) --end;
  if (p.is(end - 1, ")") && p[end - 1].match != none) {
    found.has_signature = true;
    found.signature_last = end;
    found.signature_first = end = uint32_t(p[end - 1].match);
  }
  const auto id = find_template_id(p, first + 1, end);
  if (!id) {
    p.report(first, "this explicit instantiation names no kernel template; write template [[host_name(\"name\")]] kernel void function<arguments>(parameters)");
    return true;
  }
  found.token = id->base;
  found.base = p[id->base].text;
  found.id_first = id->first;
  found.id_last = end;
  while (type < id->first && (p.in_attribute(type) || p.is(type, "kernel"))) ++type;
  found.type_first = type;
  found.type_last = id->first;
  found.host_name = host ? p.string_literal(host->first, host->last) : p.written(found.id_first, found.id_last);
  p.instantiations.push_back(std::move(found));
  return true;
}

const Kernel* find_kernel(const Program& p, const Instantiation& instantiation) {
  size_t wanted = size_t(-1);
  if (instantiation.has_signature) {
    const uint32_t open = instantiation.signature_first;
    wanted = split_commas(p, open + 1, instantiation.signature_last - 1).size();
    if (p.is(open + 1, "void") && p.is(open + 2, ")")) wanted = 0;
  }
  const Kernel* found = nullptr;
  for (const Kernel& kernel : p.kernels) {
    if (kernel.name != instantiation.base || kernel.is_specialisation) continue;
    const bool fits = wanted == size_t(-1) || kernel.parameters.size() - kernel.hidden_parameters == wanted;
    const bool is_nearer = !found || (kernel.scope == instantiation.scope && found->scope != instantiation.scope);
    if (fits && is_nearer) found = &kernel;
  }
  return found;
}

}  // namespace klab::msl
