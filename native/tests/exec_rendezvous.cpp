// Barriers and simdgroup meetings, written against the runtime's interface: no MSL, any compiler.
#include <vector>

#include "kernel_fixture.h"

using namespace klab_test;
using klab::Error;

namespace {

inline __attribute__((always_inline)) uint32_t publish_and_meet(uint32_t value) {
  klab_fiber* fiber = klab_current;
  klab_simdgroup* group = fiber->simdgroup;
  *reinterpret_cast<uint32_t*>(group->value[group->epoch & 1][fiber->lane]) = value;
  klab_simdgroup_meet(nullptr, 0);  // this compiler may duplicate calls of what holds it
  uint32_t sum = 0;
  for (uint32_t i = 0; i < KLAB_SIMD_WIDTH; i++)
    if (group->participants >> i & 1) sum += *reinterpret_cast<uint32_t*>(group->value[(group->epoch - 1) & 1][i]);
  return sum;
}
// One call site each. The comments keep a compiler from merging functions that look alike.
#define SITE(name)                                    \
  __attribute__((noinline)) uint32_t name(uint32_t v) { \
    uint32_t sum = publish_and_meet(v);               \
    asm volatile("# " #name);                         \
    return sum;                                       \
  }
SITE(sum_at_a)
SITE(sum_at_b)
SITE(sum_at_c)

uint32_t lanes_of(const klab_threadgroup* group, uint32_t index) {
  uint32_t first = index / KLAB_SIMD_WIDTH * KLAB_SIMD_WIDTH;
  return group->thread_count - first < KLAB_SIMD_WIDTH ? group->thread_count - first : KLAB_SIMD_WIDTH;
}

void many_sums(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  auto& wrong = *data<std::atomic<uint32_t>>(launch);
  uint32_t lanes = lanes_of(group, index), lane = index % KLAB_SIMD_WIDTH;
  for (uint32_t round = 0; round < 50; round++) {
    uint32_t expected = 0;
    for (uint32_t i = 0; i < lanes; i++) expected += i * round + 1;
    if (sum_at_a(lane * round + 1) != expected) wrong++;
  }
}

}  // namespace

TEST(sums_in_full_and_partial_simdgroups) {
  klab_kernel_desc k = kernel(many_sums);
  for (uint32_t threads : {1u, 7u, 31u, 32u, 33u, 64u, 100u, 1024u}) {
    std::atomic<uint32_t> wrong{0};
    CHECK_EQ(run(launch(k, 3, threads, &wrong), 2).message, "");
    CHECK_EQ(wrong.load(), 0u);
  }
}

namespace {
// Writes a ring around the threadgroup; without the barriers a neighbour's value would be missing.
void ring(const klab_launch* launch, const klab_threadgroup* group, klab_uint3, uint32_t index) {
  auto& wrong = *data<std::atomic<uint32_t>>(launch);
  auto* cells = static_cast<uint32_t*>(klab_threadgroup_variable(0, 4 * group->thread_count, 4));
  uint32_t n = group->thread_count;
  for (uint32_t round = 1; round <= 20; round++) {
    cells[index] = index * round;
    klab_threadgroup_barrier_at(__FILE__, 1);
    uint32_t other = (index + round * 7) % n;
    if (cells[other] != other * round) wrong++;
    klab_threadgroup_barrier_at(__FILE__, 2);
  }
}
// Threads beyond an early return no longer count at barriers and meetings.
void early_return(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  auto& wrong = *data<std::atomic<uint32_t>>(launch);
  if (index % 3 == 0) return;
  klab_threadgroup_barrier_at(__FILE__, 3);
  uint32_t expected = 0, first = index / 32 * 32;
  for (uint32_t i = first; i < first + 32; i++) expected += i % 3 ? i : 0;
  if (sum_at_a(index) != expected) wrong++;
  if (index < 40) return;
  klab_threadgroup_barrier_at(__FILE__, 4);
}
}  // namespace

TEST(barriers_order_memory) {
  klab_kernel_desc k = kernel(ring);
  for (uint32_t threads : {1u, 31u, 64u, 200u, 1024u}) {
    std::atomic<uint32_t> wrong{0};
    CHECK_EQ(run(launch(k, 4, threads, &wrong), 2).message, "");
    CHECK_EQ(wrong.load(), 0u);
  }
}

TEST(returned_threads_do_not_count) {
  klab_kernel_desc k = kernel(early_return);
  std::atomic<uint32_t> wrong{0};
  CHECK_EQ(run(launch(k, 2, 96, &wrong)).message, "");
  CHECK_EQ(wrong.load(), 0u);
}

namespace {
void branches(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  auto& wrong = *data<std::atomic<uint32_t>>(launch);
  uint32_t lane = index % 32;
  for (uint32_t cut = 1; cut < 32; cut++) {
    uint32_t low = cut * (cut - 1) / 2, all = 31 * 32 / 2;
    uint32_t got = lane < cut ? sum_at_a(lane) : sum_at_b(lane);
    if (got != (lane < cut ? low : all - low)) wrong++;
    if (sum_at_c(lane) != all) wrong++;  // together again
  }
}
// Lanes leave a loop one by one and meet behind it.
void uneven_loop(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  auto& wrong = *data<std::atomic<uint32_t>>(launch);
  uint32_t lane = index % 32;
  for (uint32_t i = 0; i <= lane; i++)
    if (sum_at_a(1) != 32 - i) wrong++;
  if (sum_at_b(1) != 32) wrong++;
}
// One branch meets while the other waits at a barrier.
void beside_a_barrier(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  auto& wrong = *data<std::atomic<uint32_t>>(launch);
  if (index % 32 < 8 && sum_at_a(1) != 8) wrong++;
  klab_threadgroup_barrier_at(__FILE__, 5);
  if (sum_at_b(1) != 32) wrong++;
}
}  // namespace

TEST(divergent_lanes_meet_those_of_their_branch) {
  for (klab_thread_fn body : {branches, uneven_loop, beside_a_barrier}) {
    klab_kernel_desc k = kernel(body);
    std::atomic<uint32_t> wrong{0};
    CHECK_EQ(run(launch(k, 2, 64, &wrong)).message, "");
    CHECK_EQ(wrong.load(), 0u);
  }
}

namespace {
void two_barriers(const klab_launch*, const klab_threadgroup*, klab_uint3 p, uint32_t) {
  if (p.x < 20) klab_threadgroup_barrier_at("kernel.metal", 41);
  klab_threadgroup_barrier_at("kernel.metal", 57);
}
void by_simdgroup(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  if (index < 32) klab_threadgroup_barrier_at("kernel.metal", 41);
  else klab_threadgroup_barrier_at("kernel.metal", 57);
  ++*data<std::atomic<uint32_t>>(launch);
}
}  // namespace

TEST(divergent_barrier_is_an_error_that_names_threads) {
  klab_kernel_desc k = kernel(two_barriers, "torn");
  Error error = run(launch(k, 2, 64));
  CHECK_EQ(error.status, KLAB_PIPELINE);
  CHECK(contains(error.message, "'torn'") && contains(error.message, "threadgroup (0,0,0)"));
  CHECK(contains(error.message, "thread (0,0,0) waits at kernel.metal:41"));
  CHECK(contains(error.message, "thread (20,0,0) waits at kernel.metal:57"));
}

TEST(simdgroups_may_wait_at_different_barriers) {
  klab_kernel_desc k = kernel(by_simdgroup);
  std::atomic<uint32_t> passed{0};
  CHECK_EQ(run(launch(k, 1, 64, &passed)).message, "");
  CHECK_EQ(passed.load(), 64u);
}

namespace {
// Values in callee-saved floating point and integer registers must survive a switch.
void keep_registers(const klab_launch* launch, const klab_threadgroup*, klab_uint3, uint32_t index) {
  double d[10];
  uint64_t u[10];
  for (int i = 0; i < 10; i++) d[i] = index * 1.5 + i, u[i] = index * 77u + unsigned(i);
  for (int round = 0; round < 30; round++) {
    klab_threadgroup_barrier_at(__FILE__, 6);
    for (int i = 0; i < 10; i++) d[i] += 1.0, u[i] += 3;
  }
  for (int i = 0; i < 10; i++)
    if (d[i] != index * 1.5 + i + 30.0 || u[i] != index * 77u + unsigned(i) + 90) ++*data<std::atomic<uint32_t>>(launch);
}
}  // namespace

TEST(registers_survive_switches) {
  klab_kernel_desc k = kernel(keep_registers);
  std::atomic<uint32_t> wrong{0};
  CHECK_EQ(run(launch(k, 3, 256, &wrong), 2).message, "");
  CHECK_EQ(wrong.load(), 0u);
}

TEST(an_executor_goes_on_after_an_error) {
  static const std::atomic<bool> never{false};
  klab_kernel_desc bad = kernel(two_barriers), good = kernel(many_sums);
  klab::Executor executor(2);
  std::atomic<uint32_t> wrong{0};
  for (int i = 0; i < 5; i++) {
    CHECK_EQ(executor.run(launch(bad, 40, 64), never).status, KLAB_PIPELINE);
    CHECK_EQ(executor.run(launch(good, 4, 100, &wrong), never).message, "");
  }
  CHECK_EQ(wrong.load(), 0u);
}

int main() { return klab_test::run_all(); }
