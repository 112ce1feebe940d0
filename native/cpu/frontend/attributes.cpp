#include "attributes.h"

#include "syntax.h"

namespace klab::msl {
namespace {

bool is_group(const Program& p, uint32_t i) {
  return p.is(i, "[") && p.is(i + 1, "[") && p[i].match != none && p[i + 1].match == p[i].match - 1;
}

AttributeGroup read_group(const Program& p, uint32_t open) {
  AttributeGroup group;
  group.first = open;
  group.last = p.close(open);
  for (const auto& [first, last] : split_commas(p, open + 2, group.last - 1)) {
    Attribute attribute;
    uint32_t i = first;
    for (; i < last && !p.is(i, "("); ++i) attribute.name += p[i].text;
    if (i < last) {
      attribute.first = i + 1;
      attribute.last = p.close(i);
    }
    group.attributes.push_back(std::move(attribute));
  }
  return group;
}

}  // namespace

void read_attributes(Program& p) {
  for (uint32_t i = 0; i + 3 < p.size(); ++i) {
    if (!is_group(p, i)) continue;
    const auto index = int32_t(p.attributes.size());
    p.attributes.push_back(read_group(p, i));
    const uint32_t last = p.attributes.back().last;
    for (uint32_t k = i; k <= last; ++k) {
      p[k].attribute = index;
      p[k].is_removed = true;
    }
    i = last;
  }
}

}  // namespace klab::msl
