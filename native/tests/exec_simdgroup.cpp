// The simdgroup tier: one call runs a whole simdgroup.
#include <memory>
#include <vector>

#include "kernel_fixture.h"

using namespace klab_test;
using klab::Error;
using klab::Launch;
using klab::Tier;

namespace {

klab_kernel_desc simdgroup_kernel(klab_simdgroup_fn simdgroup, bool has_barriers, uint32_t width_multiple = 0) {
  return {KLAB_KERNEL_ABI, has_barriers, "by_simdgroup", nullptr, nullptr, 0, width_multiple, simdgroup};
}

constexpr uint32_t most_threads = 1024;
const std::atomic<bool> never{false};

// Marks its threads, and after a barrier wants to see the marks of all the others.
struct Marks {
  uint32_t threads;
  std::atomic<uint32_t> calls{0}, wrong{0};
};

void mark(const klab_launch* launch, const klab_threadgroup* group, uint32_t simdgroup, uint32_t lanes) {
  auto& marks = *data<Marks>(launch);
  auto* seen = static_cast<uint32_t*>(klab_threadgroup_variable(0, most_threads * 4, 4));
  klab::RunningThread running;
  const uint32_t first = simdgroup * KLAB_SIMD_WIDTH, width = group->size.x;
  bool is_right = klab::running_thread(running) && running.has_thread && running.is_simdgroup;
  is_right = is_right && running.thread.x == first % width && running.thread.y == first / width % group->size.y;
  for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) {
    const bool is_there = first + lane < marks.threads;
    is_right = is_right && is_there == ((lanes >> lane & 1) != 0);
    if (is_there) seen[first + lane] = group->position.x;
  }
  klab_threadgroup_barrier();
  for (uint32_t i = 0; i < marks.threads; i++) is_right = is_right && seen[i] == group->position.x;
  klab_threadgroup_barrier();
  marks.calls++;
  marks.wrong += !is_right;
}

}  // namespace

TEST(simdgroups_meet_at_barriers) {
  const uint32_t shapes[][3] = {{32, 1, 1}, {64, 2, 1}, {1024, 1, 1}, {16, 16, 1}, {33, 1, 1}, {7, 3, 2}, {1, 1, 1}};
  const klab_kernel_desc kernel = simdgroup_kernel(mark, true);
  for (const auto& shape : shapes)
    for (unsigned os_threads : {1u, 3u}) {
      Marks marks{.threads = shape[0] * shape[1] * shape[2]};
      Launch l = launch(kernel, 9, 1, &marks);
      std::copy(shape, shape + 3, l.threads);
      CHECK(klab::Executor::tier_of(l) == Tier::simdgroup);
      CHECK_EQ(run(l, os_threads).message, "");
      CHECK_EQ(marks.wrong.load(), 0u);
      CHECK_EQ(marks.calls.load(), 9 * ((marks.threads + 31) / 32));
    }
}

namespace {
void count_calls(const klab_launch* launch, const klab_threadgroup* group, uint32_t simdgroup, uint32_t) {
  klab::RunningThread running;
  auto* cells = data<std::atomic<uint32_t>>(launch);
  if (klab::running_thread(running) && running.thread.y == simdgroup) cells[group->position.x * group->simdgroup_count + simdgroup]++;
}
void lie_about_barriers(const klab_launch*, const klab_threadgroup*, uint32_t, uint32_t) { klab_threadgroup_barrier(); }
}  // namespace

TEST(without_barriers_simdgroups_run_in_a_row) {
  const klab_kernel_desc kernel = simdgroup_kernel(count_calls, false);
  std::vector<std::atomic<uint32_t>> cells(5 * 4);
  Launch l = launch(kernel, 5, 32, cells.data());
  l.threads[1] = 4;
  CHECK_EQ(run(l, 2).message, "");
  for (const auto& cell : cells) CHECK_EQ(cell.load(), 1u);
  const klab_kernel_desc lying = simdgroup_kernel(lie_about_barriers, false);
  CHECK_EQ(run(launch(lying, 2, 64)).status, KLAB_INTERNAL);
}

