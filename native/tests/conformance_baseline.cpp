// The device's own library as an op, judged by the float64 reference.
#include <cmath>
#include <random>

#include "tests/conformance.h"

using namespace conformance;

namespace {

// Enough of 16-bit floats for operands and results.
float from_f16(uint16_t half) {
  const int exponent = half >> 10 & 31, mantissa = half & 1023;
  const float magnitude = exponent == 31 ? (mantissa ? NAN : INFINITY) : exponent ? std::ldexp(1024.0f + static_cast<float>(mantissa), exponent - 25) : std::ldexp(static_cast<float>(mantissa), -24);
  return half & 0x8000 ? -magnitude : magnitude;
}

struct Product {
  klab_gemm_desc gemm = make<klab_gemm_desc>();
  std::vector<uint8_t> a, b, bias, c;
  size_t element = 2;

  // Operands are halves in [-2, 2): exact in every type.
  Product(uint32_t dtype, uint32_t m, uint32_t n, uint32_t k, uint32_t batch) {
    gemm.dtype = dtype;
    gemm.m = m, gemm.n = n, gemm.k = k, gemm.batch = batch;
    gemm.alpha = 1;
    element = dtype == KLAB_F16 ? 2 : dtype == KLAB_F32 ? 4 : 8;
    std::mt19937 random(m * 31 + n * 7 + k);
    fill(a, size_t(batch) * m * k, random);
    fill(b, size_t(batch) * k * n, random);
    fill(bias, n, random);
    fill(c, size_t(batch) * m * n, random);
  }

  void fill(std::vector<uint8_t>& out, size_t count, std::mt19937& random) {
    for (size_t i = 0; i < count; i++) {
      const auto half = static_cast<uint16_t>(0x3c00 | (random() & 0x83ff));
      const float single = from_f16(half);
      const double twice = single;
      const void* const bytes = element == 2 ? static_cast<const void*>(&half) : element == 4 ? static_cast<const void*>(&single) : &twice;
      out.insert(out.end(), static_cast<const uint8_t*>(bytes), static_cast<const uint8_t*>(bytes) + element);
    }
  }

  double result(size_t i) const {
    const uint8_t* const at = c.data() + i * element;
    if (element == 2) return from_f16(*reinterpret_cast<const uint16_t*>(at));
    return element == 4 ? *reinterpret_cast<const float*>(at) : *reinterpret_cast<const double*>(at);
  }
};

void compare(klab_device* device, Product& product) {
  klab_gemm_desc& gemm = product.gemm;
  std::vector<double> truth(size_t(gemm.batch) * gemm.m * gemm.n), magnitude(truth.size());
  CHECK_EQ(klab_reference_gemm(&gemm, product.a.data(), product.b.data(), product.bias.data(), product.c.data(), truth.data(), magnitude.data(), nullptr), KLAB_OK);
  // A beta of 0 must overwrite whatever was there.
  if (gemm.beta == 0) std::fill(product.c.begin(), product.c.end(), 0xff);
  Op op;
  Error error;
  if (!CHECK_EQ(klab_baseline_create(device, &gemm, op.out(), &error), KLAB_OK)) std::printf("%s\n", error.message);
  REQUIRE(op);
  Buffer buffers[4];
  std::vector<klab_arg> args;
  std::vector<uint8_t>* const contents[4] = {&product.a, &product.b, &product.c, &product.bias};
  for (uint32_t i = 0; i < (gemm.has_bias ? 4u : 3u); i++) {
    CHECK_EQ(create_buffer(device, contents[i]->size(), buffers[i], KLAB_BUFFER_GUARDED), KLAB_OK);
    klab_buffer_write(buffers[i], 0, contents[i]->data(), contents[i]->size(), nullptr);
    args.push_back(buffer_arg(i, buffers[i]));
  }
  const RunResult result = run_once(device, make_dispatch(op, args));
  if (!CHECK_EQ(result.status, KLAB_OK)) std::printf("%s\n", result.error.message);
  if (!is_cpu()) return;
  klab_buffer_read(buffers[2], 0, product.c.data(), product.c.size(), nullptr);
  auto guards = make<klab_buffer_check_result>();
  klab_buffer_check(buffers[2], &guards);
  CHECK_EQ(guards.bytes_damaged, 0u);
  // Sums in the accumulator's type (f32 but for f64), one rounding to the result's, and a few for bias and beta.
  const double accumulator = product.element == 8 ? 0x1p-53 : 0x1p-24, rounding = product.element == 2 ? 0x1p-11 : accumulator;
  double worst = 0;
  for (size_t i = 0; i < truth.size(); i++) {
    // Slopes of activations are below 1.13. The last term: where half has no normal numbers, and e^x of an activation.
    const double bound = 1.13 * (gemm.k + 8) * accumulator * magnitude[i] + (rounding + 8 * accumulator) * std::fabs(truth[i]) + 0x1p-23;
    const double off = std::fabs(product.result(i) - truth[i]) / bound;
    worst = off <= worst ? worst : off;  // a NaN is the worst
  }
  if (!CHECK(worst <= 1)) std::printf("  m=%u n=%u k=%u tA=%u tB=%u bias=%u beta=%g element %zu: %g of the bound\n", gemm.m, gemm.n, gemm.k, gemm.transpose_a, gemm.transpose_b, gemm.has_bias, gemm.beta, product.element, worst);
}

}  // namespace

