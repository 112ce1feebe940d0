#include "core/run_worker.h"

#include <thread>

#include "core/crash_report.h"

namespace klab {

struct RunWorker::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  RunJob* job = nullptr;
  bool is_ending = false;
  std::thread thread;
};

RunWorker::RunWorker() : shared_(new Shared) {
  shared_->thread = std::thread([shared = shared_] { serve(*shared); });
}

RunWorker::~RunWorker() {
  if (is_abandoned_) return;
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->is_ending = true;
    shared_->changed.notify_all();
  }
  shared_->thread.join();
  delete shared_;
}

void RunWorker::serve(Shared& shared) {
  crash::prepare_thread();
  std::unique_lock lock(shared.mutex);
  while (true) {
    shared.changed.wait(lock, [&] { return shared.job || shared.is_ending; });
    if (!shared.job) return;
    RunJob* job = shared.job;
    shared.job = nullptr;
    lock.unlock();
    execute_run(*job);
    lock.lock();
  }
}

bool RunWorker::run(RunJob& job) {
  using Clock = std::chrono::steady_clock;
  job.deadline = Clock::now() + std::chrono::nanoseconds(job.timeout_ns);
  {
    const std::lock_guard lock(shared_->mutex);
    shared_->job = &job;
    shared_->changed.notify_all();
  }
  std::unique_lock lock(job.mutex);
  while (!job.is_done && Clock::now() < job.deadline) job.changed.wait_until(lock, job.deadline);
  if (job.is_done) return true;
  is_abandoned_ = true;
  shared_->thread.detach();
  return false;
}

}  // namespace klab