TEST(a_build_says_which_widths_it_takes) {
  const klab_kernel_desc kernel = simdgroup_kernel(count_calls, false, 32);
  std::vector<std::atomic<uint32_t>> cells(64);
  Launch l = launch(kernel, 2, 48, cells.data());
  Error error = run(l);
  CHECK_EQ(error.status, KLAB_UNSUPPORTED);
  CHECK(contains(error.message, "multiple of 32") && contains(error.message, "48x1x1"));
  l.threads[0] = 64;
  CHECK_EQ(run(l).message, "");
  l.grid_is_threads = true;
  l.grid[0] = 80;  // the last threadgroup is 16 wide
  CHECK_EQ(run(l).status, KLAB_UNSUPPORTED);
  l.grid[0] = 96;
  CHECK_EQ(run(l).message, "");
}

TEST(tiers_that_were_not_built_are_refused) {
  const klab_kernel_desc by_simdgroup = simdgroup_kernel(count_calls, false);
  Launch l = launch(by_simdgroup, 1, 32);
  l.tier = Tier::fiber;
  CHECK_EQ(run(l).status, KLAB_UNSUPPORTED);
  const klab_kernel_desc by_thread = kernel([](const klab_launch*, const klab_threadgroup*, klab_uint3, uint32_t) {});
  l.kernel = &by_thread;
  l.tier = Tier::simdgroup;
  CHECK_EQ(run(l).status, KLAB_UNSUPPORTED);
}

namespace {
void ask_for_too_much(const klab_launch*, const klab_threadgroup*, uint32_t, uint32_t) { klab_threadgroup_variable(0, 1 << 20, 4); }
}  // namespace

TEST(threadgroup_memory_has_the_same_limit) {
  for (bool has_barriers : {false, true}) {
    const klab_kernel_desc kernel = simdgroup_kernel(ask_for_too_much, has_barriers);
    const Error error = run(launch(kernel, 3, 64), 2);
    CHECK_EQ(error.status, KLAB_MISMATCH);
    CHECK(contains(error.message, "by_simdgroup") && contains(error.message, "32768"));
  }
}

TEST(one_threadgroup_can_be_timed) {
  const klab_kernel_desc kernel = simdgroup_kernel(count_calls, false);
  std::vector<std::atomic<uint32_t>> cells(10);
  const Launch l = launch(kernel, 10, 32, cells.data());
  CHECK_EQ(klab::Executor::group_count(l), 10u);
  klab::Executor executor(2);
  uint64_t ns = 0;
  CHECK_EQ(executor.run_one(l, 3, {never}, &ns).message, "");
  CHECK(ns > 0);
  for (uint32_t i = 0; i < 10; i++) CHECK_EQ(cells[i].load(), i == 3 ? 1u : 0u);
  CHECK_EQ(executor.run_one(l, 10, {never}, &ns).status, KLAB_INVALID_ARGUMENT);
}

namespace {
void wait_for_ever(const klab_launch*, const klab_threadgroup*, uint32_t, uint32_t) {
  for (;;) klab_threadgroup_barrier();
}
}  // namespace

TEST(a_threadgroup_that_takes_too_long_is_left) {
  const klab_kernel_desc endless = simdgroup_kernel(wait_for_ever, true), counting = simdgroup_kernel(count_calls, true);
  klab::Executor executor(1);
  uint64_t ns = 0;
  CHECK_EQ(executor.run_one(launch(endless, 1, 64), 0, {never, 2'000'000}, &ns).status, KLAB_TIMEOUT);
  CHECK(ns >= 2'000'000);
  std::vector<std::atomic<uint32_t>> cells(2);
  CHECK_EQ(executor.run(launch(counting, 2, 32, cells.data()), never).message, "");
  CHECK(cells[0] == 1 && cells[1] == 1);
}

int main() { return klab_test::run_all(); }
