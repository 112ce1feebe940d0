#include <algorithm>
#include <cmath>

#include "checks.h"
#include "judge.h"
#include "kernels.h"
#include "run_kernel.h"
#include "tests/check.h"

namespace msl_accuracy {
namespace {

struct Variant {
  const char* label;
  const char* scope;  // of the functions
  const char* type;
  Mode mode;
  uint32_t math;
};
constexpr Variant variants[] = {
    {"precise::", "metal::precise::", "float", Mode::precise, KLAB_MATH_SAFE},
    {"fast::", "metal::fast::", "float", Mode::fast, KLAB_MATH_FAST},
    {"half ", "metal::", "half", Mode::half, KLAB_MATH_FAST},
    {"bfloat ", "metal::", "bfloat", Mode::fast, KLAB_MATH_FAST},  // taken as a float; the result is a float
};

float rounded(float x, const std::string& type) {
  if (type == "half") return float(static_cast<_Float16>(x));
  if (type != "bfloat" || std::isnan(x)) return x;
  const auto bits = __builtin_bit_cast(uint32_t, x);
  return __builtin_bit_cast(float, (bits + 0x7fffu + (bits >> 16 & 1u)) & 0xffff0000u);
}

// Every corner case meets others as second and third operand. Half of the random ones are near each other.
std::vector<float> points(const std::string& type) {
  const std::vector<float> values = test_values(3000, 1);
  const size_t count = values.size();
  std::vector<float> in(3 * count);
  for (size_t i = 0; i < count; ++i) {
    in[i] = rounded(values[i], type);
    in[count + i] = rounded(values[(i * 37 + 5) % count], type);
    in[2 * count + i] = rounded(i % 4 == 3 ? std::fabs(std::fmod(values[(i * 59 + 11) % count], 1.0f)) : values[(i * 59 + 11) % count], type);
  }
  return in;
}

void check_values(klab_device* device, const Variant& variant, const Chunk& chunk, bool is_verbose) {
  const std::vector<float> in = points(variant.type);
  const size_t count = in.size() / 3;
  std::vector<float> out;
  if (!run_functions(device, scalar_source(chunk, variant.scope, variant.type), variant.math, chunk.size(), count, in, out)) return;
  const auto args_of = [&](size_t i) { return Args{in[i], in[count + i], in[2 * count + i], variant.mode == Mode::half}; };
  for (size_t k = 0; k < chunk.size(); ++k) {
    double worst = 0;
    size_t refused = 0, first = 0;
    for (size_t i = 0; i < count; ++i) {
      const Judgement judgement = judge(*chunk[k], variant.mode, args_of(i), out[k * count + i]);
      if (judgement.is_accepted) worst = std::max(worst, judgement.ulp);
      else if (refused++ == 0) first = i;
    }
    const std::string name = std::string(variant.label) + chunk[k]->name;
    char where[240];
    std::snprintf(where, sizeof where, "%s(%a, %a, %a) = %a, truth %La; %zu of %zu points refused", name.c_str(), double(in[first]), double(in[count + first]), double(in[2 * count + first]),
                  double(out[k * count + first]), chunk[k]->truth(args_of(first)), refused, count);
    klab_test::check(refused == 0, __FILE__, __LINE__, where);
    if (is_verbose) std::printf("%-24s worst %.3g ulp\n", name.c_str(), worst);
  }
}

// In safe math: fast math may compute the components of a vector in another way than a scalar.
void check_vectors(klab_device* device, const std::string& type, const Chunk& chunk) {
  const std::vector<float> in = points(type);
  const size_t count = in.size() / 3;
  std::vector<float> out;
  if (!run_functions(device, vector_source(chunk, "metal::", type), KLAB_MATH_SAFE, chunk.size(), count, in, out)) return;
  for (size_t k = 0; k < chunk.size(); ++k) {
    const auto wrong = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(k * count), out.begin() + static_cast<std::ptrdiff_t>((k + 1) * count), [](float x) { return x != 0; });
    const size_t at = static_cast<size_t>(wrong - out.begin()) - k * count;
    klab_test::check(at == count, __FILE__, __LINE__, std::string(chunk[k]->name) + " of vectors of " + type + " differs from its components at point " + std::to_string(at));
  }
}

}  // namespace

void check_math(klab_device* device, const Scope& scope) {
  for (const Variant& variant : variants) {
    // A second result of type bfloat is none of metal's.
    for (const Chunk& chunk : chunks(functions(), std::string(variant.type) != "bfloat")) check_values(device, variant, chunk, scope.is_verbose);
  }
  if (scope.is_vector_tier) return;
  for (const char* type : {"float", "half"}) {
    for (const Chunk& chunk : chunks(functions(), true)) check_vectors(device, type, chunk);
  }
}

}  // namespace msl_accuracy
