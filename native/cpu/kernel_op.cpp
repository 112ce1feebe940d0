#include "cpu/kernel_op.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "core/text.h"
#include "cpu/buffer.h"
#include "cpu/host_op.h"
#include "cpu/tiers/fast_build.h"
#include "cpu/tiers/trial.h"

namespace klab::cpu {

namespace {

constexpr uint32_t max_threads = 1024;
constexpr uint64_t no_limit = 0;

struct Geometry {
  uint32_t grid[3], threads[3];
  bool grid_is_threads;
  auto operator<=>(const Geometry&) const = default;
};

Geometry geometry_of(const Dispatch& d) {
  return {{d.grid[0], d.grid[1], d.grid[2]}, {d.threads[0], d.threads[1], d.threads[2]}, d.grid_is_threads};
}

// How dispatches of one geometry run from now on.
struct Decision {
  std::shared_ptr<const FastBuild> build;  // null: thread by thread
  std::string reason;                      // why not a faster tier
};

class KernelOp final : public HostOp {
 public:
  KernelOp(const OpSource& source, const KernelOpOptions& options) : source_(source), options_(options) {}

  ~KernelOp() override {
    for (const auto& build : fast_) {
      if (build) build->abandon();
    }
  }

  Error open(std::vector<Diagnostic>& diagnostics) {
    if (is_forced_fast()) return open_fast();
    if (Error error = open_base(diagnostics)) return error;
    if (options_.tier == TierChoice::automatic) begin_fast();
    return {};
  }

  OpInfo info() const override {
    const std::lock_guard lock(mutex_);
    OpInfo info = info_;
    const Decision now = current();
    if (now.build) {
      info.tier = now.build->tier();
      info.flags_used = now.build->compiled().flags_used;
    }
    info.tier_reason = now.reason;
    info.is_settled = std::none_of(fast_.begin(), fast_.end(), [](const auto& build) { return build && build->is_pending(); });
    return info;
  }

  std::span<const Binding> bindings() const override { return bindings_; }

  Error settle(uint64_t timeout_ns, const std::atomic<bool>& cancel) override {
    std::array<std::shared_ptr<FastBuild>, fast_kinds> waiting;
    {
      const std::lock_guard lock(mutex_);
      is_patient_ = true;
      waiting = fast_;
    }
    for (const auto& build : waiting) {
      if (!build || build->wait(timeout_ns, cancel)) continue;
      if (cancel) return {KLAB_CANCELLED, "cancelled while a faster build of '" + info_.name + "' was being made"};
      return {KLAB_TIMEOUT, "a faster build of '" + info_.name + "' is not ready yet"};
    }
    return {};
  }

  Error prepare(const Dispatch& dispatch, const std::atomic<bool>& cancel) override {
    const Launch launch = launch_of(dispatch);
    std::shared_ptr<FastBuild> missing;
    {
      const std::lock_guard lock(mutex_);
      const bool waits = is_forced_fast() || (is_patient_ && options_.tier == TierChoice::automatic);
      if (waits && !find_fitting(launch)) missing = fast_build(kind_for(launch));
    }
    if (!missing) return {};
    if (!missing->error() && !missing->is_ready()) {
      FastBuild::queue(missing, options_.builds);
      missing->wait(no_limit, cancel);
      if (cancel) return {KLAB_CANCELLED, "cancelled while '" + info_.name + "' was built"};
    }
    if (!is_forced_fast() || missing->fits(launch)) return {};
    if (Error error = missing->error()) return error;
    return {KLAB_UNSUPPORTED, std::string("the ") + missing->tier() + " build of '" + info_.name + "' cannot run threadgroups or buffers of these sizes; use tier auto"};
  }

  Error begin_run(const RunDispatch& one, const std::atomic<bool>& cancel) override {
    const Dispatch& dispatch = *one.dispatch;
    const Geometry geometry = geometry_of(dispatch);
    std::shared_ptr<const FastBuild> build;
    {
      const std::lock_guard lock(mutex_);
      last_ = geometry;
      if (decisions_.contains(geometry)) return {};
      const Launch launch = launch_of(dispatch);
      build = find_fitting(launch);
      if (!build && options_.tier == TierChoice::automatic) FastBuild::queue(fast_build(kind_for(launch)), options_.builds);
    }
    if (!build) return {};
    Decision decision{build, ""};
    // What a later dispatch reads is not there yet: it cannot be tried out.
    if (base_ && one.is_first && !try_out(dispatch, decision, cancel)) return {};
    const std::lock_guard lock(mutex_);
    decisions_.emplace(geometry, std::move(decision));
    return {};
  }

