// Which compiler and linker to use, and what they may use of the machine.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "core/device.h"

namespace klab::cpu {

struct CompileContext {
  std::string clang;                          // compiler to use; empty: the newest clang >= 16 found
  std::string shim;                           // folder that holds msl.h; empty: default_shim_folder()
  std::string cache;                          // folder; empty: default_cache_folder(). See is_cache_on
  bool is_cache_on = true;                    // off: entries are built in a folder of this process, removed at its end
  uint64_t cache_limit_bytes = 512ull << 20;  // least recently used entries beyond it are removed
  const std::atomic<bool>* cancel = nullptr;  // polled; set: the compiler is ended and CANCELLED returned
  bool is_cached_only = false;  // entries: what is not in the cache is NOT_FOUND, and nothing is built
  bool is_compiler_resident = true;           // off: a process for every compile
  uint64_t check_cpu_seconds = 30, build_cpu_seconds = 60;  // of processor time, after which the compiler is ended
  uint64_t compiler_memory_bytes = 4ull << 30;              // of address space
};

struct Toolchain {
  std::string clang, linker;  // absolute paths
  std::string program;        // where `clang` leads to, links followed
  std::string version;        // "clang 22.1.0"
  std::string stamp;          // size and time of `program`: builds of one version differ
  uint32_t major = 0;
};

// The compiler that a context leads to. TOOL_MISSING says what to install. Remembered per context.clang until its file
// changes.
Error find_toolchain(const CompileContext& context, Toolchain& toolchain);

// Changes when -march=native would mean another processor.
const std::string& processor_identity();

}  // namespace klab::cpu
