// klab_run: what is refused before anything runs, and how samples are taken.
#include "tests/conformance.h"

using namespace conformance;

static RunResult run_with(const AddFixture& fixture, const std::vector<klab_arg>& args) {
  return run_once(fixture.device, make_dispatch(fixture.op, args, 4, 32));
}

TEST(computes) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  std::vector<float> a(AddFixture::count), c(AddFixture::count);
  for (size_t i = 0; i < a.size(); i++) a[i] = static_cast<float>(i) * 0.5f;
  klab_buffer_write(fixture.a, 0, a.data(), a.size() * 4, nullptr);
  const RunResult result = run_once(fixture.device, fixture.dispatch());
  if (!CHECK_EQ(result.status, KLAB_OK)) std::printf("%s\n", result.error.message);
  CHECK_EQ(result.count, 1u);
  CHECK_EQ(result.samples[0].flags, static_cast<uint32_t>(KLAB_SAMPLE_FIRST));
  CHECK(result.samples[0].device_end_ns > result.samples[0].device_start_ns);
  if (!is_cpu()) return;
  klab_buffer_read(fixture.c, 0, c.data(), c.size() * 4, nullptr);
  int wrong = 0;
  for (size_t i = 0; i < c.size(); i++) wrong += c[i] != a[i] + 1;
  CHECK_EQ(wrong, 0);
}

TEST(a_grid_in_threads) {
  if (!is_cpu()) return;
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  fixture.n = 1000;  // only the grid keeps the kernel inside its buffers
  klab_dispatch dispatch = make_dispatch(fixture.op, fixture.args, AddFixture::count, 32);
  dispatch.grid_is_threads = 1;
  CHECK_EQ(run_once(fixture.device, dispatch).status, KLAB_OK);
  std::vector<float> c(AddFixture::count);
  klab_buffer_read(fixture.c, 0, c.data(), c.size() * 4, nullptr);
  CHECK(c == std::vector<float>(AddFixture::count, 1.0f));
}

TEST(arguments_that_do_not_fit) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  const std::vector<klab_arg>& good = fixture.args;
  struct Case {
    std::vector<klab_arg> args;
    klab_status status;
    const char* says;
  };
  klab_arg memory = make<klab_arg>();
  memory.kind = KLAB_ARG_THREADGROUP;
  memory.index = 0;
  memory.bytes = 64;
  const std::vector<Case> cases = {
      {{good[0], good[1]}, KLAB_MISMATCH, "binding 2 (constant uint& n) has no argument"},
      {{good[0], good[1], good[2], bytes_arg(3, &fixture.n, 4)}, KLAB_MISMATCH, "argument 3 does not exist"},
      {{good[0], good[1], good[2], good[2]}, KLAB_MISMATCH, "argument 2 is given twice"},
      {{memory, good[1], good[2]}, KLAB_MISMATCH, "it was given threadgroup memory"},
      {{good[0], good[1], bytes_arg(2, &fixture, 8)}, KLAB_MISMATCH, "takes 4 bytes, it was given 8"},
      {{good[0], good[1], bytes_arg(2, nullptr, 0)}, KLAB_MISMATCH, "0 bytes"},
      {{good[0], good[1], bytes_arg(2, nullptr, 4)}, KLAB_INVALID_ARGUMENT, "NULL"},
      {{good[0], bytes_arg(1, &fixture, 8), good[2]}, KLAB_MISMATCH, "can be written"},
      {{bytes_arg(0, &fixture, 6), good[1], good[2]}, KLAB_MISMATCH, "a multiple of 4"},
      {{buffer_arg(0, nullptr), good[1], good[2]}, KLAB_INVALID_ARGUMENT, "argument 0"},
      {{buffer_arg(0, fixture.a, 400), good[1], good[2]}, KLAB_MISMATCH, "beyond the end"},
      {{buffer_arg(0, fixture.a, 2), good[1], good[2]}, KLAB_MISMATCH, "multiple of 4"},
      {{buffer_arg(31, fixture.a), good[1], good[2]}, KLAB_INVALID_ARGUMENT, "31"},
  };
  for (const Case& one : cases) {
    const RunResult result = run_with(fixture, one.args);
    CHECK_EQ(result.status, one.status);
    CHECK_EQ(result.count, 0u);
    if (!CHECK(result.error.says(one.says))) std::printf("  \"%s\" does not say \"%s\"\n", result.error.message, one.says);
  }
  CHECK_EQ(run_with(fixture, good).status, KLAB_OK);
}

TEST(a_value_from_a_buffer_that_is_too_small) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  Buffer small;
  CHECK_EQ(create_buffer(fixture.device, 2, small), KLAB_OK);
  const RunResult result = run_with(fixture, {fixture.args[0], fixture.args[1], buffer_arg(2, small)});
  CHECK_EQ(result.status, KLAB_MISMATCH);
  CHECK(result.error.says("needs at least 4 bytes"));
}

