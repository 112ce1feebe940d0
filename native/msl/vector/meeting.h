// The same face as meeting.h for code in which the lanes of a simdgroup run together: nobody has to wait.
#pragma once
#include "../atomic.h"
#include "../pack.h"
#include "lanes.h"

namespace klab_msl {

// Scalars and vectors of up to 32 bytes.
template <class T>
concept Exchangeable = (Scalar<T> || Vector<T>) && sizeof(T) <= KLAB_LANE_BYTES && std::is_trivially_copyable_v<T>;

template <class T> KLAB_MSL_SIMT T permute(const T& value, uint from) {
  if constexpr (Vector<T>) {
    T out = value;
    for (int i = 0; i < vector_of<T>::size; i++) out[i] = permute(element<T>(value[i]), from);
    return out;
  } else if constexpr (sizeof(T) == 8) {
    return __builtin_bit_cast(T, klab_vector_permute_64(__builtin_bit_cast(uint64_t, value), from));
  } else if constexpr (sizeof(T) == 4) {
    return __builtin_bit_cast(T, klab_vector_permute_32(__builtin_bit_cast(uint32_t, value), from));
  } else if constexpr (sizeof(T) == 2) {
    return __builtin_bit_cast(T, uint16_t(klab_vector_permute_32(__builtin_bit_cast(uint16_t, value), from)));
  } else {
    return __builtin_bit_cast(T, uint8_t(klab_vector_permute_32(__builtin_bit_cast(uint8_t, value), from)));
  }
}

template <class T> KLAB_MSL_SIMT void collect(T* out, const T& value, const T& neutral) {
  if constexpr (sizeof(T) == 8) {
    klab_vector_collect_64(reinterpret_cast<uint64_t*>(out), __builtin_bit_cast(uint64_t, value), __builtin_bit_cast(uint64_t, neutral));
  } else if constexpr (sizeof(T) == 4) {
    klab_vector_collect_32(reinterpret_cast<uint32_t*>(out), __builtin_bit_cast(uint32_t, value), __builtin_bit_cast(uint32_t, neutral));
  } else if constexpr (sizeof(T) == 2) {
    klab_vector_collect_16(reinterpret_cast<uint16_t*>(out), __builtin_bit_cast(uint16_t, value), __builtin_bit_cast(uint16_t, neutral));
  } else {
    klab_vector_collect_8(reinterpret_cast<uint8_t*>(out), __builtin_bit_cast(uint8_t, value), __builtin_bit_cast(uint8_t, neutral));
  }
}

template <class T> struct Meeting {
  uint lane;
  uint lanes;  // who takes part
  T own;

  KLAB_MSL_FN bool has(uint other) const { return lanes >> other & 1; }
  KLAB_MSL_SIMT T at(uint other) const { return permute(own, other % KLAB_SIMD_WIDTH); }
  KLAB_MSL_SIMT T read(uint other) const {
    const T there = permute(own, other % KLAB_SIMD_WIDTH);
    return other < KLAB_SIMD_WIDTH ? there : own;
  }
  KLAB_MSL_FN uint first() const { return uint(__builtin_ctz(lanes)); }
};

template <class T> KLAB_MSL_SIMT Meeting<T> meet(const T& value) { return {klab_vector_lane(), klab_vector_active(), value}; }

KLAB_MSL_SIMT uint ballot(bool v) { return klab_vector_ballot(v); }

// Values on the stack of all lanes together: the alignment is that of the widest vector.
template <class T> struct alignas(64) Lanes {
  T at[KLAB_SIMD_WIDTH];
};
template <class T, int n> using Native __attribute__((vector_size(n * sizeof(T)))) = T;

// Indices of vectors, as packs.
template <class T, T... i> struct Sequence {};
template <int... i> using Indices = Sequence<int, i...>;
template <int n> using IndicesTo = __make_integer_seq<Sequence, int, n>;

// The upper `width` of the first 2·width elements onto the lower, down to one: ((0+16)+(8+24))…, the order in which
// meeting.h combines. From eight on the vector keeps its width; what is left beyond counts for nothing.
template <int width, class V, class F, int... i> KLAB_MSL_FN auto fold(const V& v, F combine, Indices<i...>) {
  const auto sum = combine.together(__builtin_shufflevector(v, v, i...), __builtin_shufflevector(v, v, (width + i % width)...));
  if constexpr (width == 1) return sum[0];
  else return fold<width / 2>(sum, combine, IndicesTo<(width > 8 ? width / 2 : 8)>{});
}

template <class T, class F> KLAB_MSL_FN T combine_all(const Lanes<T>& lanes, F combine) {
  if constexpr (BuiltinNumber<T> && !std::is_same_v<T, bool>) {
    typedef T All __attribute__((vector_size(KLAB_SIMD_WIDTH * sizeof(T)), may_alias));
    return T(fold<KLAB_SIMD_WIDTH / 2>(*reinterpret_cast<const All*>(lanes.at), combine, IndicesTo<KLAB_SIMD_WIDTH / 2>{}));
  } else {
    T part[KLAB_SIMD_WIDTH];
    for (int i = 0; i < KLAB_SIMD_WIDTH; i++) part[i] = lanes.at[i];
    for (int width = KLAB_SIMD_WIDTH / 2; width; width /= 2)
      for (int i = 0; i < width; i++) part[i] = combine(part[i], part[i + width]);
    return part[0];
  }
}

template <class T, class F> KLAB_MSL_SIMT T reduce(const T& value, const T& neutral, F combine) {
  if constexpr (Vector<T>) {
    T out = value;
    for (int i = 0; i < vector_of<T>::size; i++) out[i] = reduce(element<T>(value[i]), element<T>(neutral[i]), combine);
    return out;
  } else {
    Lanes<T> lanes;
    collect(lanes.at, value, neutral);
    return combine_all(lanes, combine);
  }
}

// Result of lane i: the values of the lanes below it (and its own when inclusive), combined in lane order.
template <bool Inclusive, class T, class F> KLAB_MSL_SIMT T scan(const T& value, const T& neutral, F combine) {
  if constexpr (Vector<T>) {
    T out = value;
    for (int i = 0; i < vector_of<T>::size; i++) out[i] = scan<Inclusive>(element<T>(value[i]), element<T>(neutral[i]), combine);
    return out;
  } else {
    Lanes<T> lanes, results;
    collect(lanes.at, value, neutral);
    const uint active = klab_vector_active();
    T sum = neutral;
#pragma clang loop unroll(full)
    for (uint i = 0; i < KLAB_SIMD_WIDTH; i++) {
      const T next = active >> i & 1 ? combine(sum, lanes.at[i]) : sum;
      results.at[i] = Inclusive ? next : sum;
      sum = next;
    }
    // Written by all lanes together, read by each for itself.
    return results.at[klab_vector_lane()];
  }
}

// The same over the reader's group of four.
template <class T, class F> KLAB_MSL_SIMT T quad_reduce(const T& value, const T& neutral, F combine) {
  const Meeting<T> m = meet(value);
  const uint base = m.lane & ~3u;
  T part[4];
  for (uint i = 0; i < 4; i++) {
    const T there = m.at(base + i);
    part[i] = m.has(base + i) ? there : neutral;
  }
  return combine(combine(part[0], part[2]), combine(part[1], part[3]));
}
template <bool Inclusive, class T, class F> KLAB_MSL_SIMT T quad_scan(const T& value, const T& neutral, F combine) {
  const Meeting<T> m = meet(value);
  T sum = neutral;
  for (uint i = 0; i < 4; i++) {
    const uint other = (m.lane & ~3u) + i;
    const T there = m.at(other);
    const T next = combine(sum, there);
    sum = other < m.lane && m.has(other) ? next : sum;
  }
  return Inclusive ? combine(sum, value) : sum;
}

}  // namespace klab_msl
