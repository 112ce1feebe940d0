// Measuring builds of a kernel against each other: which work is taken, what is given up, what is left untouched.
#include <algorithm>
#include <set>
#include <vector>

#include "cpu/buffer.h"
#include "cpu/tiers/launch_key.h"
#include "cpu/tiers/trial.h"
#include "kernel_fixture.h"

using namespace klab_test;
using klab::Launch;
using klab::cpu::TrialResult;

namespace {

using Binding = klab::Binding;
constexpr uint32_t groups = 4000;

// What the kernels below work on: buffer 0. Each threadgroup with work adds to its own cell.
struct Board {
  uint32_t first_with_work, last_with_work;
  uint32_t cells[groups];
};

void work(const klab_launch* launch, uint32_t group, int amount) {
  Board& board = *data<Board>(launch);
  if (group < board.first_with_work || group > board.last_with_work) return;
  volatile uint32_t sum = 0;
  for (int i = 0; i < amount; i++) sum = sum + 1;
  board.cells[group] += sum;
}

// The base is quick about threadgroups without work, which the others are not.
constexpr int little = 500, much = 10 * little;
void empty_handed(const klab_launch* launch, uint32_t group, int amount) {
  const Board& board = *data<Board>(launch);
  volatile int spent = 0;
  if (group < board.first_with_work || group > board.last_with_work)
    for (int i = 0; i < amount; i++) spent = spent + i;
}

void slow_at_work(const klab_launch* l, const klab_threadgroup* g) { work(l, g->position.x, much); }
void fast_at_work(const klab_launch* l, const klab_threadgroup* g, uint32_t, uint32_t) {
  empty_handed(l, g->position.x, little);
  work(l, g->position.x, little);
}
void faster_at_work(const klab_launch* l, const klab_threadgroup* g, uint32_t, uint32_t) { work(l, g->position.x, little / 10); }
void for_ever(const klab_launch* l, const klab_threadgroup*, klab_uint3, uint32_t) {
  while (data<Board>(l)->first_with_work != 77) klab_threadgroup_barrier();
}

const klab_kernel_desc base{KLAB_KERNEL_ABI, 0, "base", nullptr, slow_at_work, 0, 0, nullptr};
const klab_kernel_desc fast{KLAB_KERNEL_ABI, 0, "fast", nullptr, nullptr, 0, 0, fast_at_work};
const klab_kernel_desc faster{KLAB_KERNEL_ABI, 0, "faster", nullptr, nullptr, 0, 0, faster_at_work};
const klab_kernel_desc endless{KLAB_KERNEL_ABI, 1, "endless", for_ever, nullptr, 0, 0, nullptr};

struct Fixture {
  std::unique_ptr<klab::Buffer> buffer;
  std::vector<Binding> bindings = std::vector<Binding>(1);  // 0, read and written
  klab::Dispatch dispatch;
  klab::Executor executor{1};
  std::atomic<bool> cancel{false};

  Fixture(uint32_t first, uint32_t last) {
    klab_buffer_desc desc = {};
    desc.struct_size = sizeof desc;
    desc.bytes = sizeof(Board);
    CHECK(!klab::cpu::HostBuffer::create(desc, buffer));
    board() = {first, last, {}};
    dispatch.args = {{.index = 0, .buffer = buffer.get()}};
    dispatch.grid[0] = groups;
    dispatch.threads[0] = 32;
  }
  Board& board() { return *reinterpret_cast<Board*>(static_cast<klab::cpu::HostBuffer*>(buffer.get())->data()); }

