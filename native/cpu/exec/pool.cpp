#include "pool.h"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <system_error>

namespace klab {

namespace {

// Longer than the caller needs from one dispatch to the next, and than most threadgroups take.
constexpr auto lookout = std::chrono::microseconds(150);
constexpr int looks_per_clock = 32;
constexpr uint64_t place = 1ull << 32, entered = 1;

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb");
#endif
}

unsigned usable_processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return static_cast<unsigned>(CPU_COUNT(&set));
}

}  // namespace

ThreadPool::ThreadPool(unsigned helpers, void (*on_thread_start)(unsigned))
    : limit_(helpers), is_spinning_(helpers < usable_processors()), on_thread_start_(on_thread_start) {}

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

// Where there are more threads than processors, whoever looks out keeps another from working.
template <class Condition>
bool ThreadPool::looks_out(const Condition& has_come) const {
  if (!is_spinning_) return has_come();
  const auto start = std::chrono::steady_clock::now();
  do {
    for (int i = 0; i < looks_per_clock; i++) {
      if (has_come()) return true;
      relax();
    }
  } while (std::chrono::steady_clock::now() - start < lookout);
  return false;
}

void ThreadPool::run(unsigned helpers, const std::function<void(unsigned)>& job) {
  helpers = std::min(helpers, limit_);
  if (!helpers) return job(0);
  start(helpers);
  job_ = &job;
  // Either this sees a helper that goes to sleep, or that helper sees the places.
  places_.store(helpers * place);
  if (sleepers_.load() > 0) {
    const std::lock_guard lock(mutex_);
    wake_.notify_all();
  }
  job(0);
  const auto is_empty = [this] { return places_.load() == 0; };
  places_.fetch_and(place - 1);
  if (looks_out(is_empty)) return;
  std::unique_lock lock(mutex_);
  done_.wait(lock, is_empty);
}

bool ThreadPool::enter() {
  uint64_t places = places_.load();
  while (places >= place) {
    if (places_.compare_exchange_weak(places, places - place + entered)) return true;
  }
  return false;
}

void ThreadPool::leave() {
  if (places_.fetch_sub(entered) != entered) return;
  const std::lock_guard lock(mutex_);
  done_.notify_all();
}

void ThreadPool::serve(unsigned index) {
  if (on_thread_start_) on_thread_start_(index);
  const auto has_work = [this] { return is_stopping_ || places_.load(std::memory_order_relaxed) >= place; };
  while (!is_stopping_) {
    if (!looks_out(has_work)) {
      std::unique_lock lock(mutex_);
      sleepers_++;
      wake_.wait(lock, [this] { return is_stopping_ || places_.load() >= place; });
      sleepers_--;
    }
    if (!enter()) continue;
    (*job_)(index);
    leave();
  }
}

}  // namespace klab
