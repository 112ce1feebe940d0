// 16-bit floats: every half both ways, and rounding at every boundary, portable and vectorised alike.
#include <bit>
#include <cmath>
#include <vector>

#include "core/half.h"
#include "tests/check.h"

using namespace klab;

static double exact(uint16_t half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  const double magnitude = exponent ? std::ldexp(1024 + mantissa, exponent - 25) : std::ldexp(mantissa, -24);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(every_half_round_trips) {
  int wrong = 0;
  for (uint32_t bits = 0; bits < 65536; bits++) {
    const auto half = static_cast<uint16_t>(bits);
    const float value = widen_f16(half);
    if ((bits & 0x7c00) == 0x7c00) {
      wrong += (bits & 1023) ? !std::isnan(value) : !std::isinf(value);
      wrong += (bits & 1023) ? !std::isnan(widen_f16(narrow_f16(value))) : narrow_f16(value) != half;
      continue;
    }
    wrong += double(value) != exact(half) || narrow_f16(value) != half;
  }
  CHECK_EQ(wrong, 0);
}

TEST(rounds_to_nearest_even) {
  int wrong = 0;
  for (uint16_t half = 0; half < 0x7bff; half++) {
    const double low = exact(half), high = exact(half + 1), middle = (low + high) / 2;
    const auto even = static_cast<uint16_t>(half & 1 ? half + 1 : half);
    wrong += narrow_f16(static_cast<float>(middle)) != even;
    wrong += narrow_f16(std::nextafter(static_cast<float>(middle), 0.0f)) != half;
    wrong += narrow_f16(std::nextafter(static_cast<float>(middle), INFINITY)) != half + 1;
  }
  CHECK_EQ(wrong, 0);
  CHECK_EQ(narrow_f16(65519.99f), 0x7bff);
  CHECK_EQ(narrow_f16(65520.0f), 0x7c00);
  CHECK_EQ(narrow_f16(-1e30f), 0xfc00);
}

TEST(arrays_agree_with_single_values) {
  std::vector<float> floats;
  for (uint32_t bits = 0; bits < 0xff000000u; bits += 65521) floats.push_back(std::bit_cast<float>(bits));
  std::vector<uint16_t> halves(floats.size());
  narrow_f16(floats.data(), halves.data(), floats.size());
  std::vector<float> back(floats.size());
  widen_f16(halves.data(), back.data(), halves.size());
  int wrong = 0;
  for (size_t i = 0; i < floats.size(); i++) {
    wrong += halves[i] != narrow_f16(floats[i]);
    wrong += std::bit_cast<uint32_t>(back[i]) != std::bit_cast<uint32_t>(widen_f16(halves[i]));
  }
  CHECK_EQ(wrong, 0);
}

TEST(bfloat) {
  CHECK_EQ(narrow_bf16(1.0f), 0x3f80);
  CHECK_EQ(narrow_bf16(std::bit_cast<float>(0x3f808000u)), 0x3f80);
  CHECK_EQ(narrow_bf16(std::bit_cast<float>(0x3f818000u)), 0x3f82);
  CHECK_EQ(narrow_bf16(std::bit_cast<float>(0x3f808001u)), 0x3f81);
  CHECK((narrow_bf16(NAN) & 0x7fff) > 0x7f80);
  CHECK_EQ(narrow_bf16(INFINITY), 0x7f80);
}

int main() { return klab_test::run_all(); }
