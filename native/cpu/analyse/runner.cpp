#include "cpu/analyse/runner.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <span>

#include "cpu/analyse/access.h"
#include "cpu/exec/context.h"
#include "cpu/exec/float_mode.h"
#include "cpu/exec/rendezvous.h"

namespace klab::analyse {

namespace {

constexpr uint32_t mem_device = 1, mem_threadgroup = 2;

void fiber_main(klab_fiber*) { current_runner()->enter_kernel(); }

// Whom an analysis belongs to on this OS thread, for as long as it runs.
class Watching {
 public:
  explicit Watching(Runner* runner) { set_current_runner(runner); }
  ~Watching() {
    set_current_runner(nullptr);
    set_counts(nullptr);
    klab_current = nullptr;
  }
};

}  // namespace

Runner::Runner(const RunnerOptions& options, const Launch& launch, Memory& memory, Findings& findings)
    : options_(options), launch_(launch), sites_(launch.table->sites.data()), memory_(memory), findings_(findings), log_(*launch.table, memory),
      stacks_(stack_bytes), base_(memory.base()), window_bits_(memory.window_bits()), random_(options.seed) {
  const auto narrow = [](const uint64_t (&v)[3]) { return klab_uint3{static_cast<uint32_t>(v[0]), static_cast<uint32_t>(v[1]), static_cast<uint32_t>(v[2])}; };
  launch_.args.threads_per_grid = narrow(launch.grid.total_threads);
  launch_.args.threadgroups_per_grid = narrow(launch.grid.groups);
  launch_.args.threads_per_threadgroup = {launch.grid.threads[0], launch.grid.threads[1], launch.grid.threads[2]};
  threadgroup_.launch = &launch_.args;
  for (const Site& site : launch.table->sites) facts_.push_back({site.bytes, site.is_write, site.is_read, site.is_copy, site.may_fail, site.is_again});
  known_ranges_ = launch.segments;
}

Runner::~Runner() = default;

// splitmix64
uint64_t Runner::random() {
  uint64_t z = random_ += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

template <class T>
void Runner::shuffle(std::vector<T>& list) {
  if (!options_.seed) return;
  for (size_t i = list.size(); i > 1; i--) std::swap(list[i - 1], list[random() % i]);
}

Error Runner::run(const std::atomic<bool>& cancel, uint32_t& clock) {
  const uint64_t groups = launch_.grid.count();
  const uint32_t threads = launch_.grid.threads[0] * launch_.grid.threads[1] * launch_.grid.threads[2];
  if (!stacks_.reserve(threads)) return {KLAB_OUT_OF_MEMORY, "no address space for the stacks of a threadgroup"};
  fibers_.resize(threads);
  threads_.resize(threads);
  const uint32_t simdgroups = (threads + KLAB_SIMD_WIDTH - 1) / KLAB_SIMD_WIDTH;
  simdgroups_.reset(new klab_simdgroup[simdgroups]());
  for (const std::span<const std::byte> own : {std::as_bytes(std::span(fibers_)), std::as_bytes(std::span(simdgroups_.get(), simdgroups)), std::as_bytes(std::span(&threadgroup_, 1)), std::as_bytes(std::span(&launch_.args, 1))}) {
    const auto begin = reinterpret_cast<uintptr_t>(own.data());
    known_ranges_.push_back({begin, begin + own.size(), false});
  }
  for (Order& order : order_) order.now = order.oldest = clock + 1;
  std::vector<uint64_t> sequence;
  if (options_.seed) {
    for (uint64_t i = 0; i < groups; i++) sequence.push_back(i);
    shuffle(sequence);
  }
  cancel_ = &cancel;
  const FlushDenormals flush;
  const Watching watching(this);
  for (uint64_t i = 0; i < groups; i++) {
    if (cancel.load(std::memory_order_relaxed)) return {KLAB_CANCELLED, "cancelled between threadgroups"};
    if (Error error = run_group(sequence.empty() ? i : sequence[i])) return error;
  }
  clock = order_[0].now;
  return {};
}

Error Runner::prepare(klab_uint3 position, klab_uint3 size) {
  threadgroup_.position = position;
  threadgroup_.size = size;
  threadgroup_.thread_count = size.x * size.y * size.z;
  threadgroup_.simdgroup_count = (threadgroup_.thread_count + KLAB_SIMD_WIDTH - 1) / KLAB_SIMD_WIDTH;
  threadgroup_bytes_used_ = 0;
  std::memset(threadgroup_.variable, 0, sizeof threadgroup_.variable);
  for (uint32_t i = 0; i < KLAB_BUFFER_SLOTS; i++) {
    const uint32_t bytes = launch_.args.threadgroup_bytes[i];
    if (!bytes) continue;
    if (!prepare_threadgroup_region(arguments_[i], bytes)) return memory_error(threadgroup_bytes_used_);
    arguments_[i]->binding = static_cast<int32_t>(i);
    arguments_[i]->name = argument_names_[i];
    threadgroup_.memory[i] = arguments_[i]->data;
  }
  for (uint32_t i = 0; i < threadgroup_.simdgroup_count; i++) {
    klab_simdgroup& group = simdgroups_[i];
    const uint32_t lanes = std::min<uint32_t>(KLAB_SIMD_WIDTH, threadgroup_.thread_count - i * KLAB_SIMD_WIDTH);
    group.live = group.ready = lanes == KLAB_SIMD_WIDTH ? ~0u : (1u << lanes) - 1;
    group.epoch = group.participants = group.is_computed = group.arrived = group.at_barrier = group.is_mixed = 0;
    group.site = 0;
    group.fibers = &fibers_[i * KLAB_SIMD_WIDTH];
  }
  for (uint32_t i = 0; i < threadgroup_.thread_count; i++) {
    klab_fiber& fiber = fibers_[i];
    fiber = {};
    fiber.simdgroup = &simdgroups_[i / KLAB_SIMD_WIDTH];
    fiber.threadgroup = &threadgroup_;
    fiber.lane = i % KLAB_SIMD_WIDTH;
    fiber.index = i;
    fiber.position = Grid::thread_position(i, size);
    fiber.stack_top = stacks_.top(i);
    fiber.main = fiber_main;
    fiber.stack_pointer = prepare_stack(stacks_.top(i), &fiber);
    threads_[i] = {};
  }
  return {};
}

Error Runner::run_group(uint64_t group) {
  const uint32_t now = order_[0].now + 1;
  for (Order& order : order_) order.now = order.group = now;
  order_[1].oldest = now;
  fences_.start_group(now);
  group_starts_.push_back({now, group});
  returned_told_ = 0;
  const klab_uint3 position = launch_.grid.position(group);
  if (Error error = prepare(position, launch_.grid.size(position))) return error;
  std::vector<uint32_t> sequence;
  for (uint32_t i = 0; i < threadgroup_.simdgroup_count; i++) sequence.push_back(i);
  for (;;) {
    shuffle(sequence);
    bool is_live = false;
    for (const uint32_t i : sequence) {
      run_simdgroup(simdgroups_[i]);
      if (failure_ || is_cancelled()) return std::move(failure_);
      is_live |= simdgroups_[i].live != 0;
    }
    if (!is_live) return {};
    release_barrier();
  }
}

bool Runner::is_cancelled() {
  if (!cancel_->load(std::memory_order_relaxed)) return false;
  failure_ = {KLAB_CANCELLED, "cancelled within a threadgroup"};
  return true;
}

// Until all its lanes wait at a barrier or have returned.
void Runner::run_simdgroup(klab_simdgroup& group) {
  for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) upto_[lane] = log_.begin(lane);
  paused_ = 0;
  while (group.ready | group.arrived | paused_) {
    if (!group.ready && is_cancelled()) return;
    if (!group.ready && paused_) {
      count_lanes();
      group.ready = paused_;
      paused_ = 0;
    } else if (!group.ready) {
      finish_meeting(group);
    }
    resume(group);
    if (failure_) return;
  }
  count_lanes();
}

void Runner::resume(klab_simdgroup& group) {
  uint32_t lane = static_cast<uint32_t>(__builtin_ctz(group.ready));
  if (options_.seed) {
    uint32_t ready = group.ready;
    for (uint64_t skip = random() % static_cast<uint32_t>(__builtin_popcount(ready)); skip; skip--) ready &= ready - 1;
    lane = static_cast<uint32_t>(__builtin_ctz(ready));
  }
  klab_fiber& fiber = group.fibers[lane];
  lane_ = lane;
  thread_ = fiber.index;
  cursor_ = upto_[lane];
  cursor_end_ = log_.end(lane);
  set_counts(log_.block_counts(lane));
  klab_current = &fiber;
  klab__switch(&scheduler_, fiber.stack_pointer);
  upto_[lane] = cursor_;
}

// From a fiber back to resume().
void Runner::yield() { klab__switch(&klab_current->stack_pointer, scheduler_); }

void Runner::enter_kernel() {
  klab_fiber* fiber = klab_current;
  launch_.kernel->thread(&launch_.args, &threadgroup_, fiber->position, fiber->index);
  fiber->simdgroup->live &= ~(1u << fiber->lane);
  fiber->simdgroup->ready &= ~(1u << fiber->lane);
  yield();
}

void Runner::count_lanes() {
  if (!(options_.checks & KLAB_CHECK_COUNTERS)) return;
  log_.count(upto_);
  for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) upto_[lane] = log_.begin(lane);
}

