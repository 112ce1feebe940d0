// What submitting costs the host.
#pragma once
#include <chrono>
#include <cstdint>

namespace klab {

// What the calling thread spends before its first threadgroup: making the dispatch ready, and handing it to the others.
struct HostTimes {
  uint64_t encode_ns = 0, commit_ns = 0;
};

// Adds the time since the last lap, or since it was made, to one of the times; does nothing without them.
class Laps {
 public:
  explicit Laps(HostTimes* times) : times_(times) {
    if (times_) last_ = Clock::now();
  }
  void end(uint64_t HostTimes::*time) {
    if (!times_) return;
    const Clock::time_point now = Clock::now();
    times_->*time += static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now - last_).count());
    last_ = now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  HostTimes* const times_;
  Clock::time_point last_;
};

}  // namespace klab
