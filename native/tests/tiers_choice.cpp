// An op that chooses between builds: which are made, which are asked at every run, and what a deadline does.
#include <fstream>
#include <thread>

#include "cpu/host_op.h"
#include "cpu/kernel_op.h"
#include "tests/vector_fixture.h"

using namespace vector_test;

namespace {

const std::string source = prologue +
                           "kernel void scale(device float* o [[buffer(0)]], device const float* a [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
                           "  o[i] = a[i] * 2 + float(i);\n"
                           "}\n"
                           "kernel void shift(device float* o [[buffer(0)]], device const float* a [[buffer(1)]], uint i [[thread_position_in_grid]]) { o[i] = a[i] + 3; }\n"
                           "kernel void mirror(device float* o [[buffer(0)]], device const float* a [[buffer(1)]], uint i [[thread_position_in_grid]]) { o[i] = -a[i]; }\n"
                           "kernel void halve(device float* o [[buffer(0)]], device const float* a [[buffer(1)]], uint i [[thread_position_in_grid]]) { o[i] = a[i] / 2; }\n"
                           "kernel void product(device const float* a [[buffer(0)]], device float* c [[buffer(1)]]) {\n"
                           "  simdgroup_float8x8 x, sum(0.0f);\n"
                           "  simdgroup_load(x, a, 8);\n"
                           "  simdgroup_multiply_accumulate(sum, x, x, sum);\n"
                           "  simdgroup_store(sum, c, 8);\n"
                           "}\n";

// An op of the source above on an executor of its own, and a dispatch of it on memory of this program: arguments of kind
// BYTES say how long they are, and nothing looks at what is there before a kernel does.
struct Fixture {
  std::atomic<bool> never{false};
  klab::Executor executor{2};
  BuildQueue builds;
  std::unique_ptr<Op> op;
  std::vector<float> in = std::vector<float>(4096, 1.0f), out = std::vector<float>(4096);
  Dispatch dispatch;

  Fixture(const std::string& entry, TierChoice tier) {
    OpSource from{read(source), {entry, {}, 0}, context()};
    from.context.cancel = &never;
    std::vector<Diagnostic> diagnostics;
    CHECK_EQ(make_kernel_op(from, {tier, [this]() -> klab::Executor& { return executor; }, builds}, diagnostics, op).message, "");
    dispatch.op = op.get();
    const bool is_product = entry == "product";
    dispatch.args = {{.kind = KLAB_ARG_BYTES, .index = is_product ? 1u : 0u, .data = out.data(), .bytes = out.size() * 4},
                     {.kind = KLAB_ARG_BYTES, .index = is_product ? 0u : 1u, .data = in.data(), .bytes = in.size() * 4}};
    dispatch.grid[0] = 32;
    dispatch.threads[0] = 64;
  }

  Error run(std::chrono::milliseconds patience = std::chrono::minutes(2)) {
    auto& host = static_cast<HostOp&>(*op);
    const RunStart start{never, std::chrono::steady_clock::now() + patience};
    if (Error error = host.prepare(dispatch, start)) return error;
    if (Error error = host.begin_run({&dispatch}, start)) return error;
    return host.execute(dispatch, never, nullptr);
  }
  std::string tier() const { return op->info().tier; }
};

constexpr uint64_t too_long = 5ull << 30;  // for vector code, which counts bytes in 32 bits

}  // namespace

TEST(a_buffer_that_a_build_cannot_take_is_seen_at_every_run) {
  Fixture fixture("scale", TierChoice::vector);
  CHECK_EQ(fixture.run().message, "");
  CHECK_EQ(fixture.out[5], 7.0f);
  fixture.dispatch.args[1].bytes = too_long;
  const Error error = fixture.run();
  CHECK_EQ(error.status, KLAB_UNSUPPORTED);
  CHECK(error.message.find("scale") != std::string::npos);
}

