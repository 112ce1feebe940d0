// Compiler flags, and what identifies a build.
#pragma once
#include <string>
#include <vector>

#include "compile.h"

namespace klab::cpu {

// How the MSL library is compiled: for one thread a call; for one lane that stands for its whole simdgroup; for a
// simdgroup whose lanes become SIMD code; for one thread a call whose intermediate code is rewritten (cpu/analyse).
enum class Flavour { threads, leader, vector, analyse };

// Of what the lab writes around a kernel's own text. Raise it when generated code changes.
inline constexpr const char* generated_code_version = "9";

struct BuildOptions {
  uint32_t math_mode = KLAB_MATH_DEFAULT;
  bool is_debug = false;
  Flavour flavour = Flavour::threads;
};

// Flags that the precompiled prefix and every compile share.
std::vector<std::string> compile_flags(const Toolchain& toolchain, const std::string& shim, const BuildOptions& options);
// Warnings worth showing about the user's own lines.
std::vector<std::string> warning_flags();
// What a build is told to be made with: part of a row's and a proof's identity, and the same on every machine.
struct BuildParts {
  std::string msl;   // hash of the MSL headers
  std::string more;  // what its recipe adds
};
// A text that the C interface cannot hold ends with its hash instead.
std::string flags_used(const Toolchain& toolchain, const BuildOptions& options, const BuildParts& parts);
std::string join(const std::vector<std::string>& words);

// Hash of the MSL headers in `shim`; IO when it holds no msl.h.
Error shim_hash(const std::string& shim, std::string& hash);

std::string shim_folder(const CompileContext& context);

}  // namespace klab::cpu
