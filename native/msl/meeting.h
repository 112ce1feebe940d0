// One exchange of values between the lanes of a simdgroup: what simd.h and quad.h are made of.
#pragma once
#include "atomic.h"
#include "pack.h"

namespace klab_msl {

// Scalars and vectors of up to 32 bytes.
template <class T>
concept Exchangeable = (Scalar<T> || Vector<T>) && sizeof(T) <= KLAB_LANE_BYTES && std::is_trivially_copyable_v<T>;

template <class T> KLAB_MSL_FN T load_as(const unsigned char* bytes) {
  T value;
  __builtin_memcpy(&value, bytes, sizeof(T));
  return value;
}

template <class T> struct Meeting {
  klab_simdgroup* group;
  uint lane;
  uint lanes;  // who takes part
  const unsigned char (*values)[KLAB_LANE_BYTES];
  T own;

  KLAB_MSL_FN bool has(uint other) const { return lanes >> other & 1; }
  KLAB_MSL_FN T at(uint other) const { return load_as<T>(values[other]); }
  // A lane that takes no part has no value; the reader's own stands in, so that results do not depend on rubbish.
  KLAB_MSL_FN T read(uint other) const { return other < KLAB_SIMD_WIDTH && has(other) ? at(other) : own; }
  KLAB_MSL_FN uint first() const { return uint(__builtin_ctz(lanes)); }
};

template <class T> KLAB_MSL_SIMT Meeting<T> meet(const T& value) {
  klab_simdgroup* group = klab_current->simdgroup;
  const uint lane = klab_current->lane;
  __builtin_memcpy(group->value[group->epoch & 1][lane], &value, sizeof(T));
  klab_simdgroup_meet(__builtin_frame_address(0), KLAB_KNOWN_FRAMES);
  return {group, lane, group->participants, group->value[(group->epoch - 1) & 1], value};
}

// Lets the first lane that goes on compute for all.
template <class F> KLAB_MSL_FN void compute_once(klab_simdgroup* group, F compute) {
  if (group->is_computed) return;
  compute();
  group->is_computed = 1;
}

// The lanes where v is true.
KLAB_MSL_SIMT uint ballot(bool v) {
  const auto m = meet(uint(v));
  compute_once(m.group, [&]() KLAB_MSL_LAMBDA {
    uint bits = 0;
    for (uint i = 0; i < KLAB_SIMD_WIDTH; i++)
      if (m.has(i) && m.at(i)) bits |= 1u << i;
    __builtin_memcpy(m.group->result[0], &bits, sizeof bits);
  });
  return load_as<uint>(m.group->result[0]);
}

// Combines neighbours first: ((0+16)+(8+24))…, the order in which halving shuffles combine.
template <class T, class F> KLAB_MSL_SIMT T reduce(const T& value, const T& neutral, F combine) {
  const Meeting<T> m = meet(value);
  compute_once(m.group, [&]() KLAB_MSL_LAMBDA {
    T part[KLAB_SIMD_WIDTH];
    for (uint i = 0; i < KLAB_SIMD_WIDTH; i++) part[i] = m.has(i) ? m.at(i) : neutral;
    for (uint width = KLAB_SIMD_WIDTH / 2; width; width /= 2)
      for (uint i = 0; i < width; i++) part[i] = combine(part[i], part[i + width]);
    __builtin_memcpy(m.group->result[0], &part[0], sizeof(T));
  });
  return load_as<T>(m.group->result[0]);
}

// Result of lane i: the values of the lanes below it (and its own when inclusive), combined in lane order.
template <bool Inclusive, class T, class F> KLAB_MSL_SIMT T scan(const T& value, const T& neutral, F combine) {
  const Meeting<T> m = meet(value);
  compute_once(m.group, [&]() KLAB_MSL_LAMBDA {
    T sum = neutral;
    for (uint i = 0; i < KLAB_SIMD_WIDTH; i++) {
      if (!m.has(i)) continue;
      const T next = combine(sum, m.at(i));
      __builtin_memcpy(m.group->result[i], Inclusive ? &next : &sum, sizeof(T));
      sum = next;
    }
  });
  return load_as<T>(m.group->result[m.lane]);
}

// The same over the reader's group of four.
template <class T, class F> KLAB_MSL_SIMT T quad_reduce(const T& value, const T& neutral, F combine) {
  const Meeting<T> m = meet(value);
  const uint base = m.lane & ~3u;
  T part[4];
  for (uint i = 0; i < 4; i++) part[i] = m.has(base + i) ? m.at(base + i) : neutral;
  return combine(combine(part[0], part[2]), combine(part[1], part[3]));
}
template <bool Inclusive, class T, class F> KLAB_MSL_SIMT T quad_scan(const T& value, const T& neutral, F combine) {
  const Meeting<T> m = meet(value);
  T sum = neutral;
  for (uint i = m.lane & ~3u; i < m.lane; i++)
    if (m.has(i)) sum = combine(sum, m.at(i));
  return Inclusive ? combine(sum, value) : sum;
}

}  // namespace klab_msl