TEST(what_was_chosen_for_one_size_is_not_taken_for_a_size_it_cannot_run) {
  Fixture fixture("scale", TierChoice::automatic);
  CHECK_EQ(fixture.op->settle(0, fixture.never).message, "");
  CHECK_EQ(fixture.run().message, "");
  fixture.dispatch.args[1].bytes = too_long;
  CHECK_EQ(fixture.run().message, "");
  CHECK_EQ(fixture.tier(), "loop");
  CHECK_EQ(fixture.out[2047], 2049.0f);
}

TEST(a_settled_op_has_every_build_there_can_be) {
  Fixture fixture("product", TierChoice::automatic);
  CHECK_EQ(fixture.op->settle(0, fixture.never).message, "");
  // Both are there already: an op of either tier is made from the cache.
  for (const TierChoice tier : {TierChoice::leader, TierChoice::vector}) CHECK(Fixture("product", tier).op->info().is_cached);
  CHECK_EQ(fixture.run().message, "");
  const OpInfo info = fixture.op->info();
  CHECK(info.tier == "leader" || info.tier == "vector");
  // Either the other one was measured and is no faster, or this is the upper one.
  if (info.tier == "leader") CHECK(info.tier_reason.find("vector measured") != std::string::npos);
}

TEST(a_run_waits_for_a_build_no_longer_than_it_may) {
  Fixture fixture("scale", TierChoice::automatic);
  CHECK_EQ(fixture.op->settle(0, fixture.never).message, "");
  // Threadgroups that need another build, and no time to make it in. (Nothing before this test has put it into the cache.)
  fixture.dispatch.threads[0] = 20;
  CHECK_EQ(fixture.run(std::chrono::milliseconds(0)).message, "");
  CHECK_EQ(fixture.tier(), "loop");
  // It stays so, also when the build is there, until somebody settles again.
  while (!fixture.op->info().is_settled) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK_EQ(fixture.run().message, "");
  CHECK_EQ(fixture.tier(), "loop");
  CHECK(fixture.op->info().tier_reason.find("settle") != std::string::npos);
  CHECK_EQ(fixture.op->settle(0, fixture.never).message, "");
  CHECK_EQ(fixture.run().message, "");
  const OpInfo info = fixture.op->info();
  CHECK(info.tier == "vector" || info.tier_reason.find("vector measured") != std::string::npos);
}

TEST(a_forced_tier_says_that_its_build_came_too_late) {
  Fixture fixture("shift", TierChoice::vector);
  fixture.dispatch.threads[0] = 21;
  fixture.dispatch.grid_is_threads = true;
  CHECK_EQ(fixture.run(std::chrono::milliseconds(0)).status, KLAB_TIMEOUT);
  CHECK_EQ(fixture.op->settle(0, fixture.never).message, "");
  CHECK_EQ(fixture.run().message, "");
}

TEST(a_failure_that_need_not_come_again_is_not_a_refusal) {
  Fixture fixture("halve", TierChoice::automatic);
  CHECK_EQ(fixture.op->settle(0, fixture.never).message, "");
  fixture.dispatch.threads[0] = 20;
  // A file where the builds should go.
  const std::string builds = cache() / "entries", away = cache() / "away";
  fs::rename(builds, away);
  std::ofstream(builds) << "in the way";
  for (int i = 0; i < 2; i++) {
    CHECK_EQ(fixture.run().message, "");
    CHECK_EQ(fixture.tier(), "loop");
    CHECK(!fixture.op->info().tier_reason.empty());
  }
  fs::remove(builds);
  fs::rename(away, builds);
  CHECK_EQ(fixture.run().message, "");
  const OpInfo info = fixture.op->info();
  CHECK(info.tier == "vector" || info.tier_reason.find("vector measured") != std::string::npos);
}

TEST(a_cancel_ends_the_waiting_for_a_build) {
  Fixture fixture("mirror", TierChoice::vector);
  fixture.dispatch.threads[0] = 22;
  std::atomic<bool> cancelled{true};
  auto& host = static_cast<HostOp&>(*fixture.op);
  CHECK_EQ(host.prepare(fixture.dispatch, {cancelled, std::chrono::steady_clock::now() + std::chrono::minutes(2)}).status, KLAB_CANCELLED);
}

int main() { return run_all_or_skip(); }