// Lanes that have done differently much are counted before they go on together.
void Runner::finish_meeting(klab_simdgroup& group) {
  complete_meeting(group);
  const uint32_t lanes = group.participants, first = static_cast<uint32_t>(__builtin_ctz(lanes));
  const uint32_t index = static_cast<uint32_t>(group.fibers - fibers_.data()) / KLAB_SIMD_WIDTH;
  const Thread& thread = threads_[group.fibers[first].index];
  SiteCounts& counts = log_.sites()[thread.meet_site];
  counts.executions++;
  counts.lanes += static_cast<uint32_t>(__builtin_popcount(lanes));
  if (thread.meet_flags) {
    const uint32_t now = order_[0].now + 1;
    for (Order& order : order_) order.now = now;
    if (thread.meet_flags & mem_device) order_[0].simdgroup[index] = now;
    if (thread.meet_flags & mem_threadgroup) order_[1].simdgroup[index] = now;
  }
  const auto length = upto_[first] - log_.begin(first);
  bool is_even = true;
  for (uint32_t rest = lanes; rest; rest &= rest - 1) {
    const auto lane = static_cast<uint32_t>(__builtin_ctz(rest));
    is_even &= upto_[lane] - log_.begin(lane) == length;
  }
  if (!is_even) count_lanes();
}

