#include "worker.h"

#include <algorithm>
#include <string>

#include "context.h"
#include "rendezvous.h"

namespace klab {

namespace {

constexpr uint32_t resumes_per_clock = 256;

std::string position_text(klab_uint3 p) {
  return "(" + std::to_string(p.x) + "," + std::to_string(p.y) + "," + std::to_string(p.z) + ")";
}

uint32_t lanes_of(uint32_t count) { return count >= KLAB_SIMD_WIDTH ? ~0u : (1u << count) - 1; }

klab_uint3 position_of(uint32_t index, klab_uint3 size) { return {index % size.x, index / size.x % size.y, index / size.x / size.y}; }

std::string barrier_text(const klab_fiber& fiber) {
  std::string text = "thread " + position_text(fiber.position) + " waits at ";
  if (!fiber.barrier_file) return text + "a barrier";
  return text + fiber.barrier_file + ":" + std::to_string(fiber.barrier_line);
}

}  // namespace

Worker::Worker(const ExecutorOptions& options)
    : options_(options), stacks_(options.stack_bytes), memory_(options.threadgroup_bytes) {
  threadgroup_.runtime = this;
}

Worker::~Worker() = default;

Error Worker::memory_error(size_t bytes) const {
  return {KLAB_MISMATCH, std::string("kernel '") + launch_->kernel->name + "' needs at least " +
                             std::to_string(bytes) +
                             " bytes of threadgroup memory; the device has " + std::to_string(memory_.limit()) +
                             ". Use a smaller tile or element type"};
}

Error Worker::prepare_memory() {
  if (!memory_.is_mapped()) return {KLAB_OUT_OF_MEMORY, "no memory for threadgroup memory"};
  memory_.reset();
  std::fill_n(threadgroup_.variable, variables_used_, nullptr);
  variables_used_ = 0;
  for (uint32_t i = 0; i < KLAB_BUFFER_SLOTS; i++) {
    uint32_t bytes = launch_->args.threadgroup_bytes[i];
    threadgroup_.memory[i] = nullptr;
    if (!bytes) continue;
    threadgroup_.memory[i] = memory_.allocate(bytes, 16);
    if (!threadgroup_.memory[i]) return memory_error(memory_.used_after(bytes, 16));
  }
  return {};
}

void* Worker::threadgroup_variable(klab_fiber* fiber, uint32_t slot, size_t bytes, size_t align) {
  if (slot >= KLAB_TG_VARIABLE_SLOTS)
    fail(fiber, {KLAB_PIPELINE, std::string("kernel '") + launch_->kernel->name + "' declares more than " +
                                    std::to_string(KLAB_TG_VARIABLE_SLOTS) + " threadgroup variables"});
  void*& variable = threadgroup_.variable[slot];
  if (variable) return variable;
  variables_used_ = std::max(variables_used_, slot + 1);
  variable = memory_.allocate(bytes, align);
  if (!variable) fail(fiber, memory_error(memory_.used_after(bytes, align)));
  return variable;
}

// A fiber that runs its simdgroup is the only lane that the simdgroup's bookkeeping knows.
void Worker::prepare_simdgroups(uint32_t fibers) {
  const uint32_t width = tier_ == Tier::simdgroup ? 1 : KLAB_SIMD_WIDTH;
  uint32_t count = (fibers + width - 1) / width;
  if (count > simdgroup_capacity_) {
    simdgroups_.reset(new klab_simdgroup[count]);
    simdgroup_capacity_ = count;
  }
  for (uint32_t i = 0; i < count; i++) {
    klab_simdgroup& group = simdgroups_[i];
    group.live = group.ready = lanes_of(std::min(width, fibers - i * width));
    group.epoch = group.participants = group.is_computed = group.arrived = group.at_barrier = group.is_mixed = 0;
    group.site = 0;
    group.fibers = &fibers_[i * width];
  }
}

void Worker::prepare_fibers(uint32_t count) {
  if (fibers_.size() < count) fibers_.resize(count);
  prepare_simdgroups(count);
  klab_uint3 size = threadgroup_.size, position{0, 0, 0};
  if (tier_ == Tier::simdgroup) {
    for (uint32_t i = 0; i < count; i++) prepare_fiber(i, i * KLAB_SIMD_WIDTH, position_of(i * KLAB_SIMD_WIDTH, size));
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    prepare_fiber(i, i, position);
    if (++position.x == size.x) {
      position.x = 0;
      if (++position.y == size.y) position.y = 0, position.z++;
    }
  }
}

void Worker::prepare_fiber(uint32_t i, uint32_t index, klab_uint3 position) {
  klab_fiber& fiber = fibers_[i];
  fiber.simdgroup = &simdgroups_[tier_ == Tier::simdgroup ? i : i / KLAB_SIMD_WIDTH];
  fiber.threadgroup = &threadgroup_;
  fiber.lane = index % KLAB_SIMD_WIDTH;
  fiber.index = index;
  fiber.position = position;
  fiber.barrier_file = nullptr;
  fiber.loops = nullptr;
  fiber.rounds = 0;
  fiber.stack_top = stacks_.top(i);
  fiber.stack_pointer = prepare_stack(stacks_.top(i), &fiber);
}

Error Worker::run(const Launch& launch, Tier tier, klab_uint3 position, klab_uint3 size) {
  launch_ = &launch;
  tier_ = tier;
  failure_ = {};
  threadgroup_.launch = &launch.args;
  threadgroup_.position = position;
  threadgroup_.size = size;
  threadgroup_.thread_count = size.x * size.y * size.z;
  threadgroup_.simdgroup_count = (threadgroup_.thread_count + KLAB_SIMD_WIDTH - 1) / KLAB_SIMD_WIDTH;
  if (Error error = prepare_memory()) return error;
  is_alone_ = tier == Tier::loop || (tier == Tier::simdgroup && !launch.kernel->uses_sync);
  uint32_t fibers = is_alone_ ? 1 : tier == Tier::simdgroup ? threadgroup_.simdgroup_count : threadgroup_.thread_count;
  if (!stacks_.reserve(fibers))
    return {KLAB_OUT_OF_MEMORY, "no address space for " + std::to_string(fibers) + " stacks (" +
                                    std::to_string(stacks_.bytes_needed(fibers)) + " bytes)"};
  prepare_fibers(fibers);
  if (tier == Tier::loop) fibers_[0].index = KLAB_NO_THREAD;
  Error error = is_alone_ ? run_alone() : schedule();
  klab_current = nullptr;
  return error;
}

void Worker::enter_kernel(klab_fiber* fiber) {
  const klab_kernel_desc* kernel = launch_->kernel;
  if (tier_ == Tier::loop) return kernel->loop(&launch_->args, &threadgroup_);
  if (tier_ == Tier::fiber) return kernel->thread(&launch_->args, &threadgroup_, fiber->position, fiber->index);
  run_simdgroup(fiber);
  if (!is_alone_) return;
  for (uint32_t i = 1; i < threadgroup_.simdgroup_count; i++) {
    fiber->index = i * KLAB_SIMD_WIDTH;
    fiber->position = position_of(fiber->index, threadgroup_.size);
    run_simdgroup(fiber);
  }
}

void Worker::run_simdgroup(klab_fiber* fiber) {
  const uint32_t simdgroup = fiber->index / KLAB_SIMD_WIDTH;
  const uint32_t lanes = std::min<uint32_t>(KLAB_SIMD_WIDTH, threadgroup_.thread_count - fiber->index);
  launch_->kernel->simdgroup(&launch_->args, &threadgroup_, simdgroup, lanes_of(lanes));
}

void Worker::switch_to_scheduler(klab_fiber* fiber) { klab__switch(&fiber->stack_pointer, scheduler_); }

void Worker::fail(klab_fiber* fiber, Error error) {
  failure_ = std::move(error);  // this frame is never left: a moved-from error owns nothing
  switch_to_scheduler(fiber);
  __builtin_unreachable();
}

void Worker::resume(klab_simdgroup& group) {
  klab_fiber* fiber = &group.fibers[__builtin_ctz(group.ready)];
  klab_current = fiber;
  klab__switch(&scheduler_, fiber->stack_pointer);
}

// A fiber that runs a whole threadgroup is one all the same, so that a failure can leave it. A lane that never comes
// keeps it from meeting itself.
Error Worker::run_alone() {
  klab_simdgroup& group = simdgroups_[0];
  group.live = 3;
  resume(group);
  if (failure_) return std::move(failure_);
  if (!group.arrived && !group.at_barrier) return {};
  return {KLAB_INTERNAL, std::string("kernel '") + launch_->kernel->name +
                             "' waits for other threads although it was compiled as one that never does; run it with tier fiber"};
}

bool Worker::is_late() {
  resumed_ = 0;
  return deadline_ != Clock::time_point::max() && Clock::now() >= deadline_;
}

Error Worker::schedule() {
  for (;;) {
    bool is_live = false;
    for (uint32_t i = 0; i < threadgroup_.simdgroup_count; i++) {
      klab_simdgroup& group = simdgroups_[i];
      while (group.ready | group.arrived) {
        if (!group.ready) complete_meeting(group);
        resume(group);
        if (failure_) return std::move(failure_);
        if (++resumed_ == resumes_per_clock && is_late()) return {KLAB_TIMEOUT, "the threadgroup took longer than it was given"};
      }
      is_live |= group.live != 0;
    }
    if (!is_live) return {};
    if (Error error = release_barrier()) return error;
  }
}

// Every live thread waits at a barrier. Across simdgroups only arrivals count, as on hardware; the threads of one
// simdgroup execute together there, so waiting at two different barriers is a deadlock.
Error Worker::release_barrier() {
  for (uint32_t i = 0; i < threadgroup_.simdgroup_count; i++) {
    klab_simdgroup& group = simdgroups_[i];
    if (!group.at_barrier) continue;
    const klab_fiber& first = group.fibers[__builtin_ctz(group.at_barrier)];
    for (uint32_t lanes = group.at_barrier; lanes; lanes &= lanes - 1) {
      const klab_fiber& other = group.fibers[__builtin_ctz(lanes)];
      if (other.barrier_line == first.barrier_line && other.barrier_file == first.barrier_file) continue;
      return {KLAB_PIPELINE, "divergent barrier in kernel '" + std::string(launch_->kernel->name) + "', threadgroup " +
                                 position_text(threadgroup_.position) + ": " + barrier_text(first) + " while " +
                                 barrier_text(other) +
                                 ". All threads of a simdgroup must reach the same threadgroup_barrier"};
    }
    group.ready = group.at_barrier;
    group.at_barrier = 0;
  }
  return {};
}

}  // namespace klab
