// Hangs, losses and cancels. What loses a device runs in a child of its own.
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/conformance.h"

using namespace conformance;

static const char* endless_source() {
  return "kernel void endless(device uint* c [[buffer(0)]]) { while (true) { c[0] += 1; } }\n";
}

// The dispatch of a kernel that never ends: scripted on null, real on cpu.
struct EndlessFixture {
  Device device;
  Module module;
  Op op;
  Buffer buffer;
  std::vector<klab_arg> args;

  EndlessFixture() {
    open_device(device);
    if (is_null()) set_option(device, "run", "hang");
    CHECK_EQ(create_module(device, endless_source(), module), KLAB_OK);
    CHECK_EQ(create_op(module, "endless", op), KLAB_OK);
    CHECK_EQ(create_buffer(device, 4, buffer), KLAB_OK);
    args = {buffer_arg(0, buffer)};
  }
};

TEST(timeout_loses_the_device) {
  const int status = run_in_child([] {
    EndlessFixture fixture;
    if (!fixture.op) return 1;
    const std::vector<klab_dispatch> dispatches = {make_dispatch(fixture.op, fixture.args)};
    const std::vector<klab_arm> arms = {make_arm(dispatches)};
    klab_run_desc desc = make_run(arms);
    desc.timeout_ns = 50'000'000;
    const RunResult result = run(fixture.device, desc);
    CHECK_EQ(result.status, KLAB_TIMEOUT);
    CHECK(result.error.says("endless") && result.error.says("0.05 s"));
    CHECK_EQ(result.count, 0u);
    Error error;
    Buffer another;
    CHECK_EQ(create_buffer(fixture.device, 4, another), KLAB_DEVICE_LOST);
    CHECK_EQ(run(fixture.device, desc).status, KLAB_DEVICE_LOST);
    CHECK_EQ(klab_buffer_write(fixture.buffer, 0, &error, 4, nullptr), KLAB_DEVICE_LOST);
    CHECK_EQ(klab_device_set_option(fixture.device, "threads", "1", &error), KLAB_DEVICE_LOST);
    auto info = make<klab_device_info>();
    CHECK_EQ(klab_device_get_info(fixture.device, &info), KLAB_DEVICE_LOST);
    Module module;
    CHECK_EQ(create_module(fixture.device, add_source(), module), KLAB_DEVICE_LOST);
    return klab_test::counts().failed ? 1 : 0;  // handles are destroyed here, while the kernel still runs
  });
  CHECK(has_exited_with(status, 0));
}

TEST(a_process_can_end_while_a_kernel_does_not) {
  const int status = run_in_child([] {
    EndlessFixture fixture;
    const std::vector<klab_dispatch> dispatches = {make_dispatch(fixture.op, fixture.args)};
    const std::vector<klab_arm> arms = {make_arm(dispatches)};
    klab_run_desc desc = make_run(arms);
    desc.timeout_ns = 20'000'000;
    run(fixture.device, desc);
    std::exit(7);
    return 0;
  });
  CHECK(has_exited_with(status, 7));
}

// Handles go while the call that was given them is running, as when a window closes: once the kernel has been seen to
// run, the call has read its arguments.
TEST(closing_a_device_in_use) {
  if (!is_cpu()) return;
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  std::vector<klab_arm> arms = {make_arm(dispatches)};
  arms[0].iterations = 200000;
  klab_device* const device = fixture.device;
  std::thread closer([&] {
    float first = 0;
    while (first == 0) klab_buffer_read(fixture.c, 0, &first, 4, nullptr);
    fixture.device.out();
    fixture.module.out();
    fixture.op.out();
    fixture.a.out();
    fixture.c.out();
  });
  const RunResult result = run(device, make_run(arms));
  closer.join();
  CHECK_EQ(result.status, KLAB_OK);
}

