#include <cmath>

#include "checks.h"
#include "functions.h"
#include "run_kernel.h"
#include "tests/check.h"

namespace msl_accuracy {
namespace {

// One bit for each answer about x and y; the same for the components of vectors, and of all of them together.
constexpr const char* source = R"msl(#include <metal_stdlib>
using namespace metal;
template <typename T> uint answers(T x, T y) {
  return uint(isnan(x)) | uint(isinf(x)) << 1 | uint(isfinite(x)) << 2 | uint(isnormal(x)) << 3 | uint(signbit(x)) << 4 | uint(isordered(x, y)) << 5 | uint(isunordered(x, y)) << 6
       | uint(signbit(select(x, y, signbit(y)))) << 7 | uint(x < y) << 8 | uint(x <= y) << 9 | uint(x == y) << 10 | uint(x != y) << 11;
}
template <typename T, int N> bool agrees(vec<T, N> x, vec<T, N> y) {
  bool is_same = true, any_nan = false, all_finite = true;
  for (int c = 0; c < N; c++) {
    const uint one = uint(isnan(x)[c]) | uint(isinf(x)[c]) << 1 | uint(isfinite(x)[c]) << 2 | uint(isnormal(x)[c]) << 3 | uint(signbit(x)[c]) << 4 | uint(isordered(x, y)[c]) << 5 | uint(isunordered(x, y)[c]) << 6
                   | uint(signbit(select(x, y, signbit(y))[c])) << 7 | uint((x < y)[c]) << 8 | uint((x <= y)[c]) << 9 | uint((x == y)[c]) << 10 | uint((x != y)[c]) << 11;
    is_same = is_same && one == answers(x[c], y[c]);
    any_nan = any_nan || isnan(x[c]);
    all_finite = all_finite && isfinite(x[c]);
  }
  return is_same && any(isnan(x)) == any_nan && all(isfinite(x)) == all_finite && all(not isnan(x)) == !any_nan;
}
kernel void check(device uint* out [[buffer(0)]], device const float* in [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  const uint j = (i + 1) % n, k = (i + 2) % n, l = (i + 3) % n;
  const vec<TYPE, 4> x = vec<TYPE, 4>(TYPE(in[i]), TYPE(in[j]), TYPE(in[k]), TYPE(in[l])), y = vec<TYPE, 4>(TYPE(in[n + i]), TYPE(in[n + j]), TYPE(in[n + k]), TYPE(in[n + l]));
  out[i] = answers(x.x, y.x);
  out[n + i] = uint(agrees<TYPE, 2>(x.xy, y.xy)) + uint(agrees<TYPE, 3>(x.xyz, y.xyz)) + uint(agrees<TYPE, 4>(x, y));
}
)msl";

// Whether a number is normal, and which of two is less, depends on the format; denormals may be taken for zero.
uint32_t answers(float x, float y, float least_normal) {
  const bool is_normal = std::isfinite(x) && std::fabs(x) >= least_normal, is_ordered = !std::isnan(x) && !std::isnan(y);
  return uint32_t(std::isnan(x)) | uint32_t(std::isinf(x)) << 1 | uint32_t(std::isfinite(x)) << 2 | uint32_t(is_normal) << 3 | uint32_t(std::signbit(x)) << 4 | uint32_t(is_ordered) << 5 |
         uint32_t(!is_ordered) << 6 | uint32_t(std::signbit(x) || std::signbit(y)) << 7 | uint32_t(x < y) << 8 | uint32_t(x <= y) << 9 | uint32_t(x == y) << 10 | uint32_t(x != y) << 11;
}

float flushed(float x) { return std::fabs(x) < 0x1p-126f ? std::copysign(0.0f, x) : x; }

void check_type(klab_device* device, const std::string& type, uint32_t math) {
  const bool is_half = type == "half";
  std::vector<float> in = test_values(500, 3);
  const size_t count = in.size();
  for (size_t i = 0; i < count; ++i) in.push_back(in[(i * 7 + i / 40) % count]);
  if (is_half) {
    for (float& value : in) value = float(static_cast<_Float16>(value));
  }
  std::vector<uint32_t> out;
  if (!run_functions(device, "#define TYPE " + type + "\n" + source, math, 2, count, in, out)) return;
  constexpr uint32_t comparisons = 0xf00;
  size_t wrong = 0, wrong_vectors = 0, first = 0;
  for (size_t i = 0; i < count; ++i) {
    const float x = in[i], y = in[count + i];
    const uint32_t exact = answers(x, y, is_half ? 0x1p-14f : 0x1p-126f), with_flush = answers(flushed(x), flushed(y), 0x1p-126f);
    const bool is_right = out[i] == exact || out[i] == ((exact & ~comparisons) | (with_flush & comparisons));
    if (!is_right && wrong++ == 0) first = i;
    wrong_vectors += out[count + i] != 3;
  }
  char where[200];
  std::snprintf(where, sizeof where, "relations of %s in math mode %u: %zu points wrong, first (%a, %a): %03x", type.c_str(), math, wrong, double(in[first]), double(in[count + first]), out[first]);
  klab_test::check(wrong == 0, __FILE__, __LINE__, where);
  klab_test::check(wrong_vectors == 0, __FILE__, __LINE__, "relations of vectors of " + type + " differ from those of their components at " + std::to_string(wrong_vectors) + " points");
}

}  // namespace

void check_relations(klab_device* device) {
  for (const char* type : {"float", "half"}) {
    for (const uint32_t math : {KLAB_MATH_FAST, KLAB_MATH_SAFE}) check_type(device, type, math);
  }
}

}  // namespace msl_accuracy
