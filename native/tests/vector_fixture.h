// Builds a kernel for the fiber tier and for the vector tier, and runs both over the same buffers.
#pragma once
#include <dlfcn.h>

#include <vector>

#include "cpu/exec/executor.h"
#include "frontend_fixture.h"
#include "msl/kernel_abi.h"

namespace vector_test {

using namespace frontend_test;
using Words = std::vector<uint32_t>;

struct Shape {
  uint32_t threads[3];
  uint32_t groups = 3;
};

inline const klab_kernel_desc* open(const CompiledEntry& compiled) {
  expose_runtime();
  void* library = dlopen(compiled.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) std::printf("%s\n", dlerror());
  return library ? static_cast<const klab_kernel_desc*>(dlsym(library, "klab_kernel")) : nullptr;
}

// Values of all kinds: small and large integers, floats of either sign.
inline Words input(size_t count) {
  Words words(count);
  uint32_t state = 12345;
  for (size_t i = 0; i < count; ++i) {
    state = state * 1664525u + 1013904223u;
    const float number = float(int32_t(state) >> 8) / float(1 << 20);
    words[i] = i % 3 == 0 ? state >> 8 : i % 3 == 1 ? state % 7 : __builtin_bit_cast(uint32_t, number);
  }
  return words;
}

// Buffer 0 is read, buffer 1 written, 2 has the count of words in each.
inline Error run(const klab_kernel_desc& kernel, const Shape& shape, const Words& in, Words& out) {
  uint32_t count = uint32_t(in.size());
  klab::Launch launch;
  launch.kernel = &kernel;
  launch.args.buffer[0] = const_cast<uint32_t*>(in.data());
  launch.args.buffer[1] = out.data();
  launch.args.buffer[2] = &count;
  for (int i = 0; i < 3; ++i) launch.threads[i] = shape.threads[i];
  launch.grid[0] = shape.groups;
  launch.args.threadgroup_bytes[0] = 4096;
  static const std::atomic<bool> never{false};
  klab::Executor executor(1);
  return executor.run(launch, never);
}

inline ModuleRequest exact() {
  ModuleRequest request;
  request.math_mode = KLAB_MATH_SAFE;
  return request;
}

inline const std::string prologue = "#include <metal_stdlib>\n#include <metal_simdgroup_matrix>\nusing namespace metal;\n";

// Checks that the kernel `k` writes the same bits in both tiers, for shapes that a wide build takes and for others.
inline void agree(const std::string& source, const ModuleRequest& request = exact()) {
  const auto state = read(prologue + source, request);
  CHECK_EQ(describe(info(*state).diagnostics), "");
  CompiledEntry compiled;
  REQUIRE(!compile(*state, "k", compiled));
  const klab_kernel_desc* fiber = open(compiled);
  REQUIRE(fiber != nullptr);
  for (const bool is_wide : {true, false}) {
    const Error error = compile_vector_entry(*state, {"k", {}, 0}, {is_wide}, context(), compiled);
    CHECK_EQ(error.message, "");
    if (error) continue;
    const klab_kernel_desc* vector = open(compiled);
    REQUIRE(vector != nullptr);
    const std::vector<Shape> shapes = is_wide ? std::vector<Shape>{{{64, 1, 1}}, {{32, 3, 1}}} : std::vector<Shape>{{{70, 1, 1}}, {{8, 4, 2}}, {{7, 3, 2}}};
    for (const Shape& shape : shapes) {
      const Words in = input(4096);
      Words expected(4096, 7), got(4096, 7);
      CHECK_EQ(run(*fiber, shape, in, expected).message, "");
      CHECK_EQ(run(*vector, shape, in, got).message, "");
      size_t wrong = 0, first = 0;
      for (size_t i = got.size(); i-- > 0;) wrong += got[i] != expected[i], first = got[i] != expected[i] ? i : first;
      if (wrong) std::printf("threads %u %u %u, wide %d: word %zu is %08x, expected %08x; %zu differ\n", shape.threads[0], shape.threads[1], shape.threads[2], is_wide, first, got[first], expected[first], wrong);
      CHECK_EQ(wrong, size_t(0));
    }
  }
}

// Why there is no vector build of `k`.
inline std::string refusal(const std::string& source) {
  CompiledEntry compiled;
  const Error error = compile_vector_entry(*read(prologue + source, exact()), {"k", {}, 0}, {}, context(), compiled);
  return error.status == KLAB_UNSUPPORTED ? error.message : "no refusal: " + error.message;
}

// For main. Without the pass the tests are skipped (77), not passed.
inline int run_all_or_skip() {
  Toolchain toolchain;
  std::string plugin;
  Error error = find_toolchain(context(), toolchain);
  if (!error) error = find_vector_compiler(toolchain, plugin);
  if (error) return std::printf("skipped: no vector compiler: %s\n", error.message.c_str()), 77;
  return klab_test::run_all();
}

}  // namespace vector_test
