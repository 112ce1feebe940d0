// A few threads that stay, for work that is split many times a second.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace klab {

class ThreadTeam {
 public:
  explicit ThreadTeam(unsigned threads);  // the caller of run() included
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  unsigned threads() const { return static_cast<unsigned>(threads_.size()) + 1; }

  // Calls work(task, thread) for each task below `count`, in any order, and returns when all are done. `work` must not
  // throw. One run at a time.
  void run(uint64_t count, const std::function<void(uint64_t task, unsigned thread)>& work);

 private:
  void serve(unsigned thread);
  void take_tasks(unsigned thread);

  std::mutex mutex_;
  std::condition_variable begun_, ended_;
  const std::function<void(uint64_t, unsigned)>* work_ = nullptr;
  uint64_t count_ = 0, generation_ = 0;
  unsigned busy_ = 0;
  bool is_ending_ = false;
  std::atomic<uint64_t> next_{0};
  std::vector<std::thread> threads_;
};

}  // namespace klab
