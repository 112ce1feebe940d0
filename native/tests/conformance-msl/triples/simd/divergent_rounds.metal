// Lanes pass an operation in a loop by; who goes round meanwhile does not take part in another round's.
#include <metal_stdlib>
using namespace metal;

static uint unless_third(uint lane, uint round) {
  if ((lane + round) % 3 == 0) return 0;
  return simd_sum(1u);
}

template <typename F> static void rounds(uint count, F f) {
  for (uint r = 0; r < count; ++r) f(r);
}

static uint left(uint lane) {
  uint sum = 0;
  for (uint r = 0; r < 8; ++r) {
    if (lane == r * 3) break;
    if ((lane + r) % 2) continue;
    sum += simd_sum(1u) << (r * 4);
  }
  return sum;
}

static uint at_both_ends(uint lane) {
  uint sum = 0;
  for (uint r = 0; r < 4 + lane % 2; ++r) {
    sum += simd_sum(1u);
    if ((lane + r) % 3 == 0) sum += simd_sum(100u);
  }
  return sum;
}

static uint nested(uint lane) {
  uint sum = 0;
  for (uint r = 0; r < 3; ++r)
    for (uint k = 0; k < (lane + r) % 4; ++k)
      if ((lane + k) % 3) sum += simd_sum(1u) * (r * 10 + k + 1);
  return sum;
}

static uint condition_last(uint lane) {
  uint sum = 0, r = 0;
  do {
    if ((lane ^ r) & 1) continue;
    sum = sum * 3 + simd_sum(lane);
  } while (++r < 3 + lane % 3);
  return sum;
}

static uint by_cases(uint lane) {
  uint sum = 0, r = 0;
  while (r < 5) {
    const uint now = r++;
    switch ((lane + now) % 4) {
      case 0: continue;
      case 1: sum += simd_sum(1u) << now; break;
      case 2: sum += quad_sum(1u) << 8; break;
      default: sum += 10000; break;
    }
    sum += simd_sum(1u) << 16;
  }
  return sum;
}

static uint shortened(uint lane) {
  uint sum = 0;
  for (uint r = 0; r < 6; ++r) {
    const bool hit = (lane + r) % 5 < 2 && simd_sum(1u) > 6 + r % 3;
    sum += hit ? 1u << r : 0;
  }
  return sum;
}

static uint gone(uint lane) {
  uint sum = 0;
#pragma unroll
  for (uint r = 0; r < 6; ++r) {
    if (lane % 7 == r) return sum;
    if ((lane + r) % 2 == 0) sum += simd_sum(lane) * (r + 1);
  }
  return sum + 1;
}

kernel void diverge(device uint* out [[buffer(0)]], uint lane [[thread_index_in_simdgroup]]) {
  out[lane] = left(lane);
  out[32 + lane] = at_both_ends(lane);
  out[64 + lane] = nested(lane);
  out[96 + lane] = condition_last(lane);
  out[128 + lane] = by_cases(lane);
  out[160 + lane] = shortened(lane);
  out[192 + lane] = gone(lane);
  uint sum = 0;
  for (uint r = 0; r < 4; r++) sum = sum * 5 + unless_third(lane, r);
  out[224 + lane] = sum;
  sum = 0;
  rounds(5, [&](uint r) {
    if ((lane + r) % 2) return;
    sum = sum * 7 + simd_sum(1u);
  });
  out[256 + lane] = sum;
}
