// One klab_run, checked and copied: everything that the thread which runs it may touch, owned by the job. A job that
// timed out is leaked on purpose, because its thread may still be inside a kernel.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "core/handles.h"

namespace klab {

struct RunArm {
  uint32_t dispatch_count = 0, set_count = 1, iterations = 1;
  std::vector<Dispatch> dispatches;  // set_count · dispatch_count
  uint64_t iterations_done = 0;      // over all samples of the arm in this call: what rotates the sets
};

// A copy of a BYTES argument, aligned for any vector type.
class AlignedBytes {
 public:
  AlignedBytes(const void* data, size_t bytes);
  ~AlignedBytes();
  AlignedBytes(const AlignedBytes&) = delete;
  AlignedBytes& operator=(const AlignedBytes&) = delete;
  const void* data() const { return data_; }

 private:
  void* data_;
};

struct RunJob {
  std::shared_ptr<DeviceState> device;
  std::vector<std::shared_ptr<void>> keep_alive;  // states of the ops and buffers
  std::vector<std::unique_ptr<AlignedBytes>> bytes;
  std::vector<RunArm> arms;
  uint32_t mode = KLAB_MODE_SINGLE, rounds = 1;
  bool has_host_times = false, is_one_rotation = false;
  uint64_t iterations_done = 0;  // of all arms
  std::function<Error()> body;  // what to do instead of taking samples; the deadline then is that of the whole job
  uint64_t timeout_ns = 0, max_time_ns = 0;

  std::vector<RunDispatch> all_dispatches();

  // Shared between the thread that runs and the one that waits.
  std::mutex mutex;
  std::condition_variable changed;
  std::chrono::steady_clock::time_point deadline;  // of the submission in flight
  std::vector<klab_sample> samples;
  uint32_t current_arm = 0;
  bool is_done = false;
  Error error;
};

// Checks a descriptor against the ops' reflection and copies it. Nothing has run when this fails; `job.current_arm` is
// then the arm that was wrong.
Error read_run(const klab_run_desc* desc, RunJob& job);

// Checks and copies a list of dispatches, whose ops are all made for analysing or all not.
Error read_dispatches(const klab_dispatch* in, uint32_t count, bool is_analysis, RunJob& job, std::vector<Dispatch>& out);

// Takes the samples, or calls the body, on the calling thread. Never returns when a submission does not.
void execute_run(RunJob& job);

}  // namespace klab
