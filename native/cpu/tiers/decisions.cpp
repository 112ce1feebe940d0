#include "cpu/tiers/decisions.h"

#include <algorithm>

namespace klab::cpu {

namespace {

constexpr size_t most_kept = 1024;

}  // namespace

bool Decision::has_tried(const FastBuild* one) const {
  return std::any_of(tried.begin(), tried.end(), [&](const auto& build) { return build.get() == one; });
}

Decision Decisions::find(const LaunchKey& key) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(key);
  return found == kept_.end() ? Decision{} : found->second;
}

void Decisions::keep(LaunchKey key, Decision decision) {
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= most_kept) kept_.clear();
  kept_.insert_or_assign(std::move(key), std::move(decision));
}

}  // namespace klab::cpu
