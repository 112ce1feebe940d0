// OS threads that help the caller with one job at a time.
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace klab {

class ThreadPool {
 public:
  // At most `helpers` OS threads besides the caller; started when first needed.
  ThreadPool(unsigned helpers, void (*on_thread_start)(unsigned index));
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Calls job(0) on the caller's thread and job(1 … helpers) on up to `helpers` others at the same time; returns when
  // all calls that began have ended. A helper that did not get to start before job(0) returned never does.
  void run(unsigned helpers, const std::function<void(unsigned)>& job);

 private:
  void start(unsigned helpers);
  void serve(unsigned index);

  const unsigned limit_;
  void (*const on_thread_start_)(unsigned);
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(unsigned)>* job_ = nullptr;
  unsigned wanted_ = 0, active_ = 0;
  bool is_stopping_ = false;
};

}  // namespace klab
