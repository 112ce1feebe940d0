#include "null/clock.h"

#include <cmath>

namespace klab {

namespace {

constexpr double first_ns = 1e6;  // 0 is an invalid timestamp
constexpr double shortest_swing_ns = 50e6, longest_swing_ns = 500e6, usual_state_ns = 10e6;
constexpr double slice_ns = 1e6;  // within it, only a change of the bimodal state changes the rate
constexpr double wander_ns = 10e6, burst_ns = 20e6, burst_factor = 1.3;
constexpr double two_pi = 6.283185307179586;

// The finaliser of splitmix64 (Steele, Lea and Flood 2014).
uint64_t scramble(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

}  // namespace

void ScriptedClock::restart(const ClockScript& script) {
  script_ = script;
  // Scrambled twice: the streams of neighbouring seeds would else be one stream, shifted.
  state_ = scramble(scramble(static_cast<uint64_t>(script.seed) + 1) + 1);
  now_ns_ = first_ns;
  swing_ns_ = shortest_swing_ns + uniform() * (longest_swing_ns - shortest_swing_ns);
  phase_ = uniform();
  is_slow_ = uniform() < 0.5;
  state_ns_ = script.state_ns > 0 ? script.state_ns : usual_state_ns;
  next_switch_ns_ = now_ns_ + exponential(state_ns_);
  if (script.swing_ns > 0) swing_ns_ = script.swing_ns;
  for (int arm = 0; arm < 2; arm++) {
    wander_[arm] = normal();
    wandered_ns_[arm] = now_ns_;
  }
  burst_end_ns_ = now_ns_;
  next_burst_ns_ = script.bursts > 0 ? now_ns_ + exponential(burst_ns * (1 / script.bursts - 1)) : 0;
}

double ScriptedClock::uniform() { return (static_cast<double>(scramble(state_ += 0x9e3779b97f4a7c15ull) >> 11) + 1) * 0x1p-53; }

double ScriptedClock::exponential(double mean) { return -mean * std::log(uniform()); }

double ScriptedClock::normal() { return std::sqrt(-2 * std::log(uniform())) * std::cos(two_pi * uniform()); }

// What befalls one arm alone: an Ornstein-Uhlenbeck process, and bursts.
double ScriptedClock::own_slowness(int arm) {
  double factor = 1;
  if (script_.wander > 0) {
    const double kept = std::exp((wandered_ns_[arm] - now_ns_) / wander_ns);
    wander_[arm] = kept * wander_[arm] + std::sqrt(1 - kept * kept) * normal();
    wandered_ns_[arm] = now_ns_;
    factor *= std::exp(script_.wander * wander_[arm]);
  }
  if (script_.bursts > 0) {
    while (now_ns_ >= next_burst_ns_) {
      burst_end_ns_ = next_burst_ns_ + exponential(burst_ns);
      burst_arm_ = uniform() < 0.5;
      next_burst_ns_ = burst_end_ns_ + exponential(burst_ns * (1 / script_.bursts - 1));
    }
    if (now_ns_ < burst_end_ns_ && arm == burst_arm_) factor *= burst_factor;
  }
  return factor;
}

double ScriptedClock::slowness() {
  while (now_ns_ >= next_switch_ns_) {
    is_slow_ = !is_slow_;
    next_switch_ns_ += exponential(state_ns_);
  }
  const double drift = 1 + script_.drift * std::sin(two_pi * ((now_ns_ - first_ns) / swing_ns_ + phase_));
  return drift / (is_slow_ ? 1 - script_.bimodal : 1);
}

void ScriptedClock::work(double ns, bool is_baseline) {
  // A sum of four exponentials: mean 4, standard deviation 2.
  const double skewed = -std::log(uniform() * uniform() * uniform() * uniform());
  double factor = 1 + script_.jitter * (skewed - 4) / 2;
  if (uniform() <= script_.spikes) factor *= 1.2 + 3.8 * uniform();
  // A rate counts for as long as it lasts: long work takes the mean of those that it meets.
  double left = std::fmax(ns * factor, 1);
  while (left > 1e-3) {
    const double rate = slowness() * own_slowness(is_baseline);
    const double until_switch = std::fmax(next_switch_ns_ - now_ns_, 1);
    const double slice = std::fmin(std::fmin(left * rate, slice_ns), until_switch);
    now_ns_ += slice;
    left -= slice / rate;
  }
}

}  // namespace klab
