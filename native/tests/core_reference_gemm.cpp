// The float64 reference against a plain triple loop, over transposes, types, bias, beta and sizes across tile edges.
#include <cmath>
#include <random>
#include <vector>

#include "core/half.h"
#include "core/gemm.h"
#include "tests/check.h"

using namespace klab;

struct Operands {
  std::vector<uint8_t> a, b, bias, c0;
};

static void put(std::vector<uint8_t>& bytes, uint32_t dtype, double value) {
  const auto add = [&](const auto& number) {
    const auto* raw = reinterpret_cast<const uint8_t*>(&number);
    bytes.insert(bytes.end(), raw, raw + sizeof number);
  };
  if (dtype == KLAB_F64) add(value);
  if (dtype == KLAB_F32) add(static_cast<float>(value));
  if (dtype == KLAB_F16) add(narrow_f16(static_cast<float>(value)));
  if (dtype == KLAB_BF16) add(narrow_bf16(static_cast<float>(value)));
}

static double get(const std::vector<uint8_t>& bytes, uint32_t dtype, size_t index) {
  const uint8_t* at = bytes.data() + index * scalar_bytes(dtype);
  if (dtype == KLAB_F64) return *reinterpret_cast<const double*>(at);
  if (dtype == KLAB_F32) return *reinterpret_cast<const float*>(at);
  const uint16_t raw = *reinterpret_cast<const uint16_t*>(at);
  if (dtype == KLAB_F16) return widen_f16(raw);
  float value;
  widen_bf16(&raw, &value, 1);
  return value;
}

// As the functions are written down.
static double activated(uint32_t activation, double x) {
  if (activation == KLAB_ACT_RELU) return std::fmax(x, 0);
  if (activation == KLAB_ACT_GELU) return x / 2 * (1 + std::tanh(std::sqrt(2 / M_PI) * (x + 0.044715 * std::pow(x, 3))));
  return activation == KLAB_ACT_SILU ? x / (1 + std::exp(-x)) : x;
}

static void compare(const klab_gemm_desc& g) {
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  Operands o;
  const size_t m = g.m, n = g.n, k = g.k, batch = g.batch;
  for (size_t i = 0; i < batch * m * k; i++) put(o.a, g.dtype, normal(random));
  for (size_t i = 0; i < batch * k * n; i++) put(o.b, g.dtype, normal(random));
  for (size_t i = 0; i < n; i++) put(o.bias, g.dtype, normal(random));
  for (size_t i = 0; i < batch * m * n; i++) put(o.c0, g.dtype, normal(random));
  std::vector<double> c(batch * m * n, NAN), magnitude(c.size(), NAN);
  CHECK_EQ(klab_reference_gemm(&g, o.a.data(), o.b.data(), o.bias.data(), o.c0.data(), c.data(), magnitude.data(), nullptr), KLAB_OK);
  double worst = 0, worst_magnitude = 0;
  for (size_t index = 0; index < c.size(); index++) {
    const size_t z = index / (m * n), i = index / n % m, j = index % n;
    double sum = 0, size = 0;
    for (size_t p = 0; p < k; p++) {
      const double x = get(o.a, g.dtype, z * m * k + (g.transpose_a ? p * m + i : i * k + p));
      const double y = get(o.b, g.dtype, z * k * n + (g.transpose_b ? j * k + p : p * n + j));
      sum += x * y;
      size += std::fabs(x * y);
    }
    const double bias = g.has_bias ? get(o.bias, g.dtype, j) : 0, before = g.beta * get(o.c0, g.dtype, index);
    const double expected = activated(g.activation, g.alpha * (sum + bias) + before);
    const double scale = std::fabs(g.alpha) * (size + std::fabs(bias)) + std::fabs(before);
    worst = std::fmax(worst, std::fabs(c[index] - expected) / scale);
    worst_magnitude = std::fmax(worst_magnitude, std::fabs(magnitude[index] - scale) / scale);
    if (!std::isfinite(c[index])) worst = 1;
  }
  CHECK(worst < 1e-13);
  CHECK(worst_magnitude < 1e-13);
}

static klab_gemm_desc gemm(uint32_t m, uint32_t n, uint32_t k) {
  klab_gemm_desc g = {};
  g.struct_size = sizeof g;
  g.dtype = KLAB_F32;
  g.m = m;
  g.n = n;
  g.k = k;
  g.batch = 1;
  g.alpha = 1;
  return g;
}

TEST(types_and_transposes) {
  for (const uint32_t dtype : {KLAB_F16, KLAB_BF16, KLAB_F32, KLAB_F64}) {
    for (uint32_t bits = 0; bits < 16; bits++) {
      klab_gemm_desc g = gemm(33, 35, 37);
      g.dtype = dtype;
      g.transpose_a = bits & 1;
      g.transpose_b = bits >> 1 & 1;
      g.has_bias = bits >> 2 & 1;
      g.beta = bits & 8 ? 0.5 : 0;
      g.alpha = bits & 4 ? -1.25 : 1;
      g.batch = bits & 8 ? 2 : 1;
      compare(g);
    }
  }
}

TEST(sizes) {
  for (const auto& [m, n, k] : {std::array{1u, 1u, 1u}, {1u, 97u, 2049u}, {70u, 1u, 4100u}, {64u, 64u, 8u}, {1u, 1000u, 896u}}) {
    for (const uint32_t transpose : {0u, 1u}) {
      klab_gemm_desc g = gemm(m, n, k);
      g.transpose_a = g.transpose_b = transpose;
      compare(g);
    }
  }
}

TEST(activations) {
  for (const uint32_t activation : {KLAB_ACT_RELU, KLAB_ACT_GELU, KLAB_ACT_SILU}) {
    for (const double alpha : {1.0, 0.125, -100.0}) {
      klab_gemm_desc g = gemm(9, 35, 37);
      g.activation = activation;
      g.alpha = alpha;
      g.has_bias = 1;
      g.beta = 0.5;
      compare(g);
    }
  }
}

TEST(bad_input_is_refused) {
  klab_gemm_desc g = gemm(2, 2, 2);
  float a[4] = {}, b[4] = {};
  double c[4];
  klab_error error = {};
  error.struct_size = sizeof error;
  CHECK_EQ(klab_reference_gemm(nullptr, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_reference_gemm(&g, nullptr, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
  g.has_bias = 1;
  CHECK_EQ(klab_reference_gemm(&g, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
  g = gemm(0, 2, 2);
  CHECK_EQ(klab_reference_gemm(&g, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
  g = gemm(2, 2, 2);
  g.activation = KLAB_ACT_SILU + 1;
  CHECK_EQ(klab_reference_gemm(&g, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
  g.activation = KLAB_ACT_NONE;
  g.dtype = KLAB_I32;
  CHECK_EQ(klab_reference_gemm(&g, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_UNSUPPORTED);
  g.dtype = 99;
  CHECK_EQ(klab_reference_gemm(&g, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
  g = gemm(4294967295u, 4294967295u, 4294967295u);
  CHECK_EQ(klab_reference_gemm(&g, a, b, nullptr, nullptr, c, nullptr, &error), KLAB_INVALID_ARGUMENT);
}

int main() { return klab_test::run_all(); }