  TrialResult compare(std::initializer_list<const klab_kernel_desc*> kernels, bool is_in_order = false) {
    std::vector<Launch> launches;
    for (const klab_kernel_desc* kernel : kernels) launches.push_back(launch(*kernel, groups, 32, &board()));
    return klab::cpu::compare_builds({dispatch, bindings, launches, is_in_order, executor, cancel, 2'000'000'000});
  }
};

}  // namespace

TEST(threadgroups_with_nothing_to_do_decide_nothing) {
  // Work in the middle, at the end, at the beginning of the grid; wherever it is, the base is slower at it.
  for (const auto& [first, last] : {std::pair{groups / 4, groups - 1}, {0u, groups / 2}, {groups / 3, 2 * groups / 3}}) {
    Fixture fixture(first, last);
    const TrialResult result = fixture.compare({&fast, &base});
    CHECK_EQ(result.error.message, "");
    CHECK(result.ns.size() == 2 && result.ns[0] < result.ns[1]);
  }
}

TEST(all_builds_are_compared) {
  Fixture fixture(0, groups);
  const TrialResult result = fixture.compare({&fast, &faster, &base});
  CHECK_EQ(result.error.message, "");
  REQUIRE(result.ns.size() == 3);
  CHECK(result.ns[1] < result.ns[0] && result.ns[0] < result.ns[2]);
}

TEST(a_trial_leaves_the_buffers_alone) {
  Fixture fixture(0, groups);
  CHECK_EQ(fixture.compare({&fast, &base}).error.message, "");
  CHECK(std::all_of(std::begin(fixture.board().cells), std::end(fixture.board().cells), [](uint32_t cell) { return cell == 0; }));
  // Also what the kernel says it only reads.
  fixture.bindings[0].access = KLAB_ACCESS_READ;
  CHECK_EQ(fixture.compare({&fast, &base}).error.message, "");
  CHECK(std::all_of(std::begin(fixture.board().cells), std::end(fixture.board().cells), [](uint32_t cell) { return cell == 0; }));
}

TEST(a_build_that_does_not_end_is_given_up) {
  Fixture fixture(0, groups);
  const TrialResult result = fixture.compare({&fast, &endless});
  CHECK_EQ(result.error.message, "");
  REQUIRE(result.ns.size() == 2);
  CHECK(result.ns[0] != TrialResult::no_time);
  CHECK_EQ(result.ns[1], TrialResult::no_time);
}

namespace {
// Each threadgroup needs the one before it.
void follow(const klab_launch* launch, const klab_threadgroup* group, uint32_t, uint32_t) {
  Board& board = *data<Board>(launch);
  const uint32_t own = group->position.x;
  if (own && !board.cells[own - 1]) board.first_with_work = 1;
  board.cells[own] = 1;
  if (board.first_with_work) klab_threadgroup_variable(0, 1 << 20, 4);  // an error that is seen
}
}  // namespace

TEST(threadgroups_that_wait_for_others_are_taken_in_order) {
  const klab_kernel_desc following{KLAB_KERNEL_ABI, 0, "following", nullptr, nullptr, 0, 0, follow};
  Fixture fixture(0, groups);
  CHECK_EQ(fixture.compare({&following, &following}, true).error.message, "");
  CHECK_EQ(fixture.compare({&following, &following}, false).error.status, KLAB_MISMATCH);
}

TEST(launches_are_alike_when_their_sizes_are) {
  Fixture fixture(0, groups);
  const auto key = [&] { return klab::cpu::key_of(fixture.dispatch, fixture.bindings); };
  uint32_t k = 896;
  fixture.dispatch.args.push_back({.kind = KLAB_ARG_BYTES, .index = 1, .data = &k, .bytes = 4});
  const auto before = key();
  k = 900;
  CHECK(key() == before);
  k = 4864;
  CHECK(key() != before);
  k = 8;
  const auto eight = key();
  k = 9;
  CHECK(key() != eight);
  k = 896;
  fixture.dispatch.args[0].offset = 4;
  CHECK(key() == before);
  fixture.dispatch.args[0].offset = sizeof(Board) - 1024;
  CHECK(key() != before);
  fixture.dispatch.args[0].offset = 0;
  fixture.dispatch.threads[0] = 64;
  CHECK(key() != before);
}

int main() { return run_all(); }
