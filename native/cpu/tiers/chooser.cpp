#include "cpu/tiers/chooser.h"

#include <algorithm>

#include "core/text.h"
#include "cpu/tiers/trial.h"

namespace klab::cpu {

namespace {

using Build = std::shared_ptr<const FastBuild>;

int rank_of(const Build& build) { return !build ? 0 : build->kind() == FastKind::leader ? 1 : 2; }

// Why the chosen one and not a tier above it.
std::string explain(const Question& question, const std::vector<Build>& sides, const std::vector<uint64_t>& ns, size_t chosen) {
  const auto tier_of = [&](const Build& build) { return build ? build->tier() : question.base_tier.c_str(); };
  std::string text;
  for (size_t i = 0; i < sides.size(); i++) {
    if (rank_of(sides[i]) <= rank_of(sides[chosen])) continue;
    const char *other = tier_of(sides[i]), *own = tier_of(sides[chosen]);
    text += text.empty() ? "" : "; ";
    text += ns[i] == TrialResult::no_time ? format("%s measured plainly slower than %s here", other, own) : format("%s measured %.2fx %s here", other, double(ns[chosen]) / double(ns[i]), own);
  }
  return text;
}

}  // namespace

Decision Chooser::choose(const Question& question) {
  const auto& ready = question.ready;
  if (ready.empty()) return {};
  LaunchKey key = key_of(*question.one.dispatch, question.bindings);
  Decision decision = decisions_.find(key);
  const auto is_ready = [&](const Build& build) { return std::find(ready.begin(), ready.end(), build) != ready.end(); };
  // A launch like it fitted a build that this one does not.
  if (decision.build && !is_ready(decision.build)) return {ready.back(), "", {}};
  if (std::all_of(ready.begin(), ready.end(), [&](const Build& build) { return decision.has_tried(build.get()); })) return decision;
  const bool is_too_late = std::chrono::steady_clock::now() >= question.start.deadline;
  if (question.one.is_first && !is_too_late && try_out(question, decision)) {
    decisions_.keep(std::move(key), decision);
  } else if (decision.tried.empty()) {
    decision.build = ready.back();
  }
  return decision;
}

// Decides by measuring what has not been against what was chosen up to now. False when that was cancelled.
bool Chooser::try_out(const Question& question, Decision& decision) const {
  std::vector<Build> sides;
  std::copy_if(question.ready.rbegin(), question.ready.rend(), std::back_inserter(sides), [&](const Build& build) { return !decision.has_tried(build.get()); });
  decision.tried.insert(decision.tried.end(), sides.begin(), sides.end());
  sides.push_back(decision.build);
  std::vector<Launch> launches;
  for (const Build& build : sides) launches.push_back(build ? build->applied_to(question.base) : question.base);
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(question.start.deadline - std::chrono::steady_clock::now()).count();
  const TrialRequest request{*question.one.dispatch, question.bindings, launches, is_in_order_, executor_(), question.start.cancel, static_cast<uint64_t>(std::max<int64_t>(left, 1))};
  const TrialResult trial = compare_builds(request);
  if (trial.error.status == KLAB_CANCELLED) return false;
  if (trial.error.status == KLAB_OUT_OF_MEMORY) return decision.build = sides[0], decision.reason = "", true;
  // It is the same kernel that runs next: the build that was chosen up to now may tell.
  if (trial.error) return decision.reason = format("%s: %s", sides[0]->tier(), trial.error.message.c_str()), true;
  const size_t chosen = static_cast<size_t>(std::min_element(trial.ns.begin(), trial.ns.end()) - trial.ns.begin());
  std::string reason = explain(question, sides, trial.ns, chosen);
  if (sides[chosen] == decision.build && !decision.reason.empty()) reason = decision.reason + (reason.empty() ? "" : "; " + reason);
  decision.reason = std::move(reason);
  decision.build = sides[chosen];
  return true;
}

}  // namespace klab::cpu
