// The faster builds of one entry point, as far as there are any.
#pragma once
#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cpu/host_op.h"
#include "cpu/tiers/fast_build.h"

namespace klab::cpu {

// Of each tier at most one build is of use to a launch: the leader, and the wide vector build or, where its threadgroups
// are not wide, the one for any shape. All methods may be called from any thread.
class BuildSet {
 public:
  using Build = std::shared_ptr<const FastBuild>;
  struct Tiers {
    bool leader = false, vector = false;
  };

  BuildSet(const OpSource& source, BuildQueue& queue, Tiers tiers) : source_(source), queue_(queue), tiers_(tiers) {}
  ~BuildSet();  // what is being made is given up
  BuildSet(const BuildSet&) = delete;
  BuildSet& operator=(const BuildSet&) = delete;

  // Takes the builds that most launches use from the cache, or has them made in the background.
  void begin();
  // [blocking] Makes the first of them on this thread.
  Error make_first(Build& build);

  // Those that can run the launch now, the leader first.
  std::vector<Build> ready_for(const Launch& launch) const;
  // Those that there are, whatever they can run.
  std::vector<Build> ready() const;
  // Has those made that the launch could use and that are missing.
  void ask_for(const Launch& launch);
  // [blocking] As ask_for, and waits. One that is not there at the deadline is left out until the next settle(): what a
  // settled op runs in does not change between its runs. CANCELLED.
  Error wait_for(const Launch& launch, const RunStart& start);
  // Why none can run the launch.
  Error why_not(const Launch& launch) const;

  // [blocking] Waits for all that are being made. TIMEOUT (0: no limit), CANCELLED.
  Error settle(uint64_t timeout_ns, const std::atomic<bool>& cancel);
  bool is_settled() const;
  // What became of those that are not ready, for people; "" when they all are.
  std::string missing() const;

 private:
  using Made = std::shared_ptr<FastBuild>;
  std::vector<FastKind> kinds_for(const Launch& launch) const;
  const Made& build(FastKind kind);
  std::vector<Made> builds() const;

  const OpSource& source_;
  BuildQueue& queue_;
  const Tiers tiers_;
  mutable std::mutex mutex_;  // of what follows
  std::array<Made, fast_kinds> builds_;
  std::array<bool, fast_kinds> is_left_out_{};
};

}  // namespace klab::cpu
