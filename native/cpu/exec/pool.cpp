#include "pool.h"

#include <algorithm>
#include <system_error>

namespace klab {

ThreadPool::ThreadPool(unsigned helpers, void (*on_thread_start)(unsigned))
    : limit_(helpers), on_thread_start_(on_thread_start) {}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadPool::start(unsigned helpers) {
  while (threads_.size() < helpers) {
    unsigned index = static_cast<unsigned>(threads_.size()) + 1;
    try {
      threads_.emplace_back([this, index] { serve(index); });
    } catch (const std::system_error&) {
      return;  // the job is done by fewer threads
    }
  }
}

void ThreadPool::run(unsigned helpers, const std::function<void(unsigned)>& job) {
  helpers = std::min(helpers, limit_);
  if (!helpers) return job(0);
  start(helpers);
  {
    std::lock_guard lock(mutex_);
    job_ = &job;
    wanted_ = helpers;
  }
  wake_.notify_all();
  job(0);
  std::unique_lock lock(mutex_);
  wanted_ = 0;
  done_.wait(lock, [this] { return active_ == 0; });
  job_ = nullptr;
}

void ThreadPool::serve(unsigned index) {
  if (on_thread_start_) on_thread_start_(index);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return is_stopping_ || wanted_ > 0; });
    if (is_stopping_) return;
    wanted_--;
    active_++;
    const auto* job = job_;
    lock.unlock();
    (*job)(index);
    lock.lock();
    if (--active_ == 0) done_.notify_all();
  }
}

}  // namespace klab
