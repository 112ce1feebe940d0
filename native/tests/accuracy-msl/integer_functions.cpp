#include "integer_functions.h"

#include <algorithm>

namespace msl_accuracy {
namespace {

using A = IntegerArgs;

Wide size(Wide x) { return x < 0 ? -x : x; }
Wide middle(const A& a) { return std::max(std::min(a.x, a.y), std::min(std::max(a.x, a.y), a.z)); }
bool has_order(const A& a) { return a.y <= a.z; }
bool has_24_bits(const A& a) {
  const Wide least = a.is_signed ? -(Wide(1) << 23) : 0, greatest = a.is_signed ? (Wide(1) << 23) - 1 : (Wide(1) << 24) - 1;
  return least <= a.x && a.x <= greatest && least <= a.y && a.y <= greatest;
}

Wide leading_zeros(const A& a) {
  int count = 0;
  while (count < a.bits && !(a.pattern(a.x) >> (a.bits - 1 - count) & 1)) ++count;
  return count;
}
Wide trailing_zeros(const A& a) {
  int count = 0;
  while (count < a.bits && !(a.pattern(a.x) >> count & 1)) ++count;
  return count;
}
Wide ones(const A& a) {
  int count = 0;
  for (int i = 0; i < a.bits; ++i) count += static_cast<int>(a.pattern(a.x) >> i & 1);
  return count;
}
Wide reversed(const A& a) {
  uint64_t out = 0;
  for (int i = 0; i < a.bits; ++i) out |= (a.pattern(a.x) >> i & 1) << (a.bits - 1 - i);
  return Wide(out);
}
Wide rotated(const A& a) {
  uint64_t out = 0;
  const int by = static_cast<int>(a.pattern(a.y) % static_cast<uint64_t>(a.bits));
  for (int i = 0; i < a.bits; ++i) out |= (a.pattern(a.x) >> i & 1) << ((i + by) % a.bits);
  return Wide(out);
}
// Of the unsigned types the product of two takes all 128 bits.
Wide upper_half(const A& a) {
  if (a.is_signed) return (a.x * a.y) >> a.bits;
  return static_cast<Wide>(static_cast<unsigned __int128>(a.x) * static_cast<unsigned __int128>(a.y) >> a.bits);
}
Wide product_saturated(const A& a) {
  if (a.is_signed) return a.saturated(a.x * a.y + a.z);
  const auto exact = static_cast<unsigned __int128>(a.x) * static_cast<unsigned __int128>(a.y) + static_cast<unsigned __int128>(a.z);
  return exact > static_cast<unsigned __int128>(a.greatest()) ? a.greatest() : static_cast<Wide>(exact);
}
Wide field(const A& a) {
  Wide out = 0;
  for (uint32_t i = 0; i < a.count; ++i) out |= Wide(a.pattern(a.x) >> (a.offset + i) & 1) << i;
  const bool is_negative = a.is_signed && a.count && (out >> (a.count - 1) & 1);
  return is_negative ? out - (Wide(1) << a.count) : out;
}
Wide with_field(const A& a) {
  uint64_t out = a.pattern(a.x);
  for (uint32_t i = 0; i < a.count; ++i) {
    const uint64_t bit = uint64_t(1) << (a.offset + i);
    out = (a.pattern(a.y) >> i & 1) ? out | bit : out & ~bit;
  }
  return Wide(out);
}

}  // namespace

const std::vector<IntegerFunction>& integer_functions() {
  static const std::vector<IntegerFunction> all = {
      {"abs(x)", [](const A& a) { return size(a.x); }},
      {"absdiff(x, y)", [](const A& a) { return size(a.x - a.y); }},
      {"addsat(x, y)", [](const A& a) { return a.saturated(a.x + a.y); }},
      {"subsat(x, y)", [](const A& a) { return a.saturated(a.x - a.y); }},
      {"clamp(x, y, z)", [](const A& a) { return std::min(std::max(a.x, a.y), a.z); }, has_order},
      {"clz(x)", leading_zeros},
      {"ctz(x)", trailing_zeros},
      {"popcount(x)", ones},
      {"reverse_bits(x)", reversed},
      {"rotate(x, y)", rotated},
      {"extract_bits(x, offset, count)", field},
      {"insert_bits(x, y, offset, count)", with_field},
      {"hadd(x, y)", [](const A& a) { return (a.x + a.y) >> 1; }},
      {"rhadd(x, y)", [](const A& a) { return (a.x + a.y + 1) >> 1; }},
      {"mulhi(x, y)", upper_half, nullptr, false, true},
      {"madhi(x, y, z)", [](const A& a) { return upper_half(a) + a.z; }, nullptr, false, true},
      {"madsat(x, y, z)", product_saturated, nullptr, false, true},
      {"mul24(x, y)", [](const A& a) { return a.x * a.y; }, has_24_bits, true},
      {"mad24(x, y, z)", [](const A& a) { return a.x * a.y + a.z; }, has_24_bits, true},
      {"min(x, y)", [](const A& a) { return std::min(a.x, a.y); }},
      {"max(x, y)", [](const A& a) { return std::max(a.x, a.y); }},
      {"min3(x, y, z)", [](const A& a) { return std::min({a.x, a.y, a.z}); }},
      {"max3(x, y, z)", [](const A& a) { return std::max({a.x, a.y, a.z}); }},
      {"median3(x, y, z)", middle},
  };
  return all;
}

}  // namespace msl_accuracy
