// Geometry, tiers, limits, cancelling: the executor seen from its caller.
#include <algorithm>
#include <memory>
#include <vector>

#include "kernel_fixture.h"

using namespace klab_test;
using klab::Error;
using klab::Launch;
using klab::Tier;

namespace {

const std::atomic<bool> never{false};

// Adds one to the cell of the thread's position in the grid, and checks what every thread is told.
struct Visits {
  uint32_t width, height, depth;
  std::vector<uint32_t> count;
  std::atomic<uint32_t> wrong{0};
};

void visit_thread(const klab_launch* launch, const klab_threadgroup* group, klab_uint3 p, uint32_t index) {
  auto& visits = *data<Visits>(launch);
  klab_uint3 size = launch->threads_per_threadgroup, at = group->position;
  uint32_t x = at.x * size.x + p.x, y = at.y * size.y + p.y, z = at.z * size.z + p.z;
  bool is_inside = x < visits.width && y < visits.height && z < visits.depth;
  bool is_index = index == p.x + group->size.x * (p.y + group->size.y * p.z);
  if (!is_inside || !is_index || launch->threads_per_grid.y != visits.height) visits.wrong++;
  else visits.count[x + visits.width * (y + visits.height * z)]++;
}

void visit_all(const klab_launch* launch, const klab_threadgroup* group) {
  uint32_t index = 0;
  for (uint32_t z = 0; z < group->size.z; z++)
    for (uint32_t y = 0; y < group->size.y; y++)
      for (uint32_t x = 0; x < group->size.x; x++) visit_thread(launch, group, {x, y, z}, index++);
}

const klab_kernel_desc visiting{KLAB_KERNEL_ABI, 0, "visiting", visit_thread, visit_all, 0, 0, nullptr};

void check_coverage(const uint32_t (&grid)[3], const uint32_t (&threads)[3], bool grid_is_threads, Tier tier, unsigned os_threads) {
  Visits visits;
  uint32_t extent[3];
  for (int d = 0; d < 3; d++) extent[d] = grid_is_threads ? grid[d] : grid[d] * threads[d];
  visits.width = extent[0], visits.height = extent[1], visits.depth = extent[2];
  visits.count.resize(size_t{visits.width} * visits.height * visits.depth);
  Launch l = launch(visiting, 1, 1, &visits);
  std::copy(grid, grid + 3, l.grid);
  std::copy(threads, threads + 3, l.threads);
  l.grid_is_threads = grid_is_threads;
  l.tier = tier;
  Error error = run(l, os_threads);
  CHECK_EQ(error.message, "");
  CHECK_EQ(visits.wrong.load(), 0u);
  CHECK(std::all_of(visits.count.begin(), visits.count.end(), [](uint32_t n) { return n == 1; }));
}

}  // namespace

TEST(every_thread_runs_once) {
  for (Tier tier : {Tier::automatic, Tier::loop, Tier::fiber})
    for (unsigned os_threads : {1u, 2u, 5u}) {
      check_coverage({1, 1, 1}, {1, 1, 1}, false, tier, os_threads);
      check_coverage({7, 3, 2}, {8, 4, 2}, false, tier, os_threads);
      check_coverage({2, 1, 1}, {1024, 1, 1}, false, tier, os_threads);
      check_coverage({65, 1, 1}, {64, 1, 1}, true, tier, os_threads);
      check_coverage({37, 11, 3}, {16, 4, 2}, true, tier, os_threads);
      check_coverage({5, 5, 5}, {8, 8, 8}, true, tier, os_threads);
    }
}

TEST(automatic_tier_follows_the_kernel) {
  Launch l = launch(visiting, 1, 1);
  CHECK(klab::Executor::tier_of(l) == Tier::loop);
  klab_kernel_desc synchronising = kernel(visit_thread);
  l.kernel = &synchronising;
  CHECK(klab::Executor::tier_of(l) == Tier::fiber);
  l.tier = Tier::loop;
  Error error = run(l);
  CHECK_EQ(error.status, KLAB_UNSUPPORTED);
  CHECK(contains(error.message, "test_kernel"));
}