TEST(samples_before_a_timeout_are_kept) {
  const int status = run_in_child([] {
    AddFixture good;
    if (!good.is_ready()) return 1;
    Module module;
    Op endless;
    Buffer buffer;
    create_module(good.device, endless_source(), module);
    create_op(module, "endless", endless);
    create_buffer(good.device, 4, buffer);
    const std::vector<klab_arg> args = {buffer_arg(0, buffer)};
    const std::vector<klab_dispatch> first = {good.dispatch()}, second = {make_dispatch(endless, args)};
    const std::vector<klab_arm> arms = {make_arm(first), make_arm(second)};
    klab_run_desc desc = make_run(arms);
    desc.timeout_ns = 50'000'000;
    desc.rounds = 3;
    const RunResult result = run(good.device, desc);
    CHECK_EQ(result.status, is_null() ? KLAB_OK : KLAB_TIMEOUT);
    CHECK_EQ(result.count, is_null() ? 6u : 1u);
    CHECK_EQ(result.failed_arm, is_null() ? 0u : 1u);
    return klab_test::counts().failed ? 1 : 0;
  });
  CHECK(has_exited_with(status, 0));
}

TEST(lost) {
  if (!is_null()) return;
  AddFixture fixture;
  set_option(fixture.device, "run", "lost");
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_DEVICE_LOST);
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_DEVICE_LOST);
  Device another;
  open_device(another);
  Buffer buffer;
  CHECK_EQ(create_buffer(another, 4, buffer), KLAB_OK);
}

TEST(a_failed_run_loses_nothing) {
  if (!is_null()) return;
  AddFixture fixture;
  set_option(fixture.device, "run", "fail");
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_INTERNAL);
  set_option(fixture.device, "run", "ok");
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_OK);
}

// Cancels until the call has answered, since there is no telling when it begins.
static void cancel_until(klab_device* device, const std::atomic<bool>& is_done) {
  while (!is_done) {
    klab_device_cancel(device);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

TEST(cancel_a_run) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  if (is_null()) set_option(fixture.device, "run", "hang");
  std::atomic<bool> is_done{false};
  std::thread canceller([&] { cancel_until(fixture.device, is_done); });
  const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
  std::vector<klab_arm> arms = {make_arm(dispatches)};
  arms[0].iterations = 1u << 24;
  const RunResult result = run(fixture.device, make_run(arms));
  is_done = true;
  canceller.join();
  CHECK_EQ(result.status, KLAB_CANCELLED);
  set_option(fixture.device, "run", "ok");
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_OK);
}

TEST(a_device_answers_while_it_runs) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  if (is_null()) set_option(fixture.device, "run", "hang");
  std::atomic<bool> is_done{false}, has_answered{false}, was_first{false};
  RunResult result;
  std::thread runner([&] {
    const std::vector<klab_dispatch> dispatches = {fixture.dispatch()};
    std::vector<klab_arm> arms = {make_arm(dispatches)};
    arms[0].iterations = 1u << 24;
    result = run(fixture.device, make_run(arms));
    was_first = has_answered.load();
    is_done = true;
  });
  auto info = make<klab_device_info>();
  for (int i = 0; i < 50; i++) {
    CHECK_EQ(klab_device_get_info(fixture.device, &info), KLAB_OK);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  has_answered = true;
  cancel_until(fixture.device, is_done);
  runner.join();
  CHECK_EQ(result.status, KLAB_CANCELLED);
  CHECK(was_first);
}

TEST(cancel_without_a_call_is_forgotten) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  CHECK_EQ(klab_device_cancel(fixture.device), KLAB_OK);
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_OK);
}

TEST(cancel_a_compile) {
  Device device;
  open_device(device);
  if (is_null()) set_option(device, "compile", "hang");
  std::atomic<bool> is_done{false};
  std::thread canceller([&] { cancel_until(device, is_done); });
  Module module;
  auto desc = make<klab_module_desc>();
  desc.source = add_source();
  desc.source_bytes = std::strlen(desc.source);
  desc.path = "conformance.metal";
  desc.flags = KLAB_MODULE_NO_CACHE;
  CHECK_EQ(klab_module_create(device, &desc, module.out(), nullptr), KLAB_CANCELLED);
  is_done = true;
  canceller.join();
  CHECK(static_cast<klab_module*>(module) == nullptr);
}

int main(int argc, char** argv) { return main_of(argc, argv); }
