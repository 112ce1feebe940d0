// test_accuracy_msl TABLE DEVICE [--tier T] [--cache FOLDER] [--verbose]
// Every math, common, integer, relational and geometric function on corner cases and seeded values, on a device, within
// the bounds of the language. Exit code 77 when the device does not know the tier; a kernel that the tier cannot take is
// a failure.
#include <cmath>
#include <fstream>

#include "checks.h"
#include "functions.h"
#include "tests/conformance.h"

namespace msl_accuracy {
namespace {

struct Options {
  std::string table, device, tier, cache;
  Scope scope;
};

// The reference against MPFR's results, which were committed.
void check_reference(const std::string& path) {
  std::ifstream in(path);
  std::string name, text;
  uint32_t x_bits = 0, y_bits = 0;
  size_t lines = 0;
  while (in >> name >> std::hex >> x_bits >> y_bits >> text) {
    ++lines;
    const Real table = std::strtod(text.c_str(), nullptr);
    for (const Function& f : functions()) {
      if (name != f.name) continue;
      const float x = __builtin_bit_cast(float, x_bits), y = __builtin_bit_cast(float, y_bits);
      const Real own = f.truth({x, y, 0, false});
      const bool is_same = std::isnan(table) ? std::isnan(own) : std::isinf(table) ? std::fabs(own) > 1e308L : std::fabs(own - table) <= std::fabs(table) * 0x1p-48L + 0x1p-1074L;
      klab_test::check(is_same, __FILE__, __LINE__, name + "(" + klab_test::show(x) + ", " + klab_test::show(y) + ") is " + klab_test::show(own) + ", MPFR says " + text);
    }
  }
  CHECK(lines > 5000);
}

int check_device(const Options& options) {
  conformance::Error error;
  conformance::Device device;
  if (!CHECK_EQ(klab_device_open(options.device.c_str(), device.out(), &error), KLAB_OK)) return std::printf("%s\n", error.message), 1;
  if (!options.cache.empty()) conformance::set_option(device, "cache", options.cache.c_str());
  if (!options.tier.empty() && klab_device_set_option(device, "tier", options.tier.c_str(), &error) != KLAB_OK) return std::printf("skipped: %s\n", error.message), 77;
  check_math(device, options.scope);
  check_integers(device, options.scope);
  check_relations(device);
  check_geometry(device);
  std::printf("%d passed, %d failed\n", klab_test::counts().passed, klab_test::counts().failed);
  return klab_test::counts().failed ? 1 : 0;
}

}  // namespace
}  // namespace msl_accuracy

int main(int argc, char** argv) {
  if (argc < 3) return std::printf("usage: %s TABLE DEVICE [--tier T] [--cache FOLDER] [--verbose]\n", argv[0]), 2;
  msl_accuracy::Options options{argv[1], argv[2], "", "", {}};
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--verbose") options.scope.is_verbose = true;
    else if (word == "--tier" && i + 1 < argc) options.tier = argv[++i];
    else if (word == "--cache" && i + 1 < argc) options.cache = argv[++i];
  }
  options.scope.is_vector_tier = options.tier == "vector";
  msl_accuracy::check_reference(options.table);
  return msl_accuracy::check_device(options);
}