namespace {
void loop_with_barrier(const klab_launch*, const klab_threadgroup*) { klab_threadgroup_barrier(); }
void loop_with_meeting(const klab_launch*, const klab_threadgroup*) { klab_simdgroup_meet(nullptr, 0); }
}  // namespace

TEST(a_loop_that_synchronises_is_an_error) {
  for (klab_loop_fn loop : {loop_with_barrier, loop_with_meeting}) {
    klab_kernel_desc lying = visiting;
    lying.loop = loop;
    CHECK_EQ(run(launch(lying, 1, 1)).status, KLAB_INTERNAL);
    CHECK_EQ(run(launch(lying, 3, 64), 2).status, KLAB_INTERNAL);
  }
}

TEST(sizes_are_checked) {
  Launch l = launch(visiting, 0, 32);
  CHECK_EQ(run(l).status, KLAB_INVALID_ARGUMENT);
  l = launch(visiting, 1, 0);
  CHECK_EQ(run(l).status, KLAB_INVALID_ARGUMENT);
  l = launch(visiting, 1, 1025);
  Error error = run(l);
  CHECK_EQ(error.status, KLAB_INVALID_ARGUMENT);
  CHECK(contains(error.message, "1025x1x1") && contains(error.message, "1024"));
  l = launch(visiting, 1u << 31, 4);
  CHECK_EQ(run(l).status, KLAB_INVALID_ARGUMENT);
  klab_kernel_desc narrow = visiting;
  narrow.max_total_threads = 64;
  l = launch(narrow, 1, 65);
  error = run(l);
  CHECK_EQ(error.status, KLAB_INVALID_ARGUMENT);
  CHECK(contains(error.message, "kernel declares"));
}

namespace {
std::atomic<bool> stop_flag{false};
std::atomic<uint32_t> groups_run{0};
void stop_at_third(const klab_launch*, const klab_threadgroup*, klab_uint3, uint32_t) {
  if (++groups_run == 3) stop_flag = true;
}
}  // namespace

TEST(cancel_takes_effect_between_threadgroups) {
  klab_kernel_desc k = kernel(stop_at_third);
  klab::Executor executor(1);
  Error error = executor.run(launch(k, 100, 1), stop_flag);
  CHECK_EQ(error.status, KLAB_CANCELLED);
  CHECK_EQ(groups_run.load(), 3u);
  stop_flag = false;
  groups_run = 10;
  CHECK_EQ(executor.run(launch(k, 5, 1), stop_flag).status, KLAB_OK);
  CHECK_EQ(groups_run.load(), 15u);
}

namespace {
void use_variables(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  auto* sizes = data<uint32_t>(launch);
  auto* a = static_cast<unsigned char*>(klab_threadgroup_variable(0, sizes[0], 4));
  auto* b = static_cast<unsigned char*>(klab_threadgroup_variable(1, sizes[1], 64));
  if (index == 0) {
    if (a[0] != 0xFF || b[sizes[1] - 1] != 0xFF) sizes[2]++;  // starts as rubbish, in every threadgroup
    a[0] = 1, b[sizes[1] - 1] = 2;
  }
  klab_threadgroup_barrier();
  if (a[0] != 1 || b[sizes[1] - 1] != 2) sizes[2]++;
  if (reinterpret_cast<uintptr_t>(b) % 64 || reinterpret_cast<uintptr_t>(a) % 16) sizes[2]++;
  if (group->memory[3] && *static_cast<uint32_t*>(group->memory[3]) != 0xFFFFFFFFu) sizes[2]++;
}
}  // namespace

