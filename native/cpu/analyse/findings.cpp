#include "cpu/analyse/findings.h"

#include <algorithm>
#include <iterator>

namespace klab::analyse {

Finding* Findings::add(const Finding& key) {
  const auto [it, is_new] = known_.try_emplace(Key{key.kind, key.at, key.other, key.binding, key.name}, findings_.size());
  if (!is_new) {
    if (it->second < findings_.size()) findings_[it->second].count++;
    return nullptr;
  }
  if (findings_.size() == most_) {
    it->second = SIZE_MAX;
    omitted_++;
    return nullptr;
  }
  findings_.push_back(key);
  findings_.back().count = 1;
  return &findings_.back();
}

std::vector<Finding> Findings::all() const {
  const auto is_of_a_race = [&](const Finding& read) {
    if (read.kind != FindingKind::uninitialised || read.space != threadgroup_space) return false;
    return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& race) {
      return race.kind == FindingKind::race && race.has_memory && race.name == read.name && race.binding == read.binding && (race.at == read.at || race.other == read.at);
    });
  };
  std::vector<Finding> out;
  std::copy_if(findings_.begin(), findings_.end(), std::back_inserter(out), [&](const Finding& finding) { return !is_of_a_race(finding); });
  return out;
}

}  // namespace klab::analyse
