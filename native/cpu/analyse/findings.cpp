#include "cpu/analyse/findings.h"

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

}  // namespace klab::analyse