TEST(grids_that_cannot_be) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  klab_dispatch dispatch = fixture.dispatch();
  dispatch.grid[1] = 0;
  RunResult result = run_once(fixture.device, dispatch);
  CHECK_EQ(result.status, KLAB_INVALID_ARGUMENT);
  CHECK(result.error.says("grid[1] is 0"));
  dispatch = fixture.dispatch();
  dispatch.threads[0] = 1025;
  result = run_once(fixture.device, dispatch);
  CHECK_EQ(result.status, KLAB_INVALID_ARGUMENT);
  CHECK(result.error.says("1024"));
  dispatch.threads[0] = dispatch.threads[1] = dispatch.threads[2] = 0xffffffff;
  CHECK_EQ(run_once(fixture.device, dispatch).status, KLAB_INVALID_ARGUMENT);
  dispatch = fixture.dispatch();
  dispatch.grid[0] = 0xffffffff;
  CHECK_EQ(run_once(fixture.device, dispatch).status, KLAB_INVALID_ARGUMENT);
  dispatch.threads[0] = 1;
  dispatch.grid[1] = dispatch.grid[2] = 0xffffffff;
  CHECK_EQ(run_once(fixture.device, dispatch).status, KLAB_INVALID_ARGUMENT);
}

TEST(handles_of_another_device) {
  AddFixture one, other;
  REQUIRE(one.is_ready() && other.is_ready());
  CHECK_EQ(run_once(other.device, one.dispatch()).status, KLAB_INVALID_ARGUMENT);
  CHECK_EQ(run_with(one, {other.args[0], one.args[1], one.args[2]}).status, KLAB_INVALID_ARGUMENT);
}

TEST(arms_take_turns) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  std::vector<klab_arm> arms = {make_arm(dispatches), make_arm(dispatches), make_arm(dispatches)};
  arms[1].iterations = 5;
  for (const uint32_t mode : {KLAB_MODE_SINGLE, KLAB_MODE_BATCHED}) {
    klab_run_desc desc = make_run(arms);
    desc.rounds = 4;
    desc.mode = mode;
    const RunResult result = run(fixture.device, desc);
    CHECK_EQ(result.status, KLAB_OK);
    CHECK_EQ(result.count, 12u);
    for (uint32_t i = 0; i < result.count; i++) {
      const klab_sample& sample = result.samples[i];
      CHECK_EQ(sample.arm, i % 3);
      CHECK_EQ(sample.iterations, i % 3 == 1 ? 5u : 1u);
      CHECK_EQ(sample.flags, i < 3 ? static_cast<uint32_t>(KLAB_SAMPLE_FIRST) : 0u);
      CHECK_EQ(sample.struct_size, sizeof sample);
    }
  }
}

TEST(what_submitting_costs_the_host_is_told_when_asked_for) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  std::vector<klab_arm> arms = {make_arm(dispatches)};
  arms[0].iterations = 8;
  for (const uint32_t flags : {0u, uint32_t(KLAB_RUN_HOST_TIMES)}) {
    klab_run_desc desc = make_run(arms);
    desc.mode = KLAB_MODE_BATCHED;
    desc.flags = flags;
    const RunResult result = run(fixture.device, desc);
    CHECK_EQ(result.status, KLAB_OK);
    const klab_sample& sample = result.samples[0];
    CHECK_EQ(sample.encode_ns + sample.commit_ns > 0, flags != 0 || !is_cpu());
    CHECK(!is_cpu() || sample.encode_ns + sample.commit_ns + sample.wait_ns == sample.device_end_ns - sample.device_start_ns);
  }
  klab_run_desc desc = make_run(arms);
  desc.flags = 1u << 2;
  CHECK_EQ(run(fixture.device, desc).status, KLAB_INVALID_ARGUMENT);
}

TEST(graph_mode_is_refused_or_works) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  auto info = make<klab_device_info>();
  klab_device_get_info(fixture.device, &info);
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  const std::vector<klab_arm> arms = {make_arm(dispatches)};
  klab_run_desc desc = make_run(arms);
  desc.mode = KLAB_MODE_GRAPH;
  CHECK_EQ(run(fixture.device, desc).status, info.capabilities & KLAB_CAP_GRAPH ? KLAB_OK : KLAB_UNSUPPORTED);
  desc.mode = 17;
  CHECK_EQ(run(fixture.device, desc).status, KLAB_INVALID_ARGUMENT);
}

