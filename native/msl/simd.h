// simd_*: functions across a simdgroup of 32 lanes. Lanes that do not take part (returned, or in another branch) are
// left out of reductions; reading one of them gives the reader's own value.
// A value is read before it is known whether it counts: lanes must not part between meeting and reading.
#pragma once
#include "reductions.h"

namespace metal {

KLAB_MSL_REDUCTIONS(simd, klab_msl::reduce, klab_msl::scan)

using klab_msl::Exchangeable;

template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle(T v, ushort lane) { return klab_msl::meet(v).read(lane % KLAB_SIMD_WIDTH); }
template <Exchangeable T> KLAB_MSL_SIMT T simd_broadcast(T v, ushort lane) { return klab_msl::meet(v).read(lane % KLAB_SIMD_WIDTH); }
template <Exchangeable T> KLAB_MSL_SIMT T simd_broadcast_first(T v) {
  const auto m = klab_msl::meet(v);
  return m.at(m.first());
}
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_xor(T v, ushort mask) {
  const auto m = klab_msl::meet(v);
  return m.read((m.lane ^ mask) % KLAB_SIMD_WIDTH);
}
// Lanes without a source keep their own value.
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_up(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  const T there = m.read(m.lane - delta);
  return m.lane >= delta ? there : v;
}
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_down(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  return m.read(m.lane + delta);
}
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_rotate_up(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  return m.read((m.lane - delta) % KLAB_SIMD_WIDTH);
}
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_rotate_down(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  return m.read((m.lane + delta) % KLAB_SIMD_WIDTH);
}

// Within blocks of `modulo` lanes; what a shift leaves empty comes from the other end of `filling` in the same block.
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_and_fill_up(T v, T filling, ushort delta, ushort modulo = KLAB_SIMD_WIDTH) {
  const auto fill = klab_msl::meet(filling);
  const uint in_block = fill.lane % modulo;
  const T shifted_in = fill.read(fill.lane - in_block + (in_block + modulo - delta) % modulo);
  const auto m = klab_msl::meet(v);
  const T there = m.read(m.lane - delta);
  return in_block >= delta ? there : shifted_in;
}
template <Exchangeable T> KLAB_MSL_SIMT T simd_shuffle_and_fill_down(T v, T filling, ushort delta, ushort modulo = KLAB_SIMD_WIDTH) {
  const auto fill = klab_msl::meet(filling);
  const uint in_block = fill.lane % modulo;
  const T shifted_in = fill.read(fill.lane - in_block + (in_block + delta) % modulo);
  const auto m = klab_msl::meet(v);
  const T there = m.read(m.lane + delta);
  return in_block + delta < modulo ? there : shifted_in;
}

class simd_vote {
 public:
  using vote_t = ulong;
  KLAB_MSL_FN explicit constexpr simd_vote(vote_t v = 0) : bits_(v) {}
  KLAB_MSL_FN explicit constexpr operator vote_t() const { return bits_; }
  KLAB_MSL_FN constexpr bool all() const { return bits_ == 0xffffffffu; }
  KLAB_MSL_FN constexpr bool any() const { return bits_ != 0; }

 private:
  vote_t bits_;
};

KLAB_MSL_SIMT simd_vote simd_ballot(bool v) { return simd_vote(klab_msl::ballot(v)); }
KLAB_MSL_SIMT simd_vote simd_active_threads_mask() { return simd_vote(klab_msl::meet(0u).lanes); }
KLAB_MSL_SIMT bool simd_is_first() {
  const auto m = klab_msl::meet(0u);
  return m.lane == m.first();
}
KLAB_MSL_SIMT bool simd_is_helper_thread() { return false; }

}  // namespace metal
