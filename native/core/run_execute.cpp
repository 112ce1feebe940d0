// The measuring loop: rounds of samples, arms in strict order within a round.
#include "core/run_job.h"
#include "core/text.h"

namespace klab {

namespace {

using Clock = std::chrono::steady_clock;

// `count` iterations of the arm from where the rotation, its own or that of all arms, stands.
void add_iterations(RunJob& job, RunArm& arm, uint32_t count, std::vector<const Dispatch*>& out) {
  out.clear();
  uint64_t& done = job.is_one_rotation ? job.iterations_done : arm.iterations_done;
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t set = done++ % arm.set_count;
    for (uint32_t d = 0; d < arm.dispatch_count; d++) out.push_back(&arm.dispatches[set * arm.dispatch_count + d]);
  }
}

Error submit_one(RunJob& job, const Submission& submission, klab_sample& sample) {
  Device& device = *job.device->device;
  if (device.cancelled) return {KLAB_CANCELLED, "the run was cancelled"};
  {
    const std::lock_guard lock(job.mutex);
    job.deadline = Clock::now() + std::chrono::nanoseconds(job.timeout_ns);
  }
  return device.submit(submission, sample);
}

Error take_sample(RunJob& job, RunArm& arm, klab_sample& sample) {
  Submission submission;
  submission.mode = job.mode;
  submission.timeout_ns = job.timeout_ns;
  submission.has_host_times = job.has_host_times;
  sample.iterations = arm.iterations;
  const bool is_one_submission = job.mode != KLAB_MODE_SINGLE;
  const uint32_t submissions = is_one_submission ? 1 : arm.iterations;
  for (uint32_t i = 0; i < submissions; i++) {
    add_iterations(job, arm, is_one_submission ? arm.iterations : 1, submission.dispatches);
    if (Error error = submit_one(job, submission, sample)) return error;
  }
  if (sample.device_end_ns <= sample.device_start_ns) sample.flags |= KLAB_SAMPLE_INVALID;
  return {};
}

Error take_round(RunJob& job, bool is_first) {
  for (uint32_t i = 0; i < job.arms.size(); i++) {
    {
      const std::lock_guard lock(job.mutex);
      job.current_arm = i;
    }
    klab_sample sample = {};
    sample.struct_size = sizeof sample;
    sample.arm = i;
    if (is_first) sample.flags |= KLAB_SAMPLE_FIRST;
    if (Error error = take_sample(job, job.arms[i], sample)) return error;
    const std::lock_guard lock(job.mutex);
    job.samples.push_back(sample);
  }
  return {};
}

Error take_rounds(RunJob& job) {
  if (Error error = job.device->device->begin_run(job.all_dispatches(), job.timeout_ns)) return error;
  const Clock::time_point start = Clock::now();
  for (uint32_t round = 0; round < job.rounds; round++) {
    if (Error error = take_round(job, round == 0)) return error;
    const auto passed = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count();
    if (job.max_time_ns && static_cast<uint64_t>(passed) >= job.max_time_ns) break;
  }
  return {};
}

}  // namespace

void execute_run(RunJob& job) {
  Error error;
  try {
    error = job.body ? job.body() : take_rounds(job);
  } catch (const std::bad_alloc&) {
    error = {KLAB_OUT_OF_MEMORY, "not enough memory to build a submission"};
  } catch (const std::exception& exception) {
    error = {KLAB_INTERNAL, exception.what()};
  }
  const std::lock_guard lock(job.mutex);
  job.error = std::move(error);
  job.is_done = true;
  job.changed.notify_all();
}

}  // namespace klab
