// Crash reports: each crash runs in a child of its own.
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "tests/conformance.h"

using namespace conformance;

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
struct Crash {
  const char* source;
  uint32_t grid, threads;
  const char* tier = "fiber";
};
static int crash_with(const ReportFile& file, const Crash& crash) {
  return run_in_child([&] {
    if (klab_set_crash_report(file.path.c_str(), nullptr) != KLAB_OK) return 1;
    Device device;
    open_device(device);
    if (is_null()) set_option(device, "run", "crash");
    else if (set_option(device, "tier", crash.tier) != KLAB_OK) return 1;
    Module module;
    Op op;
    Buffer buffer;
    Error error;
    if (create_module(device, crash.source, module, &error) || create_op(module, "crasher", op, &error)) {
      std::printf("%s\n", error.message);
      return 1;
    }
    create_buffer(device, 40, buffer);
    const std::vector<klab_arg> args = {buffer_arg(0, buffer)};
    run_once(device, make_dispatch(op, args, crash.grid, crash.threads));
    return 2;
  });
}

TEST(crash_report) {
  ReportFile file;
  const int status = crash_with(file, {
                                "#include <metal_stdlib>\nusing namespace metal;\n"
                                "kernel void crasher(device int* c [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
                                "  threadgroup_barrier(mem_flags::mem_device);\n"
                                "  if (i == 7) c[i * 100000] = 1;\n"
                                "}\n", 2, 4});
  CHECK(has_exited_with(status, 134));
  const std::string report = file.text();
  CHECK(has(report, "{\"signal\":11,\"address\":\"0x"));
  if (is_null()) {
    CHECK(has(report, "\"kernel\":\"null kernel\""));
    return;
  }
  CHECK(has(report, "\"kernel\":\"crasher\""));
  CHECK(has(report, "\"thread\":[3,0,0],\"threadgroup\":[1,0,0]"));
  CHECK(has(report, "\"hasThread\":true,\"isSimdgroup\":false"));
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
  CHECK(has_exited_with(crash_with(file, {source, 64, 4, "loop"}), 134));
  CHECK(has(file.text(), "\"threadgroup\":[40,0,0],\"buffer\":0,\"bufferOffset\":-1600004,"));
  CHECK(has(file.text(), "\"hasThread\":false"));
}

// 64 threadgroups, so that threads of the pool take part.
TEST(crash_report_of_other_faults) {
  if (!is_cpu()) return;
  ReportFile file;
  CHECK(has_exited_with(crash_with(file, {"kernel void crasher(device int* c [[buffer(0)]]) { if (c[0] == 0) __builtin_trap(); }\n", 64, 1}), 134));
  CHECK(has(file.text(), "\"reason\":\"trap\""));
  CHECK(has_exited_with(crash_with(file, {
                                   "template <int n> __attribute__((noinline)) int deep(device int* c) { int a[512]; for (int i = 0; i < 512; i++) a[i] = c[i % 10] + n;\n"
                                   "  if constexpr (n > 0) return deep<n - 1>(c) + a[(c[1] + n) & 511]; else return a[c[1]]; }\n"
                                   "kernel void crasher(device int* c [[buffer(0)]]) {\n"
                                   "  threadgroup_barrier(metal::mem_flags::mem_none);\n"
                                   "  c[0] = deep<300>(c);\n"
                                   "}\n", 64, 1}), 134));
  CHECK(has(file.text(), "\"reason\":\"stack overflow\""));
  CHECK(has_exited_with(crash_with(file, {"kernel void crasher(device int* c [[buffer(0)]]) { device int* p = nullptr; c[0] = p[c[1] + 5]; }\n", 1, 1, "loop"}), 134));
  CHECK(has(file.text(), "\"reason\":\"null pointer\""));
#if defined(__x86_64__)
  // The bits of a NaN as an address.
  CHECK(has_exited_with(crash_with(file, {"kernel void crasher(device int* c [[buffer(0)]]) { c[0] = *(device int*)(0x7ff8000000000000ul + ulong(c[1])); }\n", 1, 1}), 134));
  CHECK(has(file.text(), "\"reason\":\"bad address\""));
  CHECK(has(file.text(), "\"address\":\"unknown\""));
#endif
}

TEST(crash_report_of_a_simdgroup) {
  if (!is_cpu()) return;
  ReportFile file;
  const Crash crash{"#include <metal_stdlib>\n#include <metal_simdgroup_matrix>\nusing namespace metal;\n"
                    "kernel void crasher(device float* c [[buffer(0)]], uint s [[simdgroup_index_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {\n"
                    "  threadgroup_barrier(mem_flags::mem_none);\n"
                    "  simdgroup_float8x8 m(1.0f);\n"
                    "  if (s == 1 && g == 1) simdgroup_store(m, c + 100000, 8);\n"
                    "}\n", 2, 64, "leader"};
  CHECK(has_exited_with(crash_with(file, crash), 134));
  CHECK(has(file.text(), "\"thread\":[32,0,0],\"threadgroup\":[1,0,0],\"buffer\":0,\"bufferOffset\":400000,"));
  CHECK(has(file.text(), "\"hasThread\":true,\"isSimdgroup\":true"));
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
