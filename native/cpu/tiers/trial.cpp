#include "cpu/tiers/trial.h"

#include <algorithm>
#include <chrono>
#include <random>

#include "cpu/tiers/copies.h"

namespace klab::cpu {

namespace {

constexpr uint64_t slice_ns = 50'000;       // of the first build: enough for the clock, little beside a dispatch
constexpr uint64_t heavy_ns = 3'000'000;    // no further threadgroup is taken after it
constexpr uint64_t budget_ns = 30'000'000;  // no further round is begun after it
constexpr double plainly_slower = 1.5;      // is out
constexpr uint64_t brief_ns = 500'000;      // costs nothing in all rounds, and waits for memory in more than the first
constexpr uint64_t loop_at_worst = 64;      // times slower than the fast builds: 32 lanes, and their memory accesses
constexpr int rounds = 5;
constexpr size_t most_groups = 64, least_groups = 3;

uint64_t now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

// The first ones of causal masks and ragged batches, and the last ones of a grid that is too large, have nothing to do.
std::vector<uint64_t> spread(uint64_t count, bool is_in_order) {
  std::vector<uint64_t> numbers;
  const size_t wanted = std::min<uint64_t>(count, most_groups);
  const auto add = [&](uint64_t number) {
    if (std::find(numbers.begin(), numbers.end(), number) == numbers.end()) numbers.push_back(number);
  };
  for (uint64_t i = 0; is_in_order && i < wanted; i++) numbers.push_back(i);
  if (is_in_order || count == 0) return numbers;
  std::mt19937_64 random(1);
  for (const uint64_t number : {count / 2, uint64_t{0}, count - 1}) add(number);
  while (numbers.size() < wanted) add(random() % count);
  return numbers;
}

class Contest {
 public:
  explicit Contest(const TrialRequest& request) : request_(request), start_ns_(now_ns()) {}

  Error begin() {
    if (Error error = copies_.make(request_.dispatch, request_.bindings)) return error;
    for (const Launch& launch : request_.builds) sides_.push_back({copies_.redirect(request_.dispatch, launch)});
    groups_ = spread(Executor::group_count(request_.builds[0]), request_.is_in_order);
    return groups_.empty() ? Error{KLAB_INVALID_ARGUMENT, "no threadgroups"} : Error{};
  }

  Error run() {
    for (int round = 0; round < rounds; round++) {
      for (Side& side : sides_) {
        if (Error error = side.is_out ? Error{} : take(side)) return error;
      }
      // Stacks and code are touched for the first time in the first round.
      if (round > 0) drop_the_slow();
      const auto left = std::count_if(sides_.begin(), sides_.end(), [](const Side& side) { return !side.is_out; });
      if (left <= 1 || now_ns() - start_ns_ > budget_ns) break;
    }
    return {};
  }

  std::vector<uint64_t> times() const {
    std::vector<uint64_t> out;
    for (const Side& side : sides_) out.push_back(side.best_ns);
    return out;
  }

 private:
  struct Side {
    Launch launch;
    uint64_t best_ns = TrialResult::no_time;
    bool is_out = false;
  };

  uint64_t best_ns() const {
    return std::min_element(sides_.begin(), sides_.end(), [](const Side& a, const Side& b) { return a.best_ns < b.best_ns; })->best_ns;
  }

  uint64_t patience() const {
    const uint64_t best = best_ns();
    if (best == TrialResult::no_time) return request_.most_ns;
    return std::min(request_.most_ns, std::max(budget_ns, static_cast<uint64_t>(plainly_slower * double(best))));
  }

  // The threadgroups once, in this build. One that runs out of patience is out.
  Error take(Side& side) {
    const uint64_t most = patience();
    const bool is_sizing = !is_sized_;
    is_sized_ = true;
    if (Executor::tier_of(side.launch) == Tier::loop && best_ns() / groups_.size() > request_.most_ns / loop_at_worst) return side.is_out = true, Error{};
    copies_.refresh();
    uint64_t total = 0;
    for (size_t i = 0; i < groups_.size(); i++) {
      uint64_t ns = 0;
      const Error error = request_.executor.run_one(side.launch, groups_[i], {request_.cancel, most - total}, &ns);
      total += std::max<uint64_t>(ns, 1);
      if (error && error.status != KLAB_TIMEOUT) return error;
      if (is_sizing && (total >= heavy_ns || (total >= slice_ns && i + 1 >= least_groups))) groups_.resize(i + 1);
      if (error || (total >= most && i + 1 < groups_.size())) return side.is_out = true, Error{};
    }
    side.best_ns = std::min(side.best_ns, total);
    return {};
  }

  void drop_the_slow() {
    const double most = plainly_slower * double(best_ns());
    for (Side& side : sides_) side.is_out |= side.best_ns > brief_ns && double(side.best_ns) > most;
  }

  const TrialRequest& request_;
  const uint64_t start_ns_;
  Copies copies_;
  std::vector<Side> sides_;
  std::vector<uint64_t> groups_;
  bool is_sized_ = false;
};

}  // namespace

TrialResult compare_builds(const TrialRequest& request) {
  TrialResult result;
  Contest contest(request);
  result.error = contest.begin();
  if (!result.error) result.error = contest.run();
  if (!result.error) result.ns = contest.times();
  return result;
}

}  // namespace klab::cpu
