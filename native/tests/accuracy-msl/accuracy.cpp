// test_accuracy_msl TABLE DEVICE [--tier T] [--cache FOLDER] [--verbose]
// Every math function on corner cases and seeded values, on a device, within the bounds of the language.
#include <cmath>
#include <fstream>
#include <sstream>

#include "judge.h"
#include "tests/conformance.h"

namespace msl_accuracy {
namespace {

struct Options {
  std::string table, device, tier, cache;
  bool is_verbose = false;
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
      const Real own = f.truth(x, y);
      const bool is_same = std::isnan(table) ? std::isnan(own) : std::isinf(table) ? std::fabs(own) > 1e308L : std::fabs(own - table) <= std::fabs(table) * 0x1p-48L + 0x1p-1074L;
      klab_test::check(is_same, __FILE__, __LINE__, name + "(" + klab_test::show(x) + ", " + klab_test::show(y) + ") is " + klab_test::show(own) + ", MPFR says " + text);
    }
  }
  CHECK(lines > 5000);
}

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
    {"default ", "metal::", "float", Mode::fast, KLAB_MATH_FAST},
    {"half ", "metal::", "half", Mode::half, KLAB_MATH_FAST},
};

using Chunk = std::vector<const Function*>;

std::vector<Chunk> chunks() {
  constexpr size_t most = 10;
  std::vector<Chunk> out;
  for (const Function& f : functions()) {
    if (out.empty() || out.back().size() == most || out.back()[0]->arity != f.arity) out.emplace_back();
    out.back().push_back(&f);
  }
  return out;
}

std::string source_of(const Variant& variant, const Chunk& chunk) {
  std::ostringstream text;
  text << "#include <metal_stdlib>\nkernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], uint i [[thread_position_in_grid]], uint n [[threads_per_grid]]) {\n"
       << "  const " << variant.type << " x = " << variant.type << "(in[i]), y = " << variant.type << "(in[n + i]);\n";
  for (size_t k = 0; k < chunk.size(); ++k) text << "  out[" << k << " * n + i] = float(" << variant.scope << chunk[k]->name << (chunk[k]->arity == 1 ? "(x));\n" : "(x, y));\n");
  text << "}\n";
  return text.str();
}

// The functions of a chunk one after the other, each at all points.
bool run_chunk(klab_device* device, const Variant& variant, const Chunk& chunk, const std::vector<float>& in, std::vector<float>& out) {
  conformance::Error error;
  conformance::Module module;
  conformance::Op op;
  conformance::Buffer in_buffer, out_buffer;
  const std::string text = source_of(variant, chunk);
  auto desc = conformance::make<klab_module_desc>();
  desc.source = text.data();
  desc.source_bytes = text.size();
  desc.path = "accuracy.metal";
  desc.math_mode = variant.math;
  desc.flags = KLAB_MODULE_NO_CHECK;
  if (!CHECK_EQ(klab_module_create(device, &desc, module.out(), &error), KLAB_OK)) return std::printf("%s\n", error.message), false;
  const klab_status status = conformance::create_op(module, "check", op, &error);
  if (status == KLAB_UNSUPPORTED) return std::printf("skipped %s… with %s: %s\n", chunk[0]->name, variant.label, error.message), false;  // by the tier asked for
  if (!CHECK_EQ(status, KLAB_OK)) return std::printf("%s\n", error.message), false;
  klab_op_settle(op, 0, nullptr);
  const size_t count = in.size() / 2;
  out.resize(count * chunk.size());
  if (!CHECK_EQ(conformance::create_buffer(device, in.size() * 4, in_buffer), KLAB_OK) || !CHECK_EQ(conformance::create_buffer(device, out.size() * 4, out_buffer), KLAB_OK)) return false;
  klab_buffer_write(in_buffer, 0, in.data(), in.size() * 4, nullptr);
  const std::vector<klab_arg> args = {conformance::buffer_arg(0, out_buffer), conformance::buffer_arg(1, in_buffer)};
  klab_dispatch dispatch = conformance::make_dispatch(op, args, static_cast<uint32_t>(count), 64);
  dispatch.grid_is_threads = 1;
  const conformance::RunResult result = conformance::run_once(device, dispatch);
  if (!CHECK_EQ(result.status, KLAB_OK)) return std::printf("%s\n", result.error.message), false;
  return CHECK_EQ(klab_buffer_read(out_buffer, 0, out.data(), out.size() * 4, nullptr), KLAB_OK);
}

float as_half(float x) { return float(static_cast<_Float16>(x)); }

void check_chunk(klab_device* device, const Variant& variant, const Chunk& chunk, bool is_verbose) {
  std::vector<float> in = test_values(3000, 1), out;
  const size_t count = in.size();
  // Every corner case meets others as the second operand.
  for (size_t i = 0; i < count; ++i) in.push_back(in[(i * 37 + 5) % count]);
  if (variant.mode == Mode::half) {
    for (float& value : in) value = as_half(value);
  }
  if (!run_chunk(device, variant, chunk, in, out)) return;
  for (size_t k = 0; k < chunk.size(); ++k) {
    double worst = 0;
    size_t refused = 0, first = 0;
    for (size_t i = 0; i < count; ++i) {
      const Judgement judgement = judge(*chunk[k], variant.mode, in[i], in[count + i], out[k * count + i]);
      if (judgement.is_accepted) worst = std::max(worst, judgement.ulp);
      else if (refused++ == 0) first = i;
    }
    const std::string name = std::string(variant.label) + chunk[k]->name;
    char where[200];
    std::snprintf(where, sizeof where, "%s(%a, %a) = %a, truth %La; %zu of %zu points refused", name.c_str(), double(in[first]), double(in[count + first]), double(out[k * count + first]),
                  chunk[k]->truth(in[first], in[count + first]), refused, count);
    klab_test::check(refused == 0, __FILE__, __LINE__, where);
    if (is_verbose) std::printf("%-20s worst %.3g ulp\n", name.c_str(), worst);
  }
}

int check_device(const Options& options) {
  conformance::Error error;
  conformance::Device device;
  if (!CHECK_EQ(klab_device_open(options.device.c_str(), device.out(), &error), KLAB_OK)) return std::printf("%s\n", error.message), 1;
  if (!options.cache.empty()) conformance::set_option(device, "cache", options.cache.c_str());
  if (!options.tier.empty() && klab_device_set_option(device, "tier", options.tier.c_str(), &error) != KLAB_OK) return std::printf("skipped: %s\n", error.message), 77;
  for (const Variant& variant : variants) {
    for (const Chunk& chunk : chunks()) check_chunk(device, variant, chunk, options.is_verbose);
  }
  std::printf("%d passed, %d failed\n", klab_test::counts().passed, klab_test::counts().failed);
  return klab_test::counts().failed ? 1 : 0;
}

}  // namespace
}  // namespace msl_accuracy

int main(int argc, char** argv) {
  if (argc < 3) return std::printf("usage: %s TABLE DEVICE [--tier T] [--cache FOLDER] [--verbose]\n", argv[0]), 2;
  msl_accuracy::Options options{argv[1], argv[2], "", "", false};
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--verbose") options.is_verbose = true;
    else if (word == "--tier" && i + 1 < argc) options.tier = argv[++i];
    else if (word == "--cache" && i + 1 < argc) options.cache = argv[++i];
  }
  msl_accuracy::check_reference(options.table);
  return msl_accuracy::check_device(options);
}
