#include "executor.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <new>
#include <string>
#include <vector>

#include "float_mode.h"
#include "pool.h"
#include "ranges.h"
#include "worker.h"

namespace klab {

namespace {

struct Geometry {
  uint64_t groups[3];
  uint32_t threads[3];
  uint64_t grid_threads[3];
  uint64_t group_count = 0;
};

std::string text(const uint32_t (&v)[3]) {
  return std::to_string(v[0]) + "x" + std::to_string(v[1]) + "x" + std::to_string(v[2]);
}

Error measure(const Launch& launch, const ExecutorOptions& options, Geometry& out) {
  std::string kernel = std::string("kernel '") + launch.kernel->name + "'";
  uint64_t threads = 1, groups = 1;
  for (int d = 0; d < 3; d++) {
    if (!launch.grid[d] || !launch.threads[d])
      return {KLAB_INVALID_ARGUMENT, kernel + ": grid " + text(launch.grid) + " with threadgroups of " + text(launch.threads) + " has a zero"};
    out.threads[d] = launch.threads[d];
    uint64_t wide = launch.threads[d];
    out.groups[d] = launch.grid_is_threads ? (launch.grid[d] + wide - 1) / wide : launch.grid[d];
    out.grid_threads[d] = launch.grid_is_threads ? launch.grid[d] : launch.grid[d] * wide;
    if (out.grid_threads[d] > UINT32_MAX)
      return {KLAB_INVALID_ARGUMENT, kernel + ": more than 4294967295 threads along one axis"};
    if (__builtin_mul_overflow(threads, wide, &threads)) threads = UINT64_MAX;
    if (__builtin_mul_overflow(groups, out.groups[d], &groups))
      return {KLAB_INVALID_ARGUMENT, kernel + ": too many threadgroups"};
  }
  uint32_t declared = launch.kernel->max_total_threads;
  uint32_t limit = declared ? std::min(declared, options.max_threads) : options.max_threads;
  if (threads > limit)
    return {KLAB_INVALID_ARGUMENT, kernel + ": threadgroups of " + text(launch.threads) + " are more than " + std::to_string(limit) +
                                       " threads, the most that the " + (limit < options.max_threads ? "kernel declares" : "device takes")};
  out.group_count = groups;
  return {};
}

klab_uint3 group_position(const Geometry& g, uint64_t i) {
  return {static_cast<uint32_t>(i % g.groups[0]), static_cast<uint32_t>(i / g.groups[0] % g.groups[1]),
          static_cast<uint32_t>(i / g.groups[0] / g.groups[1])};
}

klab_uint3 group_size(const Geometry& g, klab_uint3 p) {
  auto extent = [&](int d, uint64_t at) {
    return static_cast<uint32_t>(std::min<uint64_t>(g.threads[d], g.grid_threads[d] - at * g.threads[d]));
  };
  return {extent(0, p.x), extent(1, p.y), extent(2, p.z)};
}

klab_uint3 to_uint3(const uint64_t (&v)[3]) {
  return {static_cast<uint32_t>(v[0]), static_cast<uint32_t>(v[1]), static_cast<uint32_t>(v[2])};
}

Error check_tier(const Launch& launch) {
  const klab_kernel_desc& kernel = *launch.kernel;
  const std::string name = std::string("kernel '") + kernel.name + "'";
  switch (Executor::tier_of(launch)) {
    case Tier::loop:
      if (!kernel.uses_sync && kernel.loop) return {};
      return {KLAB_UNSUPPORTED, name + " uses barriers or simdgroup operations, which the loop tier cannot run; use tier fiber"};
    case Tier::simdgroup:
      if (!kernel.simdgroup) return {KLAB_UNSUPPORTED, name + " was not built to run a simdgroup at a time"};
      if (Executor::fits(launch)) return {};
      return {KLAB_UNSUPPORTED, name + " was built for threadgroups and grids whose width is a multiple of " + std::to_string(kernel.width_multiple) + "; these are " + text(launch.threads) + " threads"};
    default:
      if (kernel.thread) return {};
      return {KLAB_UNSUPPORTED, name + " was built to run a simdgroup at a time, not a thread at a time"};
  }
}

Error prepare(const Launch& launch, const ExecutorOptions& options, Geometry& geometry) {
  if (Error error = measure(launch, options, geometry)) return error;
  return check_tier(launch);
}

// One dispatch, shared by the OS threads that work on it.
struct Job {
  Launch launch;
  Tier tier;
  Geometry geometry;
  const std::atomic<bool>& cancel;
  Ranges& ranges;
  std::atomic<bool> has_failed{false};
  std::mutex mutex{};
  Error error{};

  void fill_sizes() {
    launch.args.threads_per_grid = to_uint3(geometry.grid_threads);
    launch.args.threadgroups_per_grid = to_uint3(geometry.groups);
    launch.args.threads_per_threadgroup = {geometry.threads[0], geometry.threads[1], geometry.threads[2]};
  }

  void fail(Error e) {
    std::lock_guard lock(mutex);
    if (!error) error = std::move(e);
    has_failed = true;
  }