// With one rotation, an arm goes on where the other one stood.
TEST(arms_share_a_rotation) {
  if (!is_cpu()) return;
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  Module module;
  Op ops[2];
  CHECK_EQ(create_module(fixture.device, "kernel void one(device uint* count [[buffer(0)]]) { count[0] += 1; }\nkernel void two(device uint* count [[buffer(0)]]) { count[0] += 100; }\n", module), KLAB_OK);
  CHECK_EQ(create_op(module, "one", ops[0]), KLAB_OK);
  CHECK_EQ(create_op(module, "two", ops[1]), KLAB_OK);
  Buffer counters[3];
  std::vector<std::vector<klab_arg>> args;
  for (Buffer& counter : counters) {
    CHECK_EQ(create_buffer(fixture.device, 4, counter), KLAB_OK);
    args.push_back({buffer_arg(0, counter)});
  }
  std::vector<klab_dispatch> dispatches[2];
  for (int arm = 0; arm < 2; arm++) {
    for (const auto& arg : args) dispatches[arm].push_back(make_dispatch(ops[arm], arg));
  }
  std::vector<klab_arm> arms = {make_arm(dispatches[0], 3), make_arm(dispatches[1], 3)};
  arms[1].iterations = 2;
  klab_run_desc desc = make_run(arms);
  desc.rounds = 2;
  desc.flags = KLAB_RUN_ONE_ROTATION;
  CHECK_EQ(run(fixture.device, desc).status, KLAB_OK);
  for (uint32_t i = 0; i < 3; i++) {  // one, two two, one, two two
    uint32_t value = 0;
    klab_buffer_read(counters[i], 0, &value, 4, nullptr);
    CHECK_EQ(value, i == 0 ? 2u : 200u);
  }
}

// Iteration i of the whole call runs set i % set_count, however iterations are divided over samples.
TEST(sets_rotate_through_the_call) {
  if (!is_cpu()) return;
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  Module module;
  Op op;
  CHECK_EQ(create_module(fixture.device, "kernel void mark(device uint* count [[buffer(0)]]) { count[0] += 1; }\n", module), KLAB_OK);
  CHECK_EQ(create_op(module, "mark", op), KLAB_OK);
  Buffer counters[3];
  std::vector<std::vector<klab_arg>> args;
  std::vector<klab_dispatch> dispatches;
  for (Buffer& counter : counters) {
    CHECK_EQ(create_buffer(fixture.device, 4, counter), KLAB_OK);
    args.push_back({buffer_arg(0, counter)});
  }
  for (const auto& arg : args) dispatches.push_back(make_dispatch(op, arg));
  std::vector<klab_arm> arms = {make_arm(dispatches, 3)};
  arms[0].iterations = 2;
  for (const uint32_t mode : {KLAB_MODE_SINGLE, KLAB_MODE_BATCHED}) {
    klab_run_desc desc = make_run(arms);
    desc.rounds = 4;
    desc.mode = mode;
    CHECK_EQ(run(fixture.device, desc).status, KLAB_OK);
  }
  for (uint32_t i = 0; i < 3; i++) {  // 8 iterations, twice: 3 + 3 + 2 each time
    uint32_t value = 0;
    klab_buffer_read(counters[i], 0, &value, 4, nullptr);
    CHECK_EQ(value, i < 2 ? 6u : 4u);
  }
}

TEST(time_cap_ends_after_a_round) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  const std::vector<klab_arm> arms = {make_arm(dispatches), make_arm(dispatches)};
  klab_run_desc desc = make_run(arms);
  desc.rounds = 1000;
  desc.max_time_ns = 1;
  const RunResult result = run(fixture.device, desc);
  CHECK_EQ(result.status, KLAB_OK);
  CHECK_EQ(result.count, 2u);
}

TEST(room_for_samples) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  const std::vector<klab_arm> arms = {make_arm(dispatches)};
  klab_run_desc desc = make_run(arms);
  desc.rounds = 3;
  klab_sample samples[3] = {};
  uint32_t count = 9;
  Error error;
  CHECK_EQ(klab_run(fixture.device, &desc, samples, 3, &count, nullptr, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(count, 0u);
  samples[0].struct_size = sizeof samples[0];
  CHECK_EQ(klab_run(fixture.device, &desc, samples, 2, &count, nullptr, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_run(fixture.device, &desc, nullptr, 3, &count, nullptr, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_run(fixture.device, &desc, samples, 3, &count, nullptr, &error), KLAB_OK);
  CHECK_EQ(count, 3u);
  desc.arm_count = 0;
  CHECK_EQ(klab_run(fixture.device, &desc, samples, 3, &count, nullptr, &error), KLAB_INVALID_ARGUMENT);
}

TEST(impossible_timestamps_are_flagged) {
  if (!is_null()) return;
  for (const char* clock : {"zero", "negative"}) {
    AddFixture fixture;
    REQUIRE(fixture.is_ready());
    set_option(fixture.device, "clock", clock);
    const RunResult result = run_once(fixture.device, fixture.dispatch());
    CHECK_EQ(result.status, KLAB_OK);
    CHECK(result.samples[0].flags & KLAB_SAMPLE_INVALID);
  }
}

int main(int argc, char** argv) { return main_of(argc, argv); }
