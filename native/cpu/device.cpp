// The cpu device: kernels compiled for the host's processor, OpenBLAS as the baseline.
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "core/boundary.h"
#include "core/crash_report.h"
#include "core/device_registry.h"
#include "cpu/analyse/analysis.h"
#include "cpu/analyse/analysis_op.h"
#include "cpu/analyse/crash_position.h"
#include "cpu/baseline/gemm_op.h"
#include "cpu/baseline/openblas.h"
#include "cpu/buffer.h"
#include "cpu/host_info.h"
#include "cpu/kernel_op.h"
#include "cpu/module.h"
#include "cpu/selftest.h"

namespace klab::cpu {

namespace {

constexpr uint32_t threadgroup_bytes = 32768, max_threads = 1024, max_pool_threads = 1024;

constexpr std::pair<std::string_view, TierChoice> tier_choices[] = {
    {"auto", TierChoice::automatic}, {"loop", TierChoice::loop}, {"fiber", TierChoice::fiber}, {"leader", TierChoice::leader}, {"vector", TierChoice::vector}};

using Clock = std::chrono::steady_clock;

uint64_t now_ns() {
  const auto now = Clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

Clock::time_point deadline_in(uint64_t ns) {
  constexpr uint64_t a_day = 86'400'000'000'000;  // a time point cannot hold every uint64_t
  return Clock::now() + std::chrono::nanoseconds(std::min(ns, a_day));
}

bool find_position(crash::Position& position) {
  RunningThread thread;
  if (!klab::analyse::analysed_thread(thread) && !running_thread(thread)) return false;
  position.kernel = thread.kernel->name;
  position.launch = thread.launch;
  const klab_uint3& in_group = thread.thread;
  const klab_uint3& group = thread.threadgroup;
  position.thread[0] = in_group.x, position.thread[1] = in_group.y, position.thread[2] = in_group.z;
  position.has_thread = thread.has_thread;
  position.is_simdgroup = thread.is_simdgroup;
  position.threadgroup[0] = group.x, position.threadgroup[1] = group.y, position.threadgroup[2] = group.z;
  return true;
}

class CpuDevice final : public Device {
 public:
  CpuDevice() : threads_(processor_count()) { context_.cancel = &cancelled; }

  klab_device_info info() override {
    if (info_.struct_size == 0) info_ = read_info();
    return info_;
  }

  Error tier(uint32_t index, klab_tier_info& tier) override {
    const bool is_chosen_here = tier_ == TierChoice::automatic;
    const size_t choice = is_chosen_here ? index + 1 : size_t(tier_);
    if (choice >= std::size(tier_choices) || (!is_chosen_here && index > 0)) return {KLAB_NOT_FOUND, "there is no such tier"};
    copy_text(tier.name, tier_choices[choice].first);
    std::string flags;
    if (const Error error = flags_of_tier(context_, tier.name, flags)) copy_text(tier.missing, error.message);
    copy_text(tier.flags, flags);
    return {};
  }

  Error set_option(std::string_view key, std::string_view value) override {
    info_.struct_size = 0;
    if (key == "threads") return set_threads(std::string(value));
    if (key == "tier") return set_tier(value);
    if (key == "cache") {
      context_.cache = value;
      context_.is_cache_on = !value.empty();
      return {};
    }
    if (key == "shim" || key == "clang") {
      (key == "shim" ? context_.shim : context_.clang) = value;
      return {};
    }
    if (key == "compiler") {
      if (value != "auto" && value != "spawned") return invalid(format("compiler must be \"auto\" or \"spawned\", got \"%.*s\"", int(value.size()), value.data()));
      context_.is_compiler_resident = value == "auto";
      return {};
    }
    return invalid(format("the cpu device has no option \"%.*s\"; it has \"threads\", \"tier\", \"cache\", \"shim\", \"clang\", \"compiler\"", int(key.size()), key.data()));
  }

  Error create_module(const ModuleRequest& request, std::unique_ptr<Module>& module) override {
    const KernelOpOptions options{tier_, [this]() -> Executor& { return executor(); }, builds_};
    const auto make_op = [options](const OpSource& source, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& op) {
      if (source.request.flags & KLAB_OP_ANALYSE) return klab::analyse::AnalysisOp::create(source, diagnostics, op);
      return make_kernel_op(source, options, diagnostics, op);
    };
    if (Error error = CpuModule::create(request, context_, make_op, module)) return error;
    size_t errors = 0;
    for (const Diagnostic& diagnostic : module->info().diagnostics) errors += diagnostic.severity == KLAB_SEVERITY_ERROR;
    if (errors == 0) return {};
    return {KLAB_COMPILE, format("%s: %zu error%s", request.path.c_str(), errors, errors == 1 ? "" : "s")};
  }

  Error create_baseline(const klab_gemm_desc& desc, std::unique_ptr<Op>& op) override { return make_gemm_op(desc, [this]() -> Executor& { return executor(); }, op); }

  Error create_buffer(const klab_buffer_desc& desc, std::unique_ptr<Buffer>& buffer) override { return HostBuffer::create(desc, buffer); }

  Error prepare_run(std::span<const RunDispatch> dispatches, uint64_t timeout_ns) override {
    const RunStart start{cancelled, deadline_in(timeout_ns)};
    for (const RunDispatch& one : dispatches) {
      if (Error error = static_cast<HostOp*>(one.dispatch->op)->prepare(*one.dispatch, start)) return error;
    }
    return {};
  }

  // What is measured here takes from the first submission's time.
  Error begin_run(std::span<const RunDispatch> dispatches, uint64_t timeout_ns) override {
    const RunStart start{cancelled, deadline_in(timeout_ns / 4)};
    for (const RunDispatch& one : dispatches) {
      if (Error error = static_cast<HostOp*>(one.dispatch->op)->begin_run(one, start)) return error;
    }
    return {};
  }

  Error submit(const Submission& submission, klab_sample& sample) override {
    HostTimes times;
    HostTimes* const wanted = submission.has_host_times ? &times : nullptr;
    const uint64_t start = now_ns();
    for (const Dispatch* dispatch : submission.dispatches) {
      if (cancelled) return {KLAB_CANCELLED, "the run was cancelled"};
      if (Error error = static_cast<HostOp*>(dispatch->op)->execute(*dispatch, cancelled, wanted)) return error;
    }
    const uint64_t end = now_ns();
    add_device_time(sample, start, end);
    sample.encode_ns += times.encode_ns;
    sample.commit_ns += times.commit_ns;
    sample.wait_ns += end - start - times.encode_ns - times.commit_ns;
    return {};
  }

  Error analyse(const AnalysisRequest& request, std::string& json) override { return klab::analyse::analyse(request, {threadgroup_bytes}, cancelled, json); }

  Error selftest(std::string& json) override { return run_selftest(*this, json); }

 private:
  klab_device_info read_info() const {
    klab_device_info info = {};
    info.struct_size = sizeof info;
    info.kind = KLAB_DEVICE_CPU;
    info.time_domain = KLAB_TIME_CPU;
    info.simd_width = KLAB_SIMD_WIDTH;
    info.capabilities = KLAB_CAP_BF16 | KLAB_CAP_SIMDGROUP_MATRIX | KLAB_CAP_BATCHED | KLAB_CAP_ANALYSE;
    info.has_unified_memory = 1;
    info.max_threads_per_threadgroup = max_threads;
    info.max_threadgroup_bytes = threadgroup_bytes;
    info.max_buffer_bytes = info.working_set_bytes = physical_bytes();
    info.core_count = threads_;
    copy_text(info.id, "cpu");
    copy_text(info.name, processor_name());
    copy_text(info.arch, processor_arch());
    Toolchain toolchain;
    if (!find_toolchain(context_, toolchain)) copy_text(info.driver, toolchain.version);
    const OpenBlas* blas = nullptr;
    if (const Error error = load_openblas(blas)) {
      copy_text(info.baseline_missing, error.message);
    } else {
      copy_text(info.baseline, blas->version);
      info.capabilities |= KLAB_CAP_BASELINE;
    }
    return info;
  }

  Error set_threads(const std::string& value) {
    char* end = nullptr;
    const unsigned long number = std::strtoul(value.c_str(), &end, 10);
    if (value.empty() || *end || number == 0 || number > max_pool_threads) {
      return invalid(format("threads must be 1 to %u, got \"%s\"", max_pool_threads, value.c_str()));
    }
    threads_ = static_cast<unsigned>(number);
    executor_.reset();
    return {};
  }

  Error set_tier(std::string_view value) {
    for (const auto& [name, choice] : tier_choices) {
      if (name == value) return tier_ = choice, Error{};
    }
    return invalid(format("tier must be \"auto\", \"loop\", \"fiber\", \"leader\" or \"vector\", got \"%.*s\"", int(value.size()), value.data()));
  }

  Executor& executor() {
    if (!executor_) {
      ExecutorOptions options;
      options.threads = threads_;
      options.threadgroup_bytes = threadgroup_bytes;
      options.max_threads = max_threads;
      options.on_thread_start = [](unsigned) { crash::prepare_thread(); };
      executor_ = std::make_unique<Executor>(options);
    }
    return *executor_;
  }

  klab_device_info info_ = {};  // struct_size 0: to be read again
  CompileContext context_;
  unsigned threads_;
  TierChoice tier_ = TierChoice::automatic;
  std::unique_ptr<Executor> executor_;
  BuildQueue builds_;
};

}  // namespace

}  // namespace klab::cpu

namespace klab {

Error open_cpu_device(std::unique_ptr<Device>& device) {
  cpu::expose_runtime();
  crash::set_position_query(cpu::find_position);
  crash::set_overflow_query([](const void* address) { return klab::analyse::is_analysed_stack_overflow(address) || is_fiber_stack_overflow(address); });
  crash::finish_divisions();
  device = std::make_unique<cpu::CpuDevice>();
  return {};
}

}  // namespace klab
