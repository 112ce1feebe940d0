// The thread of a device on which its submissions run, so that the caller can give up on one that hangs.
#pragma once
#include <memory>

#include "core/run_job.h"

namespace klab {

class RunWorker {
 public:
  RunWorker();
  ~RunWorker();  // ends the thread, unless it was abandoned
  RunWorker(const RunWorker&) = delete;
  RunWorker& operator=(const RunWorker&) = delete;

  // Runs the job and waits for its end or for a submission's deadline. False when the deadline passed: the thread is
  // then abandoned, this worker can take no more jobs, and the job must never be freed.
  bool run(RunJob& job);

 private:
  struct Shared;
  static void serve(Shared& shared);
  Shared* shared_;  // leaked with an abandoned thread
  bool is_abandoned_ = false;
};

}  // namespace klab
