// Work that nobody waits for yet: builds, one at a time, on a thread that gives way to everything else.
#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "core/device.h"

namespace klab::cpu {

// One piece of work. It runs even when cancelled, with `cancel` set, so that it can say so.
class QueuedBuild {
 public:
  explicit QueuedBuild(std::function<void(const std::atomic<bool>& cancel)> work) : work_(std::move(work)) {}

  // Any thread. Tells the work to stop.
  void cancel();
  bool is_done() const;
  // False when timeout_ns (0: no limit) passed or `stop` was set before it was done.
  bool wait(uint64_t timeout_ns, const std::atomic<bool>& stop);

 private:
  friend class BuildQueue;
  void run();

  std::function<void(const std::atomic<bool>& cancel)> work_;
  std::atomic<bool> is_cancelled_{false};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool is_done_ = false;
};

class BuildQueue {
 public:
  BuildQueue() = default;
  // Cancels everything and waits for the thread: nothing outlives the queue.
  ~BuildQueue();
  BuildQueue(const BuildQueue&) = delete;
  BuildQueue& operator=(const BuildQueue&) = delete;

  std::shared_ptr<QueuedBuild> add(std::function<void(const std::atomic<bool>& cancel)> work);

 private:
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<QueuedBuild>> waiting_;
  std::shared_ptr<QueuedBuild> running_;
  bool is_ending_ = false;
  std::thread thread_;
};

}  // namespace klab::cpu
