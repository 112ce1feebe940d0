// OS threads that help the caller with one job at a time.
//
// Jobs come close together: a run repeats a dispatch that may take no longer than waking a thread does (some 50 us). So
// helpers look out for the next job a while before they sleep, and the caller likewise for their end.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
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

  // Calls job(0) on the caller's thread and, `helpers` times at most, job(i) on others at the same time; returns when all
  // calls that began have ended. What did not get to begin before job(0) returned never does. Each OS thread has an i of
  // its own, from 1 on; which of them come is theirs to settle, and one that is done early may come again.
  void run(unsigned helpers, const std::function<void(unsigned)>& job);

 private:
  void start(unsigned helpers);
  void serve(unsigned index);
  bool enter();
  void leave();
  template <class Condition>
  bool looks_out(const Condition& has_come) const;

  const unsigned limit_;
  const bool is_spinning_;
  void (*const on_thread_start_)(unsigned);
  std::vector<std::thread> threads_;

  const std::function<void(unsigned)>* job_ = nullptr;  // of the run in progress; read by who has entered it
  // How many may still enter the job (upper half) and how many are in it (lower half), in one word: who gets in while
  // places are left keeps the caller from returning.
  alignas(64) std::atomic<uint64_t> places_{0};
  alignas(64) std::atomic<unsigned> sleepers_{0};
  std::atomic<bool> is_stopping_{false};
  std::mutex mutex_;  // for sleeping
  std::condition_variable wake_, done_;
};

}  // namespace klab