  Error execute(const Dispatch& dispatch, const std::atomic<bool>& cancel) override {
    Launch launch = launch_of(dispatch);
    {
      const std::lock_guard lock(mutex_);
      const auto decided = decisions_.find(geometry_of(dispatch));
      if (decided != decisions_.end() && decided->second.build) launch = with_build(launch, *decided->second.build);
    }
    return options_.executor().run(launch, cancel);
  }

 private:
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
    const auto build = fast_build(options_.tier == TierChoice::leader ? FastKind::leader : FastKind::wide_vector);
    if (Error error = build->make(*source_.context.cancel)) {
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

  // The leader where it can be, else the vector build that most launches fit.
  void begin_fast() {
    const auto leader = fast_build(FastKind::leader);
    const auto first = leader->find() && !leader->is_ready() ? fast_build(FastKind::wide_vector) : leader;
    if (first == leader ? !leader->is_ready() : !first->find()) FastBuild::queue(first, options_.builds);
  }

  const std::shared_ptr<FastBuild>& fast_build(FastKind kind) {
    auto& build = fast_[size_t(kind)];
    if (!build) build = std::make_shared<FastBuild>(source_, kind);
    return build;
  }

  std::shared_ptr<const FastBuild> find_fitting(const Launch& launch) const {
    for (const auto& build : fast_) {
      if (build && build->fits(launch)) return build;
    }
    return nullptr;
  }

  // What has to be built for a launch that fits none of the builds there are.
  FastKind kind_for(const Launch& launch) const {
    const auto& leader = fast_[size_t(FastKind::leader)];
    if (options_.tier == TierChoice::leader || (leader && leader->is_pending())) return FastKind::leader;
    const auto& wide = fast_[size_t(FastKind::wide_vector)];
    const bool is_wide = launch.threads[0] % KLAB_SIMD_WIDTH == 0 && (!launch.grid_is_threads || launch.grid[0] % KLAB_SIMD_WIDTH == 0);
    // What stands in the way of one vector build stands in the way of the other.
    return is_wide || (wide && wide->error()) ? FastKind::wide_vector : FastKind::any_vector;
  }

  // What info() tells: of the last geometry that ran, else of whatever build there is.
  Decision current() const {
    if (last_) {
      const auto decided = decisions_.find(*last_);
      if (decided != decisions_.end()) return decided->second;
    }
    std::string reason;
    for (const auto& build : fast_) {
      if (!build) continue;
      if (build->is_ready() && (!last_ || is_forced_fast())) return {build, ""};
      if (build->is_pending()) reason = std::string("the ") + build->tier() + " build is not ready yet";
      else if (const Error error = build->error()) reason = error.message;
    }
    return {nullptr, reason};
  }

  // Decides by measuring. False when that was cancelled.
  bool try_out(const Dispatch& dispatch, Decision& decision, const std::atomic<bool>& cancel) {
    const Launch launch = launch_of(dispatch);
    const TrialResult trial = compare_builds(dispatch, bindings_, launch, with_build(launch, *decision.build), options_.executor(), cancel);
    if (trial.error.status == KLAB_CANCELLED) return false;
    const char* tier = decision.build->tier();
    if (trial.is_measured ? trial.speedup >= 1 : trial.error.status == KLAB_OUT_OF_MEMORY) return true;
    decision.build = nullptr;
    decision.reason = trial.is_measured ? format("%s measured %.2fx %s here", tier, trial.speedup, info_.tier.c_str()) : format("%s: %s", tier, trial.error.message.c_str());
    return true;
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

  static Launch with_build(Launch launch, const FastBuild& build) {
    launch.kernel = &build.library().kernel();
    launch.tier = Tier::simdgroup;
    return launch;
  }

  const OpSource source_;
  const KernelOpOptions options_;
  Launch launch_;
  OpInfo info_;
  std::vector<Binding> bindings_;
  std::shared_ptr<const Library> base_;  // null in a tier that was forced and is faster

  mutable std::mutex mutex_;  // of what follows
  std::array<std::shared_ptr<FastBuild>, fast_kinds> fast_;
  std::map<Geometry, Decision> decisions_;
  std::optional<Geometry> last_;
  bool is_patient_ = false;  // settle was called: no run goes without the build that it needs
};

}  // namespace

Error make_kernel_op(const OpSource& source, const KernelOpOptions& options, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& out) {
  auto op = std::make_unique<KernelOp>(source, options);
  if (Error error = op->open(diagnostics)) return error;
  out = std::move(op);
  return {};
}

}  // namespace klab::cpu
