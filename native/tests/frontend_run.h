// For tests of the front end that run what was compiled.
#pragma once
#include <dlfcn.h>

#include "frontend_fixture.h"
#include "kernel_fixture.h"

namespace frontend_test {

inline const std::string start = "#include <metal_stdlib>\nusing namespace metal;\n";

// The kernel `k` in one threadgroup, over these buffers.
inline bool run(const std::string& source, std::vector<void*> buffers, uint32_t threads = 1) {
  const auto state = read(source);
  if (!CHECK_EQ(describe(info(*state).diagnostics), "")) return false;
  CompiledEntry compiled;
  if (!CHECK_EQ(compile(*state, "k", compiled).message, "")) return false;
  void* library = dlopen(compiled.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!CHECK(library != nullptr)) return false;
  klab::Launch launch = klab_test::launch(*static_cast<const klab_kernel_desc*>(dlsym(library, "klab_kernel")), 1, threads);
  for (size_t i = 0; i < buffers.size(); ++i) launch.args.buffer[i] = buffers[i];
  const Error error = klab_test::run(launch);
  dlclose(library);
  return CHECK_EQ(error.message, "");
}

}  // namespace frontend_test
