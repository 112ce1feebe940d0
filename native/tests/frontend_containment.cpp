// What a source may not do to the process that reads, builds and loads it.
#include <sys/stat.h>

#include <fstream>

#include "cpu/compile/foreign_symbols.h"
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

const std::string head = "#include <metal_stdlib>\nusing namespace metal;\n";

// The build of `k` is refused, at the place and in the words of `start`.
void refuses(const std::string& source, const std::string& start) {
  const auto state = read(head + source);
  CHECK(!has_errors(*state));
  CompiledEntry out;
  CHECK_EQ(compile(*state, "k", out).status, KLAB_COMPILE);
  CHECK(says(out.diagnostics, start));
  CHECK(!fs::exists(out.library));
}

}  // namespace

TEST(a_kernel_takes_nothing_from_the_process) {
  const std::string words = "is used and defined nowhere: a kernel has only what its source and Metal's library define";
  refuses("extern \"C\" int system(const constant char* command);\nkernel void k(device int* x [[buffer(0)]]) { x[0] = system(\"true\"); }\n", "k.metal:3:16: 'system' " + words);
  refuses("extern \"C\" int getpid();\nkernel void k(device int* x [[buffer(0)]]) { x[0] = getpid(); }\n", "k.metal:3:16: 'getpid' " + words);
  refuses("namespace other {\nint helper(int n);\n}\nkernel void k(device int* x [[buffer(0)]]) { x[0] = other::helper(x[0]); }\n", "k.metal:4:5: 'helper' " + words);
  refuses("template <typename T> T helper(T n);\nkernel void k(device int* x [[buffer(0)]]) { x[0] = helper(x[0]); }\n", "k.metal:3:25: 'helper' " + words);
}

TEST(a_declaration_that_nothing_uses_does_no_harm) {
  CompiledEntry out;
  CHECK_EQ(compile(*read(head + "extern \"C\" int system(const constant char* command);\nkernel void k(device int* x [[buffer(0)]]) { x[0] = 1; }\n"), "k", out).message, "");
}

TEST(what_generated_code_needs_is_there) {
  const std::string source = "kernel void k(device float* x [[buffer(0)]], device long* y [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
                             "  threadgroup float tile[64];\n  tile[i & 63] = x[i];\n  threadgroup_barrier(mem_flags::mem_threadgroup);\n"
                             "  int e;\n  float f = frexp(x[i], e) + fmod(x[i], 3.0f) + pow(x[i], 2.5f) + sinh(x[i]) + simd_sum(tile[63 - (i & 63)]);\n"
                             "  float big[96];\n  for (int j = 0; j < 96; j++) big[j] = 0;\n  big[i % 96] = f;\n  x[i] = big[e % 96];\n  y[i] = y[i] / y[i + 1] + mulhi(y[i], y[i + 2]);\n}\n";
  for (const uint32_t flags : {0u, uint32_t(KLAB_MODULE_DEBUG)}) {
    ModuleRequest request;
    request.flags = flags;
    CompiledEntry out;
    CHECK_EQ(compile(*read(head + source, request), "k", out).message, "");
  }
}

TEST(symbols) {
  for (const char* symbol : {"memcpy", "sinf", "pow", "frexpf", "__truncdfhf2", "__udivti3", "klab_current", "klab_analyse_read"}) CHECK(is_kernel_symbol(symbol));
  for (const char* symbol : {"system", "dlopen", "klab_run", "klab_device_create", "malloc", "f", "", "_Z6helperi"}) CHECK(!is_kernel_symbol(symbol));
  CHECK_EQ(name_of_symbol("system"), "system");
  CHECK_EQ(name_of_symbol("_ZN5other6helperEi"), "helper");
  CHECK_EQ(name_of_symbol("_Z6helperIiET_S0_"), "helper");
  std::vector<std::string> found;
  const Folder folder;
  std::ofstream(folder / "no.so") << "no library";
  CHECK_EQ(foreign_symbols(folder / "no.so", found).status, KLAB_IO);
  CHECK_EQ(foreign_symbols(folder / "missing.so", found).status, KLAB_IO);
}

TEST(includes_of_what_is_no_file) {
  const Folder folder;
  CHECK_EQ(mkfifo((folder / "pipe.h").c_str(), 0600), 0);
  fs::create_directory(folder / "folder.h");
  std::ofstream(folder / "between.h") << "int a;\n#include <pipe.h>\n";
  ModuleRequest request;
  request.path = folder / "k.metal";
  request.include_roots = {folder.path()};
  request.flags = KLAB_MODULE_NO_CACHE;
  const auto diagnostics = [&](const std::string& source) { return info(*read(source, request)).diagnostics; };
  CHECK(says(diagnostics("int a;\n  #include \"/dev/zero\"\n"), request.path + ":2:12: '/dev/zero' is a device, which cannot be included"));
  CHECK(says(diagnostics("#define FILE \"/dev/zero\"\n#include FILE\n"), request.path + ":1:14: '/dev/zero' is a device"));
  CHECK(says(diagnostics("#include \"pipe.h\"\n"), request.path + ":1:10: 'pipe.h' is a pipe"));
  CHECK(says(diagnostics("#include \"between.h\"\n"), (folder / "between.h") + ":2:10: 'pipe.h' is a pipe"));
  CHECK(says(diagnostics("#include \"folder.h\"\n"), request.path + ":1:10: 'folder.h' file not found"));
  std::ofstream(folder / "circle.h") << "#pragma once\n#include \"circle.h\"\n#include \"between2.h\"\n";
  std::ofstream(folder / "between2.h") << "constant int two = 2;\n";
  CHECK_EQ(describe(diagnostics("#include \"circle.h\"\nkernel void k(device int* x [[buffer(0)]]) { x[0] = two; }\n")), "");
}

TEST(messages_are_bounded) {
  const std::string kernel = "kernel void k(device int* x [[buffer(0)]]) { x[0] = 1; }\n";
  std::string warnings = head, unused = head + "void f(int a) {\n", errors = head;
  for (int i = 0; i < 2'000; ++i) {
    warnings += "#warning number\n";
    unused += "a;\n";
    errors += "double a" + std::to_string(i) + "; undeclared b;\n";
  }
  for (const std::string& source : {warnings + kernel, unused + "}\n" + kernel, errors + kernel}) {
    ModuleRequest request;
    request.flags = KLAB_MODULE_NO_CACHE;
    const auto state = read(source, request);
    CHECK(!info(*state).diagnostics.empty());
    CHECK(info(*state).diagnostics.size() < 500);
  }
  CHECK(says(info(*read(warnings + kernel)).diagnostics, "k.metal:1:1: 1800 more errors and warnings are left out"));
}

int main() { return klab_test::run_all(); }