  void work(Worker& worker, unsigned index) {
    FlushDenormals flush;
    while (!has_failed.load(std::memory_order_relaxed)) {
      if (cancel.load(std::memory_order_relaxed)) return fail({KLAB_CANCELLED, "cancelled between threadgroups"});
      uint64_t i;
      if (!ranges.take(index, i)) return;
      klab_uint3 position = group_position(geometry, i);
      if (Error e = worker.run(launch, tier, position, group_size(geometry, position))) fail(std::move(e));
    }
  }
};

}  // namespace

struct Executor::Pool {
  explicit Pool(const ExecutorOptions& o) : options(o), threads(o.threads ? o.threads - 1 : 0, o.on_thread_start), workers(o.threads ? o.threads : 1), ranges(o.threads ? o.threads : 1) {}
  const ExecutorOptions options;
  ThreadPool threads;
  std::vector<std::unique_ptr<Worker>> workers;  // made by the OS thread that uses it
  Ranges ranges;
};

Executor::Executor(const ExecutorOptions& options) : pool_(std::make_unique<Pool>(options)) {}
Executor::Executor(unsigned threads) : Executor(ExecutorOptions{.threads = threads}) {}
Executor::~Executor() = default;

Tier Executor::tier_of(const Launch& launch) {
  if (launch.tier != Tier::automatic) return launch.tier;
  if (launch.kernel->simdgroup) return Tier::simdgroup;
  return launch.kernel->uses_sync || !launch.kernel->loop ? Tier::fiber : Tier::loop;
}

bool Executor::fits(const Launch& launch) {
  const uint32_t multiple = launch.kernel->width_multiple;
  if (!multiple) return true;
  return launch.threads[0] % multiple == 0 && (!launch.grid_is_threads || launch.grid[0] % multiple == 0);
}

Error Executor::run(const Launch& launch, const std::atomic<bool>& cancel, HostTimes* times) {
  Laps laps(times);
  Geometry geometry;
  if (Error error = prepare(launch, pool_->options, geometry)) return error;
  Job job{launch, tier_of(launch), geometry, cancel, pool_->ranges};
  job.fill_sizes();
  const auto helpers = static_cast<unsigned>(std::min<uint64_t>(pool_->workers.size(), geometry.group_count) - 1);
  pool_->ranges.share_out(0, geometry.group_count, helpers + 1);
  laps.end(&HostTimes::encode_ns);
  pool_->threads.run(helpers, [&](unsigned index) {
    if (index == 0) laps.end(&HostTimes::commit_ns);
    try {
      auto& worker = pool_->workers[index];
      if (!worker) worker = std::make_unique<Worker>(pool_->options);
      job.work(*worker, index);
    } catch (const std::bad_alloc&) {
      job.fail({KLAB_OUT_OF_MEMORY, "not enough memory for the threads of a threadgroup"});
    }
  });
  return std::move(job.error);
}

void Executor::share(uint64_t count, const std::function<void(uint64_t, unsigned)>& work, HostTimes* times) {
  if (count == 0) return;
  Laps laps(times);
  const auto helpers = static_cast<unsigned>(std::min<uint64_t>(threads(), count) - 1);
  pool_->ranges.share_out(0, count, helpers + 1);
  pool_->threads.run(helpers, [&](unsigned index) {
    if (index == 0) laps.end(&HostTimes::commit_ns);
    unsigned stretch = index;
    for (uint64_t task; pool_->ranges.take(stretch, task);) work(task, index);
  });
}

unsigned Executor::threads() const { return static_cast<unsigned>(pool_->workers.size()); }

uint64_t Executor::group_count(const Launch& launch) {
  Geometry geometry;
  return prepare(launch, {}, geometry) ? 0 : geometry.group_count;
}

Error Executor::run_one(const Launch& launch, uint64_t number, const Patience& patience, uint64_t* nanoseconds) {
  Geometry geometry;
  if (Error error = prepare(launch, pool_->options, geometry)) return error;
  if (number >= geometry.group_count) return {KLAB_INVALID_ARGUMENT, "the dispatch has no threadgroup " + std::to_string(number)};
  Job job{launch, tier_of(launch), geometry, patience.cancel, pool_->ranges};
  job.fill_sizes();
  pool_->ranges.share_out(number, number + 1, 1);
  auto& worker = pool_->workers[0];
  if (!worker) worker = std::make_unique<Worker>(pool_->options);
  const auto start = std::chrono::steady_clock::now();
  worker->stop_at(patience.most_ns ? start + std::chrono::nanoseconds(patience.most_ns) : Worker::Clock::time_point::max());
  job.work(*worker, 0);
  worker->stop_at(Worker::Clock::time_point::max());
  *nanoseconds = static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(Worker::Clock::now() - start).count());
  return std::move(job.error);
}

bool running_thread(RunningThread& out) {
  const klab_fiber* fiber = klab_current;
  if (!fiber || fiber->main) return false;
  const Worker* worker = Worker::of(fiber->threadgroup);
  out.kernel = worker->launch()->kernel;
  out.launch = &worker->launch()->args;
  out.threadgroup = fiber->threadgroup->position;
  out.thread = fiber->position;
  out.has_thread = fiber->index != KLAB_NO_THREAD;
  out.is_simdgroup = worker->tier() == Tier::simdgroup;
  return true;
}

bool is_fiber_stack_overflow(const void* address) {
  const klab_fiber* fiber = klab_current;
  return fiber && !fiber->main && Worker::of(fiber->threadgroup)->stacks().is_guard(address);
}

}  // namespace klab
