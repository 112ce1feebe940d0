// What the tests of the front end share: a cache folder of their own, and short ways to read and compile.
#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "check.h"
#include "cpu/compile/compile.h"

namespace frontend_test {

using namespace klab;
using namespace klab::cpu;
namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    path_ = (fs::temp_directory_path() / "klab-test-XXXXXX").string();
    if (!mkdtemp(path_.data())) std::abort();
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// One cache for the whole program: the library is precompiled once.
inline const Folder& cache() {
  static const Folder folder;
  return folder;
}

inline CompileContext context() {
  CompileContext context;
  context.cache = cache().path();
  return context;
}

inline std::shared_ptr<ModuleState> read(const std::string& source, ModuleRequest request = {}) {
  request.source = source;
  if (request.path.empty()) request.path = "k.metal";
  std::shared_ptr<ModuleState> state;
  const Error error = read_module(request, context(), state);
  CHECK_EQ(error.message, "");
  return state;
}

inline std::string describe(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += d.file + ":" + std::to_string(d.line) + ":" + std::to_string(d.column) + ": " + d.message + "\n";
  return out;
}

// Whether some diagnostic starts so: "k.metal:3:7: use of".
inline bool says(const std::vector<Diagnostic>& diagnostics, const std::string& start) {
  const std::string all = "\n" + describe(diagnostics);
  const bool holds = all.find("\n" + start) != std::string::npos;
  if (!holds) std::printf("no '%s' in:%s", start.c_str(), all.c_str());
  return holds;
}

inline Error compile(const ModuleState& state, const std::string& entry, CompiledEntry& out, std::vector<ConstantValue> constants = {}) {
  OpRequest request;
  request.entry = entry;
  request.constants = std::move(constants);
  return compile_entry(state, request, context(), out);
}

inline ConstantValue integer(const std::string& name, int64_t value) { return {0, KLAB_I64, uint64_t(value), name}; }

inline const std::string scale = "#include <metal_stdlib>\nusing namespace metal;\n"
                          "kernel void scale(device const float* a [[buffer(0)]], device float* b [[buffer(1)]], constant float& by [[buffer(2)]], uint i [[thread_position_in_grid]]) { b[i] = a[i] * by; }\n";

}  // namespace frontend_test
