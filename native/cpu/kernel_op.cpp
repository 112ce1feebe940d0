#include "cpu/kernel_op.h"

#include <algorithm>
#include <optional>

#include "cpu/buffer.h"
#include "cpu/tiers/build_set.h"
#include "cpu/tiers/chooser.h"
#include "cpu/tiers/waiting.h"

namespace klab::cpu {

namespace {

constexpr uint32_t max_threads = 1024;

BuildSet::Tiers tiers_of(TierChoice choice) {
  const bool is_automatic = choice == TierChoice::automatic;
  return {.leader = is_automatic || choice == TierChoice::leader, .vector = is_automatic || choice == TierChoice::vector};
}

class KernelOp final : public HostOp {
 public:
  KernelOp(const OpSource& source, const KernelOpOptions& options)
      : source_(source), options_(options), fast_(source_, options.builds, tiers_of(options.tier)), chooser_(options.executor, may_wait_for_threadgroups(*source.state)) {}

  Error open(std::vector<Diagnostic>& diagnostics) {
    if (is_forced_fast()) return open_fast();
    if (Error error = open_base(diagnostics)) return error;
    if (is_automatic()) fast_.begin();
    return {};
  }

  OpInfo info() const override {
    const std::lock_guard lock(mutex_);
    OpInfo info = info_;
    const auto ready = last_ || !is_automatic() ? std::vector<BuildSet::Build>() : fast_.ready();
    const BuildSet::Build build = last_ ? last_->build : ready.empty() ? nullptr : ready.back();
    if (build) {
      info.tier = build->tier();
      info.flags_used = build->compiled().flags_used;
    }
    if (is_automatic() && info.tier != "vector") info.tier_reason = last_ && !last_->reason.empty() ? last_->reason : fast_.missing();
    info.is_settled = fast_.is_settled();
    return info;
  }

  std::span<const Binding> bindings() const override { return bindings_; }

  Error settle(uint64_t timeout_ns, const std::atomic<bool>& cancel) override {
    is_patient_ = true;
    return fast_.settle(timeout_ns, cancel);
  }

  Error prepare(const Dispatch& dispatch, const RunStart& start) override {
    if (!is_automatic() && !is_forced_fast()) return {};
    const Launch launch = launch_of(dispatch);
    if (is_automatic() && !is_patient_) return fast_.ask_for(launch), Error{};
    if (Error error = fast_.wait_for(launch, start)) return error;
    return is_automatic() || !fast_.ready_for(launch).empty() ? Error{} : fast_.why_not(launch);
  }

  Error begin_run(const RunDispatch& one, const RunStart& start) override {
    const Launch launch = launch_of(*one.dispatch);
    const auto ready = is_automatic() || is_forced_fast() ? fast_.ready_for(launch) : std::vector<BuildSet::Build>();
    Decision decision;
    if (is_automatic()) decision = chooser_.choose({one, bindings_, launch, info_.tier, ready, start});
    else if (is_forced_fast()) decision.build = ready.empty() ? nullptr : ready.back();
    if (!decision.build && is_forced_fast()) return fast_.why_not(launch);
    one.dispatch->plan = std::make_shared<const Launch>(decision.build ? decision.build->applied_to(launch) : launch);
    const std::lock_guard lock(mutex_);
    last_ = std::move(decision);
    return {};
  }

  Error execute(const Dispatch& dispatch, const std::atomic<bool>& cancel, HostTimes* times) override {
    return options_.executor().run(*static_cast<const Launch*>(dispatch.plan.get()), cancel, times);
  }

 private:
  bool is_automatic() const { return options_.tier == TierChoice::automatic; }
  bool is_forced_fast() const { return options_.tier == TierChoice::leader || options_.tier == TierChoice::vector; }

  Error open_base(std::vector<Diagnostic>& diagnostics) {
    CompiledEntry compiled;
    Error error = compile_entry(*source_.state, source_.request, source_.context, compiled);
    diagnostics = std::move(compiled.diagnostics);
    if (!error) error = Library::open(compiled.library, base_);
    if (error) return error;
    if (options_.tier == TierChoice::loop && base_->kernel().uses_sync) {
      return {KLAB_UNSUPPORTED, "kernel " + compiled.entry.name + " synchronises its threads, which the loop tier cannot do; use tier auto or fiber"};
    }
    launch_.tier = options_.tier == TierChoice::fiber ? Tier::fiber : Tier::automatic;
    describe(*base_, compiled);
    info_.tier = Executor::tier_of(launch_) == Tier::loop ? "loop" : "fiber";
    return {};
  }

  Error open_fast() {
    BuildSet::Build build;
    if (Error error = fast_.make_first(build)) {
      return {error.status, error.status == KLAB_UNSUPPORTED ? "'" + source_.request.entry + "' cannot run in the tier that was asked for; " + error.message : error.message};
    }
    describe(build->library(), build->compiled());
    info_.tier = build->tier();
    return {};
  }

  void describe(const Library& library, const CompiledEntry& compiled) {
    launch_.kernel = &library.kernel();
    std::fill(std::begin(launch_.args.buffer), std::end(launch_.args.buffer), const_cast<void*>(zero_page()));
    bindings_ = compiled.entry.bindings;
    refine_bindings(library.handle(), bindings_);
    const uint32_t declared = library.kernel().max_total_threads;
    info_.max_threads = declared ? std::min(declared, max_threads) : max_threads;
    info_.simd_width = KLAB_SIMD_WIDTH;
    info_.is_cached = compiled.is_cached;
    info_.optimise_ns = compiled.optimise_ns;
    info_.link_ns = compiled.link_ns;
    info_.name = compiled.entry.name;
    info_.flags_used = compiled.flags_used;
  }

  Launch launch_of(const Dispatch& dispatch) const {
    Launch launch = launch_;
    for (const Arg& arg : dispatch.args) {
      if (arg.kind == KLAB_ARG_THREADGROUP) {
        launch.args.threadgroup_bytes[arg.index] = static_cast<uint32_t>(arg.bytes);
        continue;
      }
      launch.args.buffer[arg.index] = host_pointer(arg);
      launch.args.buffer_bytes[arg.index] = arg.kind == KLAB_ARG_BYTES ? arg.bytes : arg.buffer->bytes() - arg.offset;
    }
    std::copy(std::begin(dispatch.grid), std::end(dispatch.grid), launch.grid);
    std::copy(std::begin(dispatch.threads), std::end(dispatch.threads), launch.threads);
    launch.grid_is_threads = dispatch.grid_is_threads;
    return launch;
  }

  const OpSource source_;
  const KernelOpOptions options_;
  Launch launch_;
  OpInfo info_;
  std::vector<Binding> bindings_;
  std::shared_ptr<const Library> base_;  // null in a tier that was forced and is faster
  BuildSet fast_;
  Chooser chooser_;
  std::atomic<bool> is_patient_{false};  // settle was called: no run goes without the builds that it could use

  mutable std::mutex mutex_;
  std::optional<Decision> last_;  // of the dispatch that was begun last
};

}  // namespace

Error make_kernel_op(const OpSource& source, const KernelOpOptions& options, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& out) {
  auto op = std::make_unique<KernelOp>(source, options);
  if (Error error = op->open(diagnostics)) return error;
  out = std::move(op);
  return {};
}

}  // namespace klab::cpu
