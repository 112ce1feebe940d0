// The null device: runs nothing, answers plausibly, and fails on demand. For tests of everything above the ABI.
#include <signal.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <thread>
#include <vector>

#include "core/boundary.h"
#include "core/crash_report.h"
#include "core/device_registry.h"
#include "core/gemm.h"
#include "null/objects.h"

namespace klab {

namespace {

struct Option {
  const char* key;
  std::vector<std::string> values;  // empty: any number
};

const std::vector<Option>& option_list() {
  static const auto& list = *new std::vector<Option>{
      {"compile", {"ok", "fail", "hang", "crash"}},
      {"run", {"ok", "fail", "hang", "crash", "lost"}},
      {"clock", {"ok", "zero", "negative"}},
      {"latencyNs", {}},
  };
  return list;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "\"" : ", \"") + text + "\"";
  return out;
}

class NullDevice final : public Device, public NullScript {
 public:
  klab_device_info info() override {
    klab_device_info info = {};
    info.kind = KLAB_DEVICE_NULL;
    info.time_domain = KLAB_TIME_NONE;
    info.simd_width = 32;
    info.capabilities = KLAB_CAP_BF16 | KLAB_CAP_SIMDGROUP_MATRIX | KLAB_CAP_BATCHED | KLAB_CAP_GRAPH | KLAB_CAP_BASELINE;
    info.has_unified_memory = 1;
    info.max_threads_per_threadgroup = 1024;
    info.max_threadgroup_bytes = 32768;
    info.max_buffer_bytes = info.working_set_bytes = 1ull << 32;
    info.core_count = 1;
    copy_text(info.id, "null");
    copy_text(info.name, "Null device");
    copy_text(info.arch, "null");
    copy_text(info.driver, "none");
    copy_text(info.baseline, "null baseline");
    return info;
  }

  Error set_option(std::string_view key, std::string_view value) override {
    std::vector<std::string> keys;
    for (const Option& option : option_list()) {
      keys.emplace_back(option.key);
      if (key == option.key) return set_known(option, std::string(value));
    }
    return invalid(format("the null device has no option \"%.*s\"; it has %s", int(key.size()), key.data(), joined(keys).c_str()));
  }

  Error create_module(const ModuleRequest& request, std::unique_ptr<Module>& module) override {
    if (compile == "hang") return hang();
    if (compile == "crash") crash_now("null compiler");
    module = make_null_module(request, compile == "fail");
    return compile == "fail" ? Error{KLAB_COMPILE, "the source did not compile"} : Error{};
  }

  Error create_baseline(const klab_gemm_desc& desc, std::unique_ptr<Op>& op) override {
    op = make_null_baseline(desc);
    return {};
  }

  Error create_buffer(const klab_buffer_desc& desc, std::unique_ptr<Buffer>& buffer) override {
    if (desc.bytes > info().max_buffer_bytes) {
      return {KLAB_OUT_OF_MEMORY, format("a buffer of %s was asked for; the null device has %s", bytes_text(desc.bytes).c_str(), bytes_text(info().max_buffer_bytes).c_str())};
    }
    buffer = make_null_buffer(desc);
    return {};
  }

  Error submit(const Submission& submission, klab_sample& sample) override {
    if (run == "hang") return hang();
    if (run == "crash") crash_now("null kernel");
    if (run == "fail") return {KLAB_INTERNAL, "the null device was told to fail this run"};
    if (run == "lost") return {KLAB_DEVICE_LOST, "the null device was told to be lost"};
    const uint64_t start = clock_ns_ + 1;
    for (size_t i = 0; i < submission.dispatches.size(); i++) clock_ns_ += next_latency();
    clock_ns_++;
    sample.encode_ns += 100;
    sample.commit_ns += 50;
    sample.wait_ns += clock_ns_ - start;
    if (clock == "zero") {
      add_device_time(sample, 0, 0);
    } else if (clock == "negative") {
      add_device_time(sample, clock_ns_, start);
    } else {
      add_device_time(sample, start, clock_ns_);
    }
    return {};
  }

  Error selftest(std::string& json) override {
    json = R"({"device":"null","passed":true,"checks":[{"name":"script","passed":true,"detail":)" +
           json_text("compile=" + compile + " run=" + run + " clock=" + clock) + R"(,"ns":0}]})";
    return {};
  }

 private:
  Error set_known(const Option& option, const std::string& value) {
    const std::string key = option.key;
    if (option.values.empty()) {
      char* end = nullptr;
      const unsigned long long number = std::strtoull(value.c_str(), &end, 10);
      if (value.empty() || *end || number == 0) return invalid(key + " must be a whole number above 0, got \"" + value + "\"");
      latency_ns = number;
      return {};
    }
    for (const std::string& known : option.values) {
      if (known != value) continue;
      (key == "compile" ? compile : key == "run" ? run : clock) = value;
      return {};
    }
    return invalid(key + " must be one of " + joined(option.values) + ", got \"" + value + "\"");
  }

  Error hang() {
    while (!cancelled) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return {KLAB_CANCELLED, "cancelled"};
  }

  [[noreturn]] static void crash_now(const char* name) {
    const crash::Scope scope(name);
    raise(SIGSEGV);
    std::abort();
  }

  // Within 2 % of the asked time; the same sequence for every device that is opened.
  uint64_t next_latency() {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    const double jitter = (static_cast<double>(state_ >> 11) * 0x1p-53 - 0.5) * 0.04;
    return static_cast<uint64_t>(std::llround(static_cast<double>(latency_ns) * (1 + jitter)));
  }

  uint64_t state_ = 1, clock_ns_ = 1'000'000;
};

}  // namespace

Error open_null_device(std::unique_ptr<Device>& device) {
  device = std::make_unique<NullDevice>();
  return {};
}

}  // namespace klab
