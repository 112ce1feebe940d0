#include "core/thread_team.h"

#include "core/crash_report.h"

namespace klab {

ThreadTeam::ThreadTeam(unsigned threads) {
  for (unsigned i = 1; i < threads; i++) threads_.emplace_back([this, i] { serve(i); });
}

ThreadTeam::~ThreadTeam() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
    begun_.notify_all();
  }
  for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::run(uint64_t count, const std::function<void(uint64_t, unsigned)>& work) {
  if (count <= 1 || threads_.empty()) {
    for (uint64_t task = 0; task < count; task++) work(task, 0);
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    work_ = &work;
    count_ = count;
    next_ = 0;
    busy_ = static_cast<unsigned>(threads_.size());
    generation_++;
    begun_.notify_all();
  }
  take_tasks(0);
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return busy_ == 0; });
}

void ThreadTeam::take_tasks(unsigned thread) {
  for (uint64_t task; (task = next_.fetch_add(1)) < count_;) (*work_)(task, thread);
}

void ThreadTeam::serve(unsigned thread) {
  crash::prepare_thread();
  uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    begun_.wait(lock, [&] { return is_ending_ || generation_ != seen; });
    if (is_ending_) return;
    seen = generation_;
    lock.unlock();
    take_tasks(thread);
    lock.lock();
    if (--busy_ == 0) ended_.notify_all();
  }
}

}  // namespace klab
