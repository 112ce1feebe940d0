// The time of the null device: simulated, seeded, and as unsteady as it is told to be, so that what judges times can be
// judged itself.
#pragma once
#include <cstdint>

namespace klab {

struct ClockScript {
  double seed = 1;  // a whole number
  double jitter = 0.01;  // standard deviation of a dispatch's time, as a share of it; skewed towards longer ones
  double drift = 0;      // the clock's rate swings by this share around its middle, in 50 to 500 ms
  double spikes = 0;     // share of dispatches during which something else takes the device: 1.2 to 5 times as long
  double swing_ns = 0;   // how long a swing of the drift takes; 0: by the seed, as above
  double wander = 0;     // each arm has a factor of its own that wanders by this standard deviation, within some 10 ms
  double bursts = 0;     // share of the time during which one arm, chosen anew each time, takes 1.3 times as long, for 20 ms
  double bimodal = 0;    // the clock falls to a rate lower by this share and comes back
  double state_ns = 0;   // for how long on average each time; 0: for 10 ms
};

class ScriptedClock {
 public:
  ScriptedClock() { restart({}); }
  // The same sequence of times from here on for the same script.
  void restart(const ClockScript& script);
  uint64_t now() const { return static_cast<uint64_t>(now_ns_); }
  // Work of an arm that takes `ns` on a steady device is done.
  void work(double ns, bool is_baseline);
  // Time passes at the rate that it says.
  void pass(uint64_t ns) { now_ns_ += static_cast<double>(ns); }

 private:
  double uniform();  // above 0, up to 1
  double exponential(double mean);
  double normal();
  double slowness();
  double own_slowness(int arm);

  ClockScript script_;
  uint64_t state_ = 0;
  double now_ns_ = 0, swing_ns_ = 0, state_ns_ = 0, phase_ = 0, next_switch_ns_ = 0;
  bool is_slow_ = false;
  double wander_[2] = {}, wandered_ns_[2] = {}, next_burst_ns_ = 0, burst_end_ns_ = 0;
  int burst_arm_ = 0;
};

}  // namespace klab
