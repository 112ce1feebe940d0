// Writes table.txt: what MPFR says the functions are at the corner values, rounded to double. Run by hand, where
// libmpfr-dev is installed, from native/:
//   g++ -std=c++20 -I. tests/accuracy-msl/generate_table.cpp tests/accuracy-msl/functions.cpp tests/accuracy-msl/exact_functions.cpp -lmpfr -lgmp -o /tmp/table
//   /tmp/table > tests/accuracy-msl/table.txt
#include <mpfr.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <string>

#include "functions.h"

namespace {

using Unary = int (*)(mpfr_t, const mpfr_t, mpfr_rnd_t);
using Binary = int (*)(mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

const std::map<std::string, Unary> unary = {
    {"acos", mpfr_acos}, {"acosh", mpfr_acosh}, {"asin", mpfr_asin}, {"asinh", mpfr_asinh}, {"atan", mpfr_atan}, {"atanh", mpfr_atanh},
    {"cos", mpfr_cos}, {"cosh", mpfr_cosh}, {"cospi", mpfr_cospi}, {"exp", mpfr_exp}, {"exp10", mpfr_exp10}, {"exp2", mpfr_exp2},
    {"log", mpfr_log}, {"log10", mpfr_log10}, {"log2", mpfr_log2}, {"rsqrt", mpfr_rec_sqrt}, {"sin", mpfr_sin}, {"sinh", mpfr_sinh},
    {"sinpi", mpfr_sinpi}, {"sqrt", mpfr_sqrt}, {"tan", mpfr_tan}, {"tanh", mpfr_tanh}, {"tanpi", mpfr_tanpi},
};
const std::map<std::string, Binary> binary = {{"atan2", mpfr_atan2}, {"divide", mpfr_div}, {"fmod", mpfr_fmod}, {"pow", mpfr_pow}};

}  // namespace

int main() {
  mpfr_t x, y, z;
  mpfr_inits2(200, x, y, z, static_cast<mpfr_ptr>(nullptr));
  const std::vector<float> values = msl_accuracy::corner_values();
  for (const msl_accuracy::Function& f : msl_accuracy::functions()) {
    const auto one = unary.find(f.name);
    const auto two = binary.find(f.name);
    if (one == unary.end() && two == binary.end()) continue;
    for (size_t i = 0; i < values.size(); ++i) {
      const float b = values[(i * 37 + 5) % values.size()];
      mpfr_set_flt(x, values[i], MPFR_RNDN);
      mpfr_set_flt(y, b, MPFR_RNDN);
      if (one != unary.end()) one->second(z, x, MPFR_RNDN);
      else two->second(z, x, y, MPFR_RNDN);
      std::printf("%s %08x %08x %a\n", f.name, __builtin_bit_cast(uint32_t, values[i]), __builtin_bit_cast(uint32_t, b), mpfr_get_d(z, MPFR_RNDN));
    }
  }
}
