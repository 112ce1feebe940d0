// How threadgroups come to OS threads, and jobs to helpers.
#include <chrono>
#include <set>
#include <vector>

#include "cpu/exec/pool.h"
#include "cpu/exec/ranges.h"
#include "kernel_fixture.h"

using namespace klab_test;
using klab::Launch;
using klab::Ranges;
using klab::ThreadPool;

namespace {

// Each threadgroup waits until the one before it is done.
void follow(const klab_launch* launch, const klab_threadgroup* group) {
  auto& done = *data<std::atomic<uint32_t>>(launch);
  while (done.load() != group->position.x) std::this_thread::yield();
  done++;
}

const klab_kernel_desc following{KLAB_KERNEL_ABI, 0, "following", nullptr, follow, 0, 0, nullptr};

}  // namespace

TEST(every_number_is_taken_once) {
  for (unsigned threads : {1u, 2u, 5u}) {
    for (uint64_t count : {0u, 1u, 2u, 7u, 100u}) {
      Ranges ranges(5);
      ranges.share_out(10, 10 + count, threads);
      std::multiset<uint64_t> taken;
      std::vector<unsigned> stretch(threads);
      for (unsigned i = 0; i < threads; i++) stretch[i] = i;
      bool is_any = true;
      while (is_any) {
        is_any = false;
        uint64_t number = 0;
        for (unsigned& own : stretch) {
          if (ranges.take(own, number)) is_any = true, taken.insert(number);
        }
      }
      CHECK_EQ(taken.size(), count);
      CHECK_EQ(std::set<uint64_t>(taken.begin(), taken.end()).size(), count);
      if (count) CHECK(*taken.begin() == 10 && *taken.rbegin() == 9 + count);
    }
  }
}

TEST(a_thread_takes_neighbours_and_then_helps) {
  Ranges ranges(2);
  ranges.share_out(0, 10, 2);
  unsigned own = 1;
  uint64_t number = 0;
  for (uint64_t expected : {5, 6, 7, 8, 9, 0, 1, 2, 3, 4}) {
    CHECK(ranges.take(own, number));
    CHECK_EQ(number, expected);
  }
  CHECK(!ranges.take(own, number));
}

TEST(threadgroups_may_wait_for_earlier_ones) {
  for (unsigned threads : {1u, 2u, 4u}) {
    std::atomic<uint32_t> done{0};
    Launch l = launch(following, 50, 1, &done);
    CHECK_EQ(run(l, threads).message, "");
    CHECK_EQ(done.load(), 50u);
  }
}

// Also when they have gone to sleep in between, and when there are more than processors.
TEST(helpers_come_and_all_calls_have_ended) {
  for (unsigned helpers : {1u, 3u, 40u}) {
    ThreadPool pool(helpers, nullptr);
    std::atomic<unsigned> inside{0}, wrong{0}, came{0};
    for (int i = 0; i < 200; i++) {
      if (i % 50 == 49) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      const unsigned wanted = 1 + i % helpers;
      std::atomic<unsigned> calls{0};
      std::vector<std::atomic<unsigned>> seen(helpers + 1);
      pool.run(wanted, [&](unsigned index) {
        inside++;
        calls++;
        wrong += index > helpers || seen[index]++ != 0;  // two at once under one number
        if (index) came++;
        // The first call gives a helper the time to come, at least now and then.
        if (index == 0 && i % 20 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        seen[index]--;
        inside--;
      });
      wrong += inside != 0 || calls > wanted + 1;
    }
    CHECK_EQ(wrong.load(), 0u);
    CHECK(came > 0);
  }
}

TEST(shared_work_is_done_once_each) {
  for (const unsigned threads : {1u, 2u, 5u}) {
    klab::Executor executor(threads);
    CHECK_EQ(executor.threads(), threads);
    for (int round = 0; round < 200; round++) {
      std::vector<std::atomic<int>> done(round);
      executor.share(done.size(), [&](uint64_t task, unsigned thread) { done[task] += thread < threads; });
      int wrong = 0;
      for (const auto& count : done) wrong += count != 1;
      if (wrong) CHECK_EQ(wrong, 0);
    }
  }
}

int main() { return run_all(); }