void Runner::release_barrier() {
  if (options_.checks & KLAB_CHECK_BARRIERS) tell_barriers();
  uint32_t flags = ~0u;
  for (uint32_t i = 0; i < threadgroup_.simdgroup_count; i++) {
    klab_simdgroup& group = simdgroups_[i];
    if (!group.at_barrier) continue;
    const uint32_t first = static_cast<uint32_t>(__builtin_ctz(group.at_barrier));
    SiteCounts& counts = log_.sites()[threads_[group.fibers[first].index].barrier_site];
    counts.executions++;
    counts.lanes += static_cast<uint32_t>(__builtin_popcount(group.at_barrier));
    for (uint32_t lanes = group.at_barrier; lanes; lanes &= lanes - 1) flags &= threads_[group.fibers[__builtin_ctz(lanes)].index].barrier_flags;
    group.ready = group.at_barrier;
    group.at_barrier = 0;
  }
  const uint32_t now = order_[0].now + 1;
  for (Order& order : order_) order.now = now;
  if (flags & mem_device) order_[0].barrier = now, fences_.barrier();
  if (flags & mem_threadgroup) order_[1].barrier = now;
}

void Runner::fence(uint32_t bits) {
  const uint32_t now = order_[0].now + 1;
  for (Order& order : order_) order.now = now;
  fences_.fence(thread_, bits, order_[0]);
  if (fences_.is_used()) order_[0].fences = &fences_;
}

void Runner::branch(uint32_t way, uint32_t site) {
  threads_[thread_].last_branch = site;
  log(LaneLog::entry(site, way));
}

void Runner::meet(uint32_t site, uint32_t flags, const void* address, const void* frame, uint32_t frames) {
  klab_fiber* fiber = klab_current;
  klab_simdgroup* group = fiber->simdgroup;
  const uint32_t bit = 1u << fiber->lane;
  threads_[thread_].meet_site = site;
  threads_[thread_].meet_flags = flags;
  fiber->site = meeting_site(fiber, address, frame, frames);
  fiber->site_address = address;
  fiber->site_frame = frame;
  fiber->site_frames = frames;
  if (!group->arrived) group->site = fiber->site;
  else if (group->site != fiber->site) group->is_mixed = 1;
  group->arrived |= bit;
  group->ready &= ~bit;
  yield();
}

void Runner::barrier(uint32_t site, uint32_t flags) {
  klab_fiber* fiber = klab_current;
  threads_[thread_].barrier_site = site;
  threads_[thread_].barrier_flags = flags;
  fiber->simdgroup->at_barrier |= 1u << fiber->lane;
  fiber->simdgroup->ready &= ~(1u << fiber->lane);
  yield();
}

}  // namespace klab::analyse
