#include "tiers.h"

namespace klab_fuzz {
namespace {

using namespace conformance;

struct Params {
  uint32_t n;
  int32_t a;
  float f;
  uint32_t unused;
};

struct Buffers {
  Buffer out, floats, ints, counters, scratch, quads;
  Params params{5, -3, 1.5f, 0};
  std::vector<klab_arg> args;
  uint32_t threads;

  Buffers(klab_device* device, const GeneratedKernel& kernel) : threads(kernel.shape.total_threads()) {
    create_buffer(device, threads * words_per_thread * 4, out);
    create_buffer(device, input_count * 4, floats);
    create_buffer(device, input_count * 4, ints);
    create_buffer(device, counter_count * 4, counters);
    create_buffer(device, threads * 16, scratch);
    create_buffer(device, threads * 16, quads);
    fill();
    klab_buffer* const all[] = {out, floats, ints, nullptr, counters, scratch, quads};
    for (uint32_t i = 0; i < 7; i++) args.push_back(i == 3 ? bytes_arg(3, &params, sizeof params) : buffer_arg(i, all[i]));
  }

  void fill() {
    std::vector<float> reals(input_count), ones(threads * 4, 1.0f);
    std::vector<int32_t> wholes(input_count);
    Random random(7);
    for (float& x : reals) x = float(int(random.below(2001)) - 1000) / 16.0f + 0.03125f;
    for (int32_t& x : wholes) x = int32_t(random.next());
    klab_buffer_write(floats, 0, reals.data(), input_count * 4, nullptr);
    klab_buffer_write(ints, 0, wholes.data(), input_count * 4, nullptr);
    klab_buffer_write(scratch, 0, ones.data(), threads * 16, nullptr);
    klab_buffer_write(quads, 0, ones.data(), threads * 16, nullptr);
  }

