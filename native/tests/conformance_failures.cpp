// Hangs, losses, cancels and crashes. What ends or loses a process runs in a child of its own.
#include <signal.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
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

struct ReportFile {
  std::string path = std::filesystem::temp_directory_path() / ("klab-crash-" + std::to_string(getpid()));
  ~ReportFile() { std::filesystem::remove(path); }
  std::string text() const {
    std::ifstream in(path);
    std::string line;
    std::getline(in, line);
    return line;
  }
};

static bool has(const std::string& report, const char* text) {
  const bool found = report.find(text) != std::string::npos;
  if (!found) std::printf("  %s\n  does not have %s\n", report.c_str(), text);
  return found;
}

// Runs one thread per element of a kernel over one 40-byte buffer and returns the child's wait status.
static int crash_with(const ReportFile& file, const char* source, uint32_t grid, uint32_t threads) {
  return run_in_child([&] {
    if (klab_set_crash_report(file.path.c_str(), nullptr) != KLAB_OK) return 1;
    Device device;
    open_device(device);
    if (is_null()) set_option(device, "run", "crash");
    Module module;
    Op op;
    Buffer buffer;
    Error error;
    if (create_module(device, source, module, &error) || create_op(module, "crasher", op, &error)) {
      std::printf("%s\n", error.message);
      return 1;
    }
    create_buffer(device, 40, buffer);
    const std::vector<klab_arg> args = {buffer_arg(0, buffer)};
    run_once(device, make_dispatch(op, args, grid, threads));
    return 2;
  });
}

TEST(crash_report) {
  ReportFile file;
  const int status = crash_with(file,
                                "#include <metal_stdlib>\nusing namespace metal;\n"
                                "kernel void crasher(device int* c [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
                                "  threadgroup_barrier(mem_flags::mem_device);\n"
                                "  if (i == 7) c[i * 100000] = 1;\n"
                                "}\n", 2, 4);
  CHECK(has_exited_with(status, 134));
  const std::string report = file.text();
  CHECK(has(report, "{\"signal\":11,\"address\":\"0x"));
  if (is_null()) {
    CHECK(has(report, "\"kernel\":\"null kernel\""));
    return;
  }
  CHECK(has(report, "\"kernel\":\"crasher\""));
  CHECK(has(report, "\"thread\":[3,0,0],\"threadgroup\":[1,0,0]"));
  CHECK(has(report, "\"hasThread\":true"));
  CHECK(has(report, "\"buffer\":0,\"bufferOffset\":2800000,\"bufferBytes\":40"));
  CHECK(has(report, "\"reason\":\"out of bounds\""));
  CHECK(has(report, ".so\",\"offset\":\"0x"));
#if defined(__x86_64__)
  CHECK(has(report, "\"access\":\"write\""));
#endif
}

TEST(crash_report_of_a_loop) {
  if (!is_cpu()) return;
  ReportFile file;
  const char* const source = "kernel void crasher(device int* c [[buffer(0)]], uint g [[threadgroup_position_in_grid]]) { if (g == 40) c[-1 - int(g) * 10000] = 1; }\n";
  CHECK(has_exited_with(crash_with(file, source, 64, 4), 134));
  CHECK(has(file.text(), "\"threadgroup\":[40,0,0],\"buffer\":0,\"bufferOffset\":-1600004,"));
  CHECK(has(file.text(), "\"hasThread\":false"));
}

// 64 threadgroups, so that threads of the pool take part.
TEST(crash_report_of_other_faults) {
  if (!is_cpu()) return;
  ReportFile file;
  CHECK(has_exited_with(crash_with(file, "kernel void crasher(device int* c [[buffer(0)]]) { c[0] = 7 / c[1]; }\n", 64, 1), 134));
  CHECK(has(file.text(), "\"signal\":8"));
  CHECK(has(file.text(), "\"reason\":\"arithmetic\""));
  CHECK(has_exited_with(crash_with(file,
                                   "int deep(device int* c, int n) { int a[512]; for (int i = 0; i < 512; i++) a[i] = c[i % 10] + n;\n"
                                   "  return n > 100000 ? 0 : deep(c, n + 1) + a[n % 512]; }\n"
                                   "kernel void crasher(device int* c [[buffer(0)]]) {\n"
                                   "  threadgroup_barrier(metal::mem_flags::mem_none);\n"
                                   "  c[0] = deep(c, 0);\n"
                                   "}\n", 64, 1), 134));
  CHECK(has(file.text(), "\"reason\":\"stack overflow\""));
  CHECK(has_exited_with(crash_with(file, "kernel void crasher(device int* c [[buffer(0)]]) { device int* p = nullptr; c[0] = p[c[1] + 5]; }\n", 1, 1), 134));
  CHECK(has(file.text(), "\"reason\":\"null pointer\""));
}

TEST(faults_outside_kernels_are_not_ours) {
  ReportFile file;
  const int status = run_in_child([&] {
    klab_set_crash_report(file.path.c_str(), nullptr);
    raise(SIGSEGV);
    return 0;
  });
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
  CHECK_EQ(file.text(), "");
}

TEST(crash_report_file) {
  Error error;
  CHECK_EQ(klab_set_crash_report("/nonexistent/folder/report", &error), KLAB_IO);
  CHECK(error.says("/nonexistent/folder/report"));
  CHECK_EQ(klab_set_crash_report(nullptr, &error), KLAB_OK);
}

int main(int argc, char** argv) { return main_of(argc, argv); }