TEST(products) {
  Device device;
  open_device(device);
  const uint32_t shapes[][3] = {{1, 70, 33}, {1, 1, 1}, {33, 1, 40}, {17, 65, 1030}, {1, 896, 896}, {1, 5003, 70}, {530, 9, 12}};
  for (const uint32_t dtype : {KLAB_F16, KLAB_F32, KLAB_F64}) {
    for (const auto& shape : shapes) {
      for (uint32_t bits = 0; bits < 16; bits++) {
        Product product(dtype, shape[0], shape[1], shape[2], bits & 8 ? 2 : 1);
        product.gemm.transpose_a = bits & 1;
        product.gemm.transpose_b = bits >> 1 & 1;
        product.gemm.has_bias = bits >> 2 & 1;
        product.gemm.beta = bits & 8 ? -0.5 : 0;
        product.gemm.alpha = bits & 8 ? 1.5 : 1;
        compare(device, product);
      }
    }
  }
}

TEST(activations) {
  Device device;
  open_device(device);
  const uint32_t shapes[][3] = {{1, 5003, 70}, {17, 65, 1030}, {1, 1, 1}};
  for (const uint32_t dtype : {KLAB_F16, KLAB_F32, KLAB_F64}) {
    for (const auto& shape : shapes) {
      for (const uint32_t activation : {KLAB_ACT_RELU, KLAB_ACT_GELU, KLAB_ACT_SILU}) {
        // The small alpha: where they bend; beta: it comes before them.
        for (const double alpha : {1.0, -0.03125}) {
          Product product(dtype, shape[0], shape[1], shape[2], 2);
          product.gemm.activation = activation;
          product.gemm.has_bias = 1;
          product.gemm.alpha = alpha;
          product.gemm.beta = alpha == 1 ? 0 : 0.5;
          compare(device, product);
        }
      }
    }
  }
}

TEST(one_thread_gives_the_same) {
  if (!is_cpu()) return;
  Device device;
  open_device(device);
  set_option(device, "threads", "1");
  Product product(KLAB_F16, 1, 896, 896, 1);
  product.gemm.transpose_b = 1;
  compare(device, product);
}

TEST(buffers_that_are_too_small) {
  Device device;
  open_device(device);
  Product product(KLAB_F32, 4, 5, 6, 1);
  Op op;
  CHECK_EQ(klab_baseline_create(device, &product.gemm, op.out(), nullptr), KLAB_OK);
  Buffer a, b, c;
  create_buffer(device, 4 * 6 * 4, a);
  create_buffer(device, 6 * 5 * 4, b);
  create_buffer(device, 4 * 5 * 4 - 4, c);
  const std::vector<klab_arg> args = {buffer_arg(0, a), buffer_arg(1, b), buffer_arg(2, c)};
  const RunResult result = run_once(device, make_dispatch(op, args));
  CHECK_EQ(result.status, KLAB_MISMATCH);
  CHECK(result.error.says("needs at least 80 bytes, its buffer has 76"));
}

TEST(bad_products) {
  Device device;
  open_device(device);
  Op op;
  auto gemm = make<klab_gemm_desc>();
  gemm.dtype = KLAB_F32;
  CHECK_EQ(klab_baseline_create(device, &gemm, op.out(), nullptr), KLAB_INVALID_ARGUMENT);
  gemm.m = gemm.n = gemm.k = 4;
  gemm.alpha = NAN;
  CHECK_EQ(klab_baseline_create(device, &gemm, op.out(), nullptr), KLAB_INVALID_ARGUMENT);
  gemm.alpha = 1;
  gemm.dtype = KLAB_I8;
  if (is_cpu()) CHECK_EQ(klab_baseline_create(device, &gemm, op.out(), nullptr), KLAB_UNSUPPORTED);
}

TEST(a_missing_library_is_a_state) {
  if (!is_cpu()) return;
  setenv("KLAB_OPENBLAS", "none", 1);
  Device device;
  open_device(device);
  auto info = make<klab_device_info>();
  CHECK_EQ(klab_device_get_info(device, &info), KLAB_OK);
  CHECK_EQ(info.capabilities & KLAB_CAP_BASELINE, 0u);
  CHECK_EQ(info.baseline[0], 0);
  CHECK(info.baseline_missing[0] != 0);
  Product product(KLAB_F32, 2, 2, 2, 1);
  Op op;
  Error error;
  CHECK_EQ(klab_baseline_create(device, &product.gemm, op.out(), &error), KLAB_TOOL_MISSING);
  CHECK(error.says("OpenBLAS"));
  setenv("KLAB_OPENBLAS", "/nonexistent/libopenblas.so", 1);
  CHECK_EQ(klab_baseline_create(device, &product.gemm, op.out(), &error), KLAB_TOOL_MISSING);
  CHECK(error.says("/nonexistent/libopenblas.so"));
  unsetenv("KLAB_OPENBLAS");
}

int main(int argc, char** argv) { return main_of(argc, argv); }
