#include <algorithm>
#include <cmath>
#include <random>

#include "checks.h"
#include "functions.h"
#include "run_kernel.h"
#include "tests/check.h"

namespace msl_accuracy {
namespace {

constexpr size_t point_count = 1000;
constexpr int most = 4;
using Vector = Real[most];

struct Point {
  int size = 0;
  Vector a{}, b{}, c{};  // b has length one
  Real eta = 0;

  Real dot(const Vector& x, const Vector& y) const {
    Real sum = 0;
    for (int i = 0; i < size; ++i) sum += x[i] * y[i];
    return sum;
  }
  Real sum_of_sizes(const Vector& x, const Vector& y) const {
    Real sum = 0;
    for (int i = 0; i < size; ++i) sum += fabsl(x[i] * y[i]);
    return sum;
  }
};

// What a result may be off by in units of the format's epsilon: the roundings of a sum of `size` terms and of the few
// operations after it, each of the largest value that it rounds. A negative bound: nothing is asked of this point.
struct Answer {
  Vector value{};
  Real bound[most] = {};
};

Real roundings(const Point& p) { return Real(p.size) + 4; }
void one(Answer& out, Real value, Real bound) {
  out.value[0] = value;
  out.bound[0] = bound;
}

void dot(const Point& p, Answer& out) { one(out, p.dot(p.a, p.c), roundings(p) * p.sum_of_sizes(p.a, p.c)); }
void length_squared(const Point& p, Answer& out) { one(out, p.dot(p.a, p.a), roundings(p) * p.dot(p.a, p.a)); }
void length(const Point& p, Answer& out) { one(out, sqrtl(p.dot(p.a, p.a)), roundings(p) * sqrtl(p.dot(p.a, p.a))); }
Real squared_distance(const Point& p) {
  Real sum = 0;
  for (int i = 0; i < p.size; ++i) sum += (p.a[i] - p.c[i]) * (p.a[i] - p.c[i]);
  return sum;
}
void distance_squared(const Point& p, Answer& out) { one(out, squared_distance(p), 2 * roundings(p) * squared_distance(p)); }
void distance(const Point& p, Answer& out) { one(out, sqrtl(squared_distance(p)), 2 * roundings(p) * sqrtl(squared_distance(p))); }
void normalize(const Point& p, Answer& out) {
  for (int i = 0; i < p.size; ++i) {
    out.value[i] = p.a[i] / sqrtl(p.dot(p.a, p.a));
    out.bound[i] = roundings(p) * fabsl(out.value[i]);
  }
}
void cross(const Point& p, Answer& out) {
  for (int i = 0; i < 3; ++i) {
    const int j = (i + 1) % 3, k = (i + 2) % 3;
    out.value[i] = p.a[j] * p.c[k] - p.a[k] * p.c[j];
    out.bound[i] = 3 * (fabsl(p.a[j] * p.c[k]) + fabsl(p.a[k] * p.c[j]));
  }
}
void reflect(const Point& p, Answer& out) {
  for (int i = 0; i < p.size; ++i) {
    out.value[i] = p.a[i] - 2 * p.dot(p.b, p.a) * p.b[i];
    out.bound[i] = 2 * roundings(p) * (fabsl(p.a[i]) + 2 * p.sum_of_sizes(p.b, p.a) * fabsl(p.b[i]));
  }
}
void faceforward(const Point& p, Answer& out) {
  const Real side = p.dot(p.c, p.a);
  const bool is_clear = fabsl(side) > 0.02L * p.sum_of_sizes(p.c, p.a);
  for (int i = 0; i < p.size; ++i) {
    out.value[i] = side < 0 ? p.b[i] : -p.b[i];
    out.bound[i] = is_clear ? 0 : -1;
  }
}
// Of normalized vectors; near the angle of total reflection a root of almost nothing has no digits.
void refract(const Point& p, Answer& out) {
  const Real length = sqrtl(p.dot(p.a, p.a));
  Vector in{};
  for (int i = 0; i < p.size; ++i) in[i] = p.a[i] / length;
  const Real cosine = p.dot(p.b, in), k = 1 - p.eta * p.eta * (1 - cosine * cosine);
  for (int i = 0; i < p.size; ++i) {
    out.value[i] = k < 0 ? 0 : p.eta * in[i] - (p.eta * cosine + sqrtl(k)) * p.b[i];
    out.bound[i] = fabsl(k) < 0.1L ? -1 : k < 0 ? 0 : 8 * roundings(p) * (1 + p.eta) * (1 + p.eta);
  }
}

struct Function {
  const char* call;
  void (*truth)(const Point&, Answer&);
  bool is_vector;
  int only_size = 0;
};
constexpr Function table[] = {
    {"dot(a, c)", dot, false},
    {"length_squared(a)", length_squared, false},
    {"length(a)", length, false},
    {"distance_squared(a, c)", distance_squared, false},
    {"distance(a, c)", distance, false},
    {"normalize(a)", normalize, true},
    {"cross(a, c)", cross, true, 3},
    {"reflect(a, b)", reflect, true},
    {"faceforward(b, a, c)", faceforward, true},
    {"refract(normalize(a), b, eta)", refract, true},
    {"precise::length(a)", length, false},
    {"fast::length(a)", length, false},
    {"precise::distance(a, c)", distance, false},
    {"fast::distance(a, c)", distance, false},
    {"precise::normalize(a)", normalize, true},
    {"fast::normalize(a)", normalize, true},
};

std::string source_of(const std::string& type, int size) {
  const std::string vector = type + std::to_string(size);
  std::string text = "#include <metal_stdlib>\nusing namespace metal;\nkernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {\n  " + vector + " a, b, c;\n  for (int k = 0; k < " +
                     std::to_string(size) + "; k++) { a[k] = " + type + "(in[i * 13 + k]); b[k] = " + type + "(in[i * 13 + 4 + k]); c[k] = " + type + "(in[i * 13 + 8 + k]); }\n  const " + type + " eta = " + type + "(in[i * 13 + 12]);\n";
  size_t k = 0;
  for (const Function& f : table) {
    const std::string at = "out[(" + std::to_string(4 * k++) + " + k) * n + i] = float(";
    if (f.only_size && f.only_size != size) continue;
    if (!f.is_vector) text += "  { const uint k = 0; " + at + f.call + "); }\n";
    else text += "  { const " + vector + " r = " + f.call + "; for (int k = 0; k < " + std::to_string(size) + "; k++) " + at + "r[k]); }\n";
  }
  return text + "}\n";
}

float rounded(float x, bool is_half) { return is_half ? float(static_cast<_Float16>(x)) : x; }

// Thirteen numbers a point: a, b, c with room for four components each, and eta.
std::vector<float> points(int size, bool is_half) {
  std::mt19937 draw(static_cast<uint32_t>(size));
  std::uniform_real_distribution<float> any(-1, 1);
  std::vector<float> in;
  for (size_t i = 0; i < point_count; ++i) {
    const float scale = std::ldexp(1.0f, static_cast<int>(draw() % (is_half ? 10 : 60)) - (is_half ? 5 : 30));
    float v[13], length = 0;
    for (int k = 0; k < 12; ++k) v[k] = any(draw) * (k / 4 == 1 ? 1.0f : scale);
    for (int k = 0; k < size; ++k) length += v[4 + k] * v[4 + k];
    for (int k = 0; k < size; ++k) v[4 + k] /= std::sqrt(length);
    v[12] = 1.25f + 0.75f * any(draw);
    for (const float x : v) in.push_back(rounded(x, is_half));
  }
  return in;
}

void check_type(klab_device* device, const std::string& type, int size) {
  const bool is_half = type == "half";
  const std::vector<float> in = points(size, is_half);
  std::vector<float> out;
  if (!run_functions(device, source_of(type, size), KLAB_MATH_FAST, 4 * std::size(table), point_count, in, out)) return;
  const Real epsilon = is_half ? 0x1p-11L : 0x1p-24L, least = is_half ? 0x1p-14L : 0x1p-126L, greatest = is_half ? 65504 : 0x1p127L;
  for (size_t f = 0; f < std::size(table); ++f) {
    if (table[f].only_size && table[f].only_size != size) continue;
    size_t wrong = 0, asked = 0, first = 0;
    for (size_t i = 0; i < point_count; ++i) {
      Point p{size};
      for (int k = 0; k < size; ++k) {
        p.a[k] = in[i * 13 + static_cast<size_t>(k)];
        p.b[k] = in[i * 13 + 4 + static_cast<size_t>(k)];
        p.c[k] = in[i * 13 + 8 + static_cast<size_t>(k)];
      }
      p.eta = in[i * 13 + 12];
      Answer answer;
      table[f].truth(p, answer);
      for (size_t k = 0; k < (table[f].is_vector ? static_cast<size_t>(size) : 1); ++k) {
        // A square that overflows or vanishes in the format is nobody's fault.
        const Real squares = std::max({p.dot(p.a, p.a), p.dot(p.c, p.c), squared_distance(p)}), smallest = std::min({p.dot(p.a, p.a), squared_distance(p)});
        if (answer.bound[k] < 0 || squares > greatest / 4 || smallest < least * 0x1p12L) continue;
        ++asked;
        const float got = out[(4 * f + k) * point_count + i];
        if (!(std::fabs(got - answer.value[k]) <= answer.bound[k] * epsilon + least) && wrong++ == 0) first = i;
      }
    }
    const std::string name = std::string(table[f].call) + " of " + type + std::to_string(size);
    klab_test::check(wrong == 0, __FILE__, __LINE__, name + ": " + std::to_string(wrong) + " results beyond their bound, first at point " + std::to_string(first));
    klab_test::check(asked >= point_count / 4, __FILE__, __LINE__, name + " is asked at too few points: " + std::to_string(asked));
  }
}

}  // namespace

void check_geometry(klab_device* device) {
  for (const char* type : {"float", "half"}) {
    for (int size = 2; size <= 4; ++size) check_type(device, type, size);
  }
}

}  // namespace msl_accuracy
