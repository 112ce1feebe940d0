#include "cpu/tiers/fast_build.h"

#include <algorithm>

namespace klab::cpu {

namespace {

// Vector code addresses elements by 32-bit offsets from a buffer's start.
constexpr uint64_t most_vector_bytes = 1ull << 32;
constexpr int most_attempts = 3;

bool holds_whole_simdgroups(const Launch& launch) {
  uint64_t threads = 1;
  bool is_edge_whole = true;
  for (int axis = 0; axis < 3; axis++) {
    threads *= launch.threads[axis];
    is_edge_whole &= !launch.grid_is_threads || launch.grid[axis] % launch.threads[axis] == 0;
  }
  const bool is_row_whole = launch.threads[0] % KLAB_SIMD_WIDTH == 0 && (!launch.grid_is_threads || launch.grid[0] % KLAB_SIMD_WIDTH == 0);
  return is_row_whole || (is_edge_whole && threads % KLAB_SIMD_WIDTH == 0);
}

}  // namespace

void FastBuild::abandon() {
  const std::lock_guard lock(mutex_);
  if (queued_) queued_->cancel();
}

Error FastBuild::compile(const CompileContext& context, CompiledEntry& out) const {
  const ModuleState& state = *source_.state;
  if (kind_ == FastKind::leader) return compile_leader_entry(state, source_.request, context, out);
  return compile_vector_entry(state, source_.request, {.is_wide = kind_ == FastKind::wide_vector}, context, out);
}

Error FastBuild::finish(Error error, CompiledEntry&& compiled) {
  std::shared_ptr<const Library> library;
  if (!error) error = Library::open(compiled.library, library);
  if (!error && !library->kernel().simdgroup) error = {KLAB_INTERNAL, compiled.library + " does not run simdgroups"};
  const std::lock_guard lock(mutex_);
  error_ = error;
  if (error) return error;
  compiled_ = std::move(compiled);
  library_ = std::move(library);
  return {};
}

bool FastBuild::find() {
  CompileContext context = source_.context;
  context.is_cached_only = true;
  CompiledEntry compiled;
  Error error = compile(context, compiled);
  if (error.status == KLAB_NOT_FOUND) return false;
  finish(std::move(error), std::move(compiled));
  return true;
}

Error FastBuild::make(const std::atomic<bool>& cancel) {
  CompileContext context = source_.context;
  context.cancel = &cancel;
  CompiledEntry compiled;
  Error error = compile(context, compiled);
  return finish(std::move(error), std::move(compiled));
}

void FastBuild::queue(const std::shared_ptr<FastBuild>& build, BuildQueue& queue) {
  const std::lock_guard lock(build->mutex_);
  const bool is_being_made = build->queued_ && !build->queued_->is_done();
  if (is_being_made || build->library_ || build->error_.status == KLAB_UNSUPPORTED || build->attempts_ == most_attempts) return;
  build->attempts_++;
  build->error_ = {};
  // The queue must not keep alive what nobody wants any more.
  build->queued_ = queue.add([weak = std::weak_ptr(build)](const std::atomic<bool>& cancel) {
    if (const auto wanted = cancel ? nullptr : weak.lock()) wanted->make(cancel);
  });
}

bool FastBuild::wait(uint64_t timeout_ns, const std::atomic<bool>& stop) {
  std::shared_ptr<QueuedBuild> queued;
  {
    const std::lock_guard lock(mutex_);
    queued = queued_;
  }
  return !queued || queued->wait(timeout_ns, stop);
}

bool FastBuild::is_ready() const {
  const std::lock_guard lock(mutex_);
  return library_ != nullptr;
}

bool FastBuild::is_pending() const {
  const std::lock_guard lock(mutex_);
  return queued_ && !library_ && !error_ && !queued_->is_done();
}

bool FastBuild::is_refused() const {
  const std::lock_guard lock(mutex_);
  return error_.status == KLAB_UNSUPPORTED;
}

Error FastBuild::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

Launch FastBuild::applied_to(Launch launch) const {
  launch.kernel = &library_->kernel();
  launch.tier = Tier::simdgroup;
  return launch;
}

bool FastBuild::fits(const Launch& launch) const {
  if (!is_ready()) return false;
  if (!Executor::fits(applied_to(launch))) return false;
  if (kind_ == FastKind::leader) return holds_whole_simdgroups(launch);
  const auto& bytes = launch.args.buffer_bytes;
  return std::none_of(std::begin(bytes), std::end(bytes), [](uint64_t size) { return size >= most_vector_bytes; });
}

}  // namespace klab::cpu
