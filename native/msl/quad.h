// quad_*: functions across groups of four neighbouring lanes.
#pragma once
#include "simd.h"

namespace metal {

KLAB_MSL_REDUCTIONS(quad, klab_msl::quad_reduce, klab_msl::quad_scan)

template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle(T v, ushort lane) {
  const auto m = klab_msl::meet(v);
  return m.read((m.lane & ~3u) + (lane & 3u));
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_broadcast(T v, ushort lane) { return quad_shuffle(v, lane); }
template <Exchangeable T> KLAB_MSL_SIMT T quad_broadcast_first(T v) {
  const auto m = klab_msl::meet(v);
  const uint quad = m.lanes & (0xfu << (m.lane & ~3u));
  return m.at(uint(__builtin_ctz(quad)));
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_xor(T v, ushort mask) {
  const auto m = klab_msl::meet(v);
  return m.read(m.lane ^ (mask & 3u));
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_up(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  const T there = m.read(m.lane - delta);
  return (m.lane & 3u) >= delta ? there : v;
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_down(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  const T there = m.read(m.lane + delta);
  return (m.lane & 3u) + delta < 4 ? there : v;
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_rotate_up(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  return m.read((m.lane & ~3u) + ((m.lane - delta) & 3u));
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_rotate_down(T v, ushort delta) {
  const auto m = klab_msl::meet(v);
  return m.read((m.lane & ~3u) + ((m.lane + delta) & 3u));
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_and_fill_up(T v, T filling, ushort delta, ushort modulo = 4) {
  return simd_shuffle_and_fill_up(v, filling, delta, modulo);
}
template <Exchangeable T> KLAB_MSL_SIMT T quad_shuffle_and_fill_down(T v, T filling, ushort delta, ushort modulo = 4) {
  return simd_shuffle_and_fill_down(v, filling, delta, modulo);
}

class quad_vote {
 public:
  using vote_t = ushort;
  KLAB_MSL_FN explicit constexpr quad_vote(vote_t v = 0) : bits_(v) {}
  KLAB_MSL_FN explicit constexpr operator vote_t() const { return bits_; }
  KLAB_MSL_FN constexpr bool all() const { return bits_ == 0xf; }
  KLAB_MSL_FN constexpr bool any() const { return bits_ != 0; }

 private:
  vote_t bits_;
};
KLAB_MSL_SIMT quad_vote quad_ballot(bool v) {
  const auto m = klab_msl::meet(uint(v));
  ushort bits = 0;
  for (uint i = 0; i < 4; i++) {
    const uint lane = (m.lane & ~3u) + i;
    if (m.has(lane) && m.at(lane)) bits |= ushort(1u << i);
  }
  return quad_vote(bits);
}
KLAB_MSL_SIMT quad_vote quad_active_threads_mask() {
  const auto m = klab_msl::meet(0u);
  return quad_vote(ushort(m.lanes >> (m.lane & ~3u) & 0xfu));
}
KLAB_MSL_SIMT bool quad_is_first() {
  const auto m = klab_msl::meet(0u);
  return m.lane == uint(__builtin_ctz(m.lanes & (0xfu << (m.lane & ~3u))));
}
KLAB_MSL_SIMT bool quad_is_helper_thread() { return false; }

}  // namespace metal
