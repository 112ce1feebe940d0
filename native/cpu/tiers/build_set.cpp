#include "cpu/tiers/build_set.h"

#include <algorithm>

#include "core/text.h"

namespace klab::cpu {

namespace {

using Clock = std::chrono::steady_clock;

bool is_wide(const Launch& launch) {
  return launch.threads[0] % KLAB_SIMD_WIDTH == 0 && (!launch.grid_is_threads || launch.grid[0] % KLAB_SIMD_WIDTH == 0);
}

uint64_t ns_until(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline - Clock::now()).count();
  return left > 0 ? static_cast<uint64_t>(left) : 1;  // 0 would be without a limit
}

}  // namespace

BuildSet::~BuildSet() {
  for (const Made& build : builds()) build->abandon();
}

void BuildSet::begin() {
  const std::lock_guard lock(mutex_);
  for (const FastKind kind : {FastKind::leader, FastKind::wide_vector}) {
    if (kind == FastKind::leader ? !tiers_.leader : !tiers_.vector) continue;
    if (!build(kind)->find()) FastBuild::queue(build(kind), queue_);
  }
}

Error BuildSet::make_first(Build& out) {
  Made made;
  {
    const std::lock_guard lock(mutex_);
    made = build(tiers_.leader ? FastKind::leader : FastKind::wide_vector);
  }
  out = made;
  return made->make(*source_.context.cancel);
}

// What stands in the way of one vector build stands in the way of the other.
std::vector<FastKind> BuildSet::kinds_for(const Launch& launch) const {
  std::vector<FastKind> kinds;
  if (tiers_.leader) kinds.push_back(FastKind::leader);
  const Made& wide = builds_[size_t(FastKind::wide_vector)];
  if (tiers_.vector) kinds.push_back(is_wide(launch) || (wide && wide->is_refused()) ? FastKind::wide_vector : FastKind::any_vector);
  return kinds;
}

const BuildSet::Made& BuildSet::build(FastKind kind) {
  Made& build = builds_[size_t(kind)];
  if (!build) build = std::make_shared<FastBuild>(source_, kind);
  return build;
}

std::vector<BuildSet::Made> BuildSet::builds() const {
  const std::lock_guard lock(mutex_);
  std::vector<Made> out;
  std::copy_if(builds_.begin(), builds_.end(), std::back_inserter(out), [](const Made& build) { return build != nullptr; });
  return out;
}

std::vector<BuildSet::Build> BuildSet::ready_for(const Launch& launch) const {
  const std::lock_guard lock(mutex_);
  std::vector<Build> out;
  for (const FastKind kind : kinds_for(launch)) {
    const Made& build = builds_[size_t(kind)];
    if (build && !is_left_out_[size_t(kind)] && build->fits(launch)) out.push_back(build);
  }
  return out;
}

std::vector<BuildSet::Build> BuildSet::ready() const {
  const auto all = builds();
  std::vector<Build> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out), [](const Made& build) { return build->is_ready(); });
  return out;
}

void BuildSet::ask_for(const Launch& launch) {
  const std::lock_guard lock(mutex_);
  for (const FastKind kind : kinds_for(launch)) {
    const bool is_new = !builds_[size_t(kind)];
    const Made& wanted = build(kind);
    if (!is_new || !wanted->find()) FastBuild::queue(wanted, queue_);
  }
}

Error BuildSet::wait_for(const Launch& launch, const RunStart& start) {
  ask_for(launch);
  std::vector<std::pair<FastKind, Made>> wanted;
  {
    const std::lock_guard lock(mutex_);
    for (const FastKind kind : kinds_for(launch)) wanted.emplace_back(kind, build(kind));
  }
  for (const auto& [kind, build] : wanted) {
    if (build->wait(ns_until(start.deadline), start.cancel)) continue;
    if (start.cancel) return {KLAB_CANCELLED, "cancelled while '" + source_.request.entry + "' was built"};
    const std::lock_guard lock(mutex_);
    is_left_out_[size_t(kind)] = true;
  }
  return {};
}

Error BuildSet::why_not(const Launch& launch) const {
  const std::lock_guard lock(mutex_);
  const FastKind kind = kinds_for(launch).back();
  const Made& build = builds_[size_t(kind)];
  const std::string name = "the " + std::string(tiers_.leader ? "leader" : "vector") + " build of '" + source_.request.entry + "'";
  if (build && build->is_pending()) return {KLAB_TIMEOUT, name + " for threadgroups of this shape was not ready in time; run it again, or use tier auto"};
  if (const Error error = build ? build->error() : Error{}) return error;
  return {KLAB_UNSUPPORTED, name + " cannot run threadgroups or buffers of these sizes; use tier auto"};
}

Error BuildSet::settle(uint64_t timeout_ns, const std::atomic<bool>& cancel) {
  const auto deadline = Clock::now() + std::chrono::nanoseconds(timeout_ns);
  {
    const std::lock_guard lock(mutex_);
    is_left_out_ = {};
  }
  for (const Made& build : builds()) FastBuild::queue(build, queue_);
  for (const Made& build : builds()) {
    if (build->wait(timeout_ns ? ns_until(deadline) : 0, cancel)) continue;
    if (cancel) return {KLAB_CANCELLED, "cancelled while a faster build of '" + source_.request.entry + "' was being made"};
    return {KLAB_TIMEOUT, "a faster build of '" + source_.request.entry + "' is not ready yet"};
  }
  return {};
}

bool BuildSet::is_settled() const {
  const auto all = builds();
  return std::none_of(all.begin(), all.end(), [](const Made& build) { return build->is_pending(); });
}

std::string BuildSet::missing() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (size_t kind = 0; kind < builds_.size(); kind++) {
    if (!builds_[kind]) continue;
    const FastBuild& build = *builds_[kind];
    const Error error = build.error();
    if (is_left_out_[kind]) text = std::string("a run could not wait for the ") + build.tier() + " build; settle the op to take it";
    else if (build.is_pending()) text = std::string("the ") + build.tier() + " build is not ready yet";
    else if (error) text = error.message;
  }
  return text;
}

}  // namespace klab::cpu
