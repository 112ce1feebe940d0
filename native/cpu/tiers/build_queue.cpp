#include "cpu/tiers/build_queue.h"

#include <sys/resource.h>

#include <chrono>
#include <system_error>

namespace klab::cpu {

namespace {

// Of the thread and of the compilers that it starts: they inherit it.
constexpr int niceness = 10;
constexpr auto poll = std::chrono::milliseconds(10);  // how soon a stop is seen

}  // namespace

void QueuedBuild::cancel() { is_cancelled_ = true; }

bool QueuedBuild::is_done() const {
  const std::lock_guard lock(mutex_);
  return is_done_;
}

bool QueuedBuild::wait(uint64_t timeout_ns, const std::atomic<bool>& stop) {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!is_done_) {
    if (stop.load(std::memory_order_relaxed)) return false;
    if (timeout_ns && std::chrono::steady_clock::now() - start >= std::chrono::nanoseconds(timeout_ns)) return false;
    changed_.wait_for(lock, poll);
  }
  return true;
}

void QueuedBuild::run() {
  work_(is_cancelled_);
  work_ = nullptr;
  const std::lock_guard lock(mutex_);
  is_done_ = true;
  changed_.notify_all();
}

BuildQueue::~BuildQueue() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    for (const auto& build : waiting_) build->cancel();
    if (running_) running_->cancel();
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<QueuedBuild> BuildQueue::add(std::function<void(const std::atomic<bool>& cancel)> work) {
  auto build = std::make_shared<QueuedBuild>(std::move(work));
  const std::lock_guard lock(mutex_);
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { serve(); });
  } catch (const std::system_error&) {
    build->cancel();  // no thread to be had: told as cancelled
    build->run();
    return build;
  }
  waiting_.push_back(build);
  changed_.notify_all();
  return build;
}

void BuildQueue::serve() {
  setpriority(PRIO_PROCESS, 0, niceness);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    running_ = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    running_->run();
    lock.lock();
    running_ = nullptr;
  }
}

}  // namespace klab::cpu
