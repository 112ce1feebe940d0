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

struct Choice {
  const char* key;
  std::string NullScript::*chosen;
  std::vector<std::string> values;
};

// Times and the seed are whole and at least `least`; the rest are shares from 0 to 1.
struct Number {
  const char* key;
  double least;
  double& (*place)(NullScript& script);
};

const std::vector<Choice>& choices() {
  static const auto& list = *new std::vector<Choice>{
      {"compile", &NullScript::compile, {"ok", "fail", "hang", "crash"}},
      {"run", &NullScript::run, {"ok", "fail", "hang", "crash", "lost"}},
      {"clock", &NullScript::clock, {"ok", "zero", "negative"}},
  };
  return list;
}

constexpr double share = -1;

constexpr Number numbers[] = {
    {"latencyNs", 1, [](NullScript& s) -> double& { return s.latency_ns; }},
    {"baselineLatencyNs", 1, [](NullScript& s) -> double& { return s.baseline_latency_ns; }},
    {"encodeNs", 0, [](NullScript& s) -> double& { return s.encode_ns; }},
    {"commitNs", 0, [](NullScript& s) -> double& { return s.commit_ns; }},
    {"seed", 0, [](NullScript& s) -> double& { return s.noise.seed; }},
    {"jitter", share, [](NullScript& s) -> double& { return s.noise.jitter; }},
    {"drift", share, [](NullScript& s) -> double& { return s.noise.drift; }},
    {"spikes", share, [](NullScript& s) -> double& { return s.noise.spikes; }},
    {"swingNs", 0, [](NullScript& s) -> double& { return s.noise.swing_ns; }},
    {"stateNs", 0, [](NullScript& s) -> double& { return s.noise.state_ns; }},
    {"wander", share, [](NullScript& s) -> double& { return s.noise.wander; }},
    {"bursts", share, [](NullScript& s) -> double& { return s.noise.bursts; }},
    {"bimodal", share, [](NullScript& s) -> double& { return s.noise.bimodal; }},
};

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
    for (const Choice& choice : choices()) {
      keys.emplace_back(choice.key);
      if (key == choice.key) return set_choice(choice, std::string(value));
    }
    for (const Number& number : numbers) {
      keys.emplace_back(number.key);
      if (key == number.key) return set_number(number, std::string(value));
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
    const uint64_t encode = encode_time(submission), commit = static_cast<uint64_t>(commit_ns);
    clock_.pass(encode + commit);
    const uint64_t start = clock_.now();
    for (const Dispatch* dispatch : submission.dispatches) clock_.work(latency_of(*dispatch), is_null_baseline(*dispatch->op));
    const uint64_t end = clock_.now();
    sample.encode_ns += encode;
    sample.commit_ns += commit;
    sample.wait_ns += end - start;
    if (clock == "zero") {
      add_device_time(sample, 0, 0);
    } else if (clock == "negative") {
      add_device_time(sample, end, start);
    } else {
      add_device_time(sample, start, end);
    }
    return {};
  }

  Error selftest(std::string& json) override {
    json = R"({"device":"null","passed":true,"checks":[{"name":"script","passed":true,"detail":)" +
           json_text("compile=" + compile + " run=" + run + " clock=" + clock) + R"(,"ns":0}]})";
    return {};
  }

 private:
  Error set_choice(const Choice& choice, const std::string& value) {
    for (const std::string& known : choice.values) {
      if (known != value) continue;
      this->*choice.chosen = value;
      return {};
    }
    return invalid(choice.key + (" must be one of " + joined(choice.values)) + ", got \"" + value + "\"");
  }

  Error set_number(const Number& number, const std::string& value) {
    char* end = nullptr;
    const double parsed = std::strtod(value.c_str(), &end);
    const bool is_number = !value.empty() && *end == 0 && std::isfinite(parsed);
    const bool is_share = number.least == share;
    if (is_share && !(is_number && parsed >= 0 && parsed < 1)) return invalid(number.key + (" must be a share from 0 to below 1, got \"" + value + "\""));
    if (!is_share && !(is_number && parsed >= number.least && parsed == std::floor(parsed) && parsed < 0x1p53)) {
      return invalid(number.key + format(" must be a whole number from %.0f on, got \"%s\"", number.least, value.c_str()));
    }
    number.place(*this) = parsed;
    clock_.restart(noise);
    return {};
  }

  double latency_of(const Dispatch& dispatch) const {
    return baseline_latency_ns > 0 && is_null_baseline(*dispatch.op) ? baseline_latency_ns : latency_ns;
  }

  // A replay has been encoded before.
  uint64_t encode_time(const Submission& submission) const {
    return submission.mode == KLAB_MODE_GRAPH ? 0 : static_cast<uint64_t>(encode_ns) * submission.dispatches.size();
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

  ScriptedClock clock_;
};

}  // namespace

Error open_null_device(std::unique_ptr<Device>& device) {
  device = std::make_unique<NullDevice>();
  return {};
}

}  // namespace klab