TEST(threadgroup_memory_has_a_limit) {
  klab_kernel_desc k = kernel(use_variables, "hungry");
  uint32_t sizes[3] = {16, 100, 0};
  Launch l = launch(k, 3, 64, sizes);
  CHECK_EQ(run(l).message, "");
  CHECK_EQ(sizes[2], 0u);
  sizes[0] = 16384, sizes[1] = 16384;
  CHECK_EQ(run(l).message, "");
  sizes[1] = 16385;
  Error error = run(l);
  CHECK_EQ(error.status, KLAB_MISMATCH);
  CHECK(contains(error.message, "hungry") && contains(error.message, "32769") && contains(error.message, "32768"));
  l.args.threadgroup_bytes[3] = 32784;
  error = run(l);
  CHECK_EQ(error.status, KLAB_MISMATCH);
  CHECK(contains(error.message, "32784"));
  l.args.threadgroup_bytes[3] = 64;
  sizes[0] = sizes[1] = 256;
  CHECK_EQ(run(l).message, "");
  CHECK_EQ(sizes[2], 0u);
}

namespace {
std::atomic<unsigned> hooks{0};
void count_hook(unsigned) { hooks++; }
void note_running(const klab_launch* launch, const klab_threadgroup* group, klab_uint3 p, uint32_t) {
  klab::RunningThread running;
  bool is_right = klab::running_thread(running) && running.launch == launch && running.has_thread;
  is_right = is_right && running.threadgroup.x == group->position.x && running.thread.x == p.x && running.thread.y == p.y;
  is_right = is_right && std::string(running.kernel->name) == "noted";
  if (!is_right) ++*data<std::atomic<uint32_t>>(launch);
}
}  // namespace

TEST(the_running_thread_is_known) {
  klab_kernel_desc k = kernel(note_running, "noted");
  std::atomic<uint32_t> wrong{0};
  Launch l = launch(k, 20, 8, &wrong);
  l.threads[1] = 4;
  klab::Executor executor(klab::ExecutorOptions{.threads = 3, .on_thread_start = count_hook});
  for (int i = 0; i < 20; i++) CHECK_EQ(executor.run(l, never).status, KLAB_OK);
  CHECK_EQ(wrong.load(), 0u);
  CHECK(hooks.load() <= 2u);
  klab::RunningThread running;
  CHECK(!klab::running_thread(running));
}

namespace {
void probe_guard(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t) {
  char here = 0;
  auto* answers = data<std::atomic<uint32_t>>(launch);
  if (klab::is_fiber_stack_overflow(&here)) answers[0]++;
  uintptr_t top = reinterpret_cast<uintptr_t>(&here);
  for (uintptr_t p = top; p > top - (1 << 20); p -= 1024)
    if (klab::is_fiber_stack_overflow(reinterpret_cast<void*>(p))) return void(answers[1]++);
}
void use_stack(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  volatile char block[200 * 1024];
  block[0] = char(index);
  block[sizeof block - 1] = 1;
  klab_threadgroup_barrier();
  if (block[0] != char(index)) ++*data<std::atomic<uint32_t>>(launch);
}
}  // namespace

TEST(stacks_are_deep_and_guarded) {
  std::atomic<uint32_t> answers[2] = {0, 0};
  klab_kernel_desc k = kernel(probe_guard);
  CHECK_EQ(run(launch(k, 1, 40, answers)).message, "");
  CHECK_EQ(answers[0].load(), 0u);
  CHECK_EQ(answers[1].load(), 40u);
  std::atomic<uint32_t> wrong{0};
  klab_kernel_desc deep = kernel(use_stack);
  CHECK_EQ(run(launch(deep, 2, 70, &wrong)).message, "");
  CHECK_EQ(wrong.load(), 0u);
}

namespace {
void make_denormal(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t) {
  volatile float tiny = 1.1754943508e-38f;
  *data<float>(launch) = tiny * 0.5f;
}
}  // namespace

TEST(denormals_are_flushed_only_inside) {
  float result = 1.0f;
  klab_kernel_desc k = kernel(make_denormal);
  CHECK_EQ(run(launch(k, 1, 1, &result)).message, "");
  CHECK_EQ(result, 0.0f);
  volatile float tiny = 1.1754943508e-38f;
  CHECK(tiny * 0.5f > 0.0f);
}

int main() { return klab_test::run_all(); }