  std::vector<uint32_t> words() {
    std::vector<uint32_t> all(threads * words_per_thread + counter_count + threads * 8);
    uint32_t* at = all.data();
    klab_buffer_read(out, 0, at, threads * words_per_thread * 4, nullptr);
    klab_buffer_read(counters, 0, at += threads * words_per_thread, counter_count * 4, nullptr);
    klab_buffer_read(scratch, 0, at += counter_count, threads * 16, nullptr);
    klab_buffer_read(quads, 0, at + threads * 4, threads * 16, nullptr);
    return all;
  }
};

klab_status read_source(klab_device* device, const std::string& source, bool is_checked, Module& module, klab_error* error) {
  auto desc = make<klab_module_desc>();
  desc.source = source.data();
  desc.source_bytes = source.size();
  desc.path = "fuzzed.metal";
  // Bits can be compared only where the compiler may not choose between roundings.
  desc.math_mode = KLAB_MATH_SAFE;
  desc.flags = KLAB_MODULE_NO_CACHE | (is_checked ? 0u : uint32_t(KLAB_MODULE_NO_CHECK));
  return klab_module_create(device, &desc, module.out(), error);
}

klab_status build(klab_module* module, const char* entry, uint32_t flags, Op& op, klab_error* error) {
  auto desc = make<klab_op_desc>();
  desc.entry = entry;
  desc.flags = KLAB_MODULE_NO_CACHE | flags;
  return klab_op_create(module, &desc, op.out(), error);
}

Outcome failure(Outcome::Kind kind, std::string message) { return {kind, std::move(message), {}}; }

std::string first_error(klab_module* module) {
  auto info = make<klab_module_info>();
  klab_module_get_info(module, &info);
  for (uint32_t i = 0; i < info.diagnostic_count; i++) {
    auto diagnostic = make<klab_diagnostic>();
    klab_module_get_diagnostic(module, i, &diagnostic);
    if (diagnostic.severity == KLAB_SEVERITY_ERROR) return std::to_string(diagnostic.line) + ": " + diagnostic.message;
  }
  return "";
}

}  // namespace

klab_device* Tiers::device(const std::string& tier) {
  auto& device = devices_[tier];
  if (device) return *device;
  device = std::make_unique<Device>();
  klab_device_open("cpu", device->out(), nullptr);
  const std::string option = tier == "analyse" ? "auto" : tier;
  if (klab_device_set_option(*device, "tier", option.c_str(), nullptr) != KLAB_OK) device->out();
  return *device;
}

bool Tiers::has(const std::string& tier) {
  klab_device* found = device(tier);
  if (!found || tier != "analyse") return found != nullptr;
  auto info = make<klab_device_info>();
  klab_device_get_info(found, &info);
  return (info.capabilities & KLAB_CAP_ANALYSE) != 0;
}

Outcome Tiers::run(const GeneratedKernel& kernel, const std::string& tier) {
  klab_device* on = device(tier);
  Module module;
  Op op;
  Error error;
  const bool is_analysis = tier == "analyse";
  if (const klab_status status = read_source(on, kernel.source, false, module, &error)) {
    return failure(Outcome::Kind::failed, "reading it: " + std::string(error.message) + " " + (status == KLAB_COMPILE ? first_error(module) : ""));
  }
  const klab_status built = build(module, "fuzzed", is_analysis ? uint32_t(KLAB_OP_ANALYSE) : 0u, op, &error);
  if (built == KLAB_UNSUPPORTED || built == KLAB_TOOL_MISSING) return failure(Outcome::Kind::refused, error.message);
  if (built) return failure(Outcome::Kind::failed, "building it: " + std::string(error.message) + " " + first_error(module));
  return run_op(on, op, kernel, is_analysis);
}

Outcome Tiers::run_op(klab_device* device, klab_op* op, const GeneratedKernel& kernel, bool is_analysis) {
  Buffers buffers(device, kernel);
  klab_dispatch dispatch = make_dispatch(op, buffers.args);
  for (int axis = 0; axis < 3; axis++) dispatch.grid[axis] = kernel.shape.grid[axis], dispatch.threads[axis] = kernel.shape.threads[axis];
  dispatch.grid_is_threads = kernel.shape.grid_is_threads;
  if (!is_analysis) {
    RunResult result = run_once(device, dispatch);
    // A build for this shape of threadgroup is given only so long before the run is: on a busy machine it may take longer.
    if (result.status == KLAB_TIMEOUT && klab_op_settle(op, 0, nullptr) == KLAB_OK) result = run_once(device, dispatch);
    if (result.status) return failure(Outcome::Kind::failed, "running it: " + std::string(result.error.message));
    return {Outcome::Kind::ran, "", buffers.words()};
  }
  auto desc = make<klab_analysis_desc>();
  desc.dispatches = &dispatch;
  desc.dispatch_count = 1;
  klab_analysis* analysis = nullptr;
  Error error;
  if (klab_analysis_create(device, &desc, &analysis, &error)) return failure(Outcome::Kind::failed, "analysing it: " + std::string(error.message));
  uint64_t bytes = 0;
  klab_analysis_get_json(analysis, nullptr, 0, &bytes);
  std::string json(bytes, '\0');
  klab_analysis_get_json(analysis, json.data(), bytes, &bytes);
  klab_analysis_destroy(analysis);
  if (json.find("\"findings\":[]") == std::string::npos) return failure(Outcome::Kind::failed, "reported: " + json.substr(0, 700));
  return {Outcome::Kind::ran, "", buffers.words()};
}

std::string Tiers::difference(const GeneratedKernel& kernel, const Outcome& expected, const Outcome& actual) {
  const uint32_t threads = kernel.shape.total_threads();
  uint32_t count = 0;
  std::string first;
  for (size_t k = 0; k < expected.words.size(); k++) {
    if (expected.words[k] == actual.words[k] || count++) continue;
    const size_t results = size_t(threads) * words_per_thread, counters = results + counter_count;
    char values[64];
    std::snprintf(values, sizeof values, "%08x, expected %08x", actual.words[k], expected.words[k]);
    first = (k < results    ? "out[" + std::to_string(k) + "] (thread " + std::to_string(k / words_per_thread) + ", word " + std::to_string(k % words_per_thread) + ")"
             : k < counters ? "counters[" + std::to_string(k - results) + "]"
                            : "scratch or quads[" + std::to_string((k - counters) % (threads * 4)) + "]") + " is " + values;
  }
  return count ? std::to_string(count) + " words differ; " + first : "";
}

std::string Tiers::read_any(const std::string& source) {
  Module module;
  Error error;
  const klab_status status = read_source(device("fiber"), source, true, module, &error);
  if (status != KLAB_OK && status != KLAB_COMPILE) return std::string(klab_status_name(status)) + ": " + error.message;
  auto info = make<klab_module_info>();
  klab_module_get_info(module, &info);
  uint32_t errors = 0, lines = 1;
  for (const char c : source) lines += c == '\n';
  for (uint32_t i = 0; i < info.diagnostic_count; i++) {
    auto d = make<klab_diagnostic>();
    klab_module_get_diagnostic(module, i, &d);
    errors += d.severity == KLAB_SEVERITY_ERROR;
    const std::string text = std::string(d.file) + ":" + std::to_string(d.line) + ": " + d.message;
    if (std::string(d.file) != "fuzzed.metal" || d.line < 1 || d.line > lines) return "a diagnostic is outside the file: " + text;
    if (text.find("klab_") != std::string::npos || text.find("MSL library did not compile") != std::string::npos) return "a diagnostic speaks of the lab's own code: " + text;
  }
  if ((status == KLAB_COMPILE) != (errors > 0)) return "status " + std::string(klab_status_name(status)) + " with " + std::to_string(errors) + " errors";
  for (uint32_t i = 0; status == KLAB_OK && i < info.entry_count && i < 2; i++) {
    auto entry = make<klab_entry_info>();
    klab_module_get_entry(module, i, &entry);
    Op op;
    const klab_status built = build(module, entry.name, 0, op, &error);
    if (built == KLAB_INTERNAL || built == KLAB_IO) return std::string("building: ") + klab_status_name(built) + ": " + error.message;
  }
  return "";
}

}  // namespace klab_fuzz
