#include "cpu/baseline/openblas.h"

#include <dlfcn.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <vector>

#include "core/text.h"

namespace klab::cpu {

namespace {

// dlopen's own search comes first; the folders are where distributions put it when they do not register it.
constexpr const char* candidates[] = {
    "libopenblas.so.0",
    "libopenblas.so",
    "/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0",
    "/usr/lib64/libopenblasp.so.0",
    "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    "/usr/local/opt/openblas/lib/libopenblas.dylib",
};

constexpr const char* remedy = "install it with `apt-get install libopenblas0-pthread`, or name the file in KLAB_OPENBLAS";

template <class Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));
  return function != nullptr;
}

std::string read_version(void* handle) {
  const char* (*config)() = nullptr;
  const char* (*core)() = nullptr;
  std::string text = "OpenBLAS";
  if (find(handle, "openblas_get_config", config)) {
    text = config();
    const size_t name = text.find(' ');
    const size_t end = name == std::string::npos ? name : text.find(' ', name + 1);
    text.resize(end == std::string::npos ? text.size() : end);
  }
  if (find(handle, "openblas_get_corename", core)) text += std::string(" ") + core();
  return text;
}

Error open_library(const std::string& path, OpenBlas& library) {
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) return {KLAB_TOOL_MISSING, dlerror()};
  const bool is_complete = find(handle, "cblas_sgemm", library.sgemm) && find(handle, "cblas_dgemm", library.dgemm) &&
                           find(handle, "cblas_sgemv", library.sgemv) && find(handle, "cblas_dgemv", library.dgemv) &&
                           find(handle, "openblas_set_num_threads", library.set_num_threads);
  if (!is_complete) return {KLAB_TOOL_MISSING, path + " is not an OpenBLAS with the cblas interface"};
  library.version = read_version(handle);
  return {};
}

Error search(const std::string& wanted, OpenBlas& library) {
  if (wanted == "none") return {KLAB_TOOL_MISSING, "OpenBLAS is turned off by KLAB_OPENBLAS=none"};
  if (!wanted.empty()) {
    Error error = open_library(wanted, library);
    if (error) error.message = "KLAB_OPENBLAS: " + error.message;
    return error;
  }
  for (const char* path : candidates) {
    if (!open_library(path, library)) return {};
  }
  return {KLAB_TOOL_MISSING, format("OpenBLAS is not installed; %s", remedy)};
}

struct Found {
  OpenBlas library{};
  Error error;
};

}  // namespace

Error load_openblas(const OpenBlas*& library) {
  static std::mutex& mutex = *new std::mutex;
  static auto& found = *new std::map<std::string, Found>;
  const char* wanted = std::getenv("KLAB_OPENBLAS");
  const std::lock_guard lock(mutex);
  const auto [place, is_new] = found.try_emplace(wanted ? wanted : "");
  // A library that was missing may have been installed since.
  if (is_new || place->second.error) place->second.error = search(place->first, place->second.library);
  library = place->second.error ? nullptr : &place->second.library;
  return place->second.error;
}

}  // namespace klab::cpu
