// One OS thread's machinery for running threadgroups, one after the other: fibers, simdgroups, threadgroup memory.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "executor.h"
#include "msl/simt_abi.h"
#include "stacks.h"
#include "threadgroup_memory.h"

namespace klab {

class Worker {
 public:
  explicit Worker(const ExecutorOptions& options);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Runs the threadgroup at `position`, whose actual size is `size`, on the calling OS thread (always the same one).
  Error run(const Launch& launch, Tier tier, klab_uint3 position, klab_uint3 size);

  // Threadgroups end with TIMEOUT when they are seen to go on after it: where their fibers wait for each other.
  using Clock = std::chrono::steady_clock;
  void stop_at(Clock::time_point deadline) { deadline_ = deadline; }

  // For code that runs on a fiber: leaves the fiber for good, or until the scheduler resumes it.
  void switch_to_scheduler(klab_fiber* fiber);
  [[noreturn]] void fail(klab_fiber* fiber, Error error);

  void* threadgroup_variable(klab_fiber* fiber, uint32_t slot, size_t bytes, size_t align);
  void enter_kernel(klab_fiber* fiber);

  const Launch* launch() const { return launch_; }
  Tier tier() const { return tier_; }
  const Stacks& stacks() const { return stacks_; }
  static Worker* of(const klab_threadgroup* threadgroup) { return static_cast<Worker*>(threadgroup->runtime); }

 private:
  Error prepare_memory();
  void prepare_fibers(uint32_t count);
  void prepare_fiber(uint32_t i, uint32_t index, klab_uint3 position);
  void prepare_simdgroups(uint32_t fibers);
  void run_simdgroup(klab_fiber* fiber);
  Error run_alone();
  Error schedule();
  bool is_late();
  void resume(klab_simdgroup& simdgroup);
  Error release_barrier();
  Error memory_error(size_t bytes) const;

  const ExecutorOptions options_;
  Stacks stacks_;
  ThreadgroupMemory memory_;
  std::vector<klab_fiber> fibers_;
  std::unique_ptr<klab_simdgroup[]> simdgroups_;
  uint32_t simdgroup_capacity_ = 0;
  klab_threadgroup threadgroup_{};
  uint32_t variables_used_ = 0;  // slots of `variable` that may be set
  const Launch* launch_ = nullptr;
  Tier tier_ = Tier::fiber;
  bool is_alone_ = false;  // one fiber runs the whole threadgroup
  void* scheduler_ = nullptr;
  Clock::time_point deadline_ = Clock::time_point::max();
  uint32_t resumed_ = 0;  // since the clock was last read
  Error failure_;
};

}  // namespace klab
