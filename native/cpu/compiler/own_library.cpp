#include "own_library.h"

#include <dlfcn.h>
#include <unistd.h>

#include <filesystem>

namespace klab::cpu {

std::string own_library() {
  Dl_info info{};
  return dladdr(reinterpret_cast<void*>(&own_library), &info) && info.dli_fname ? info.dli_fname : "";
}

std::string beside_own_library(const std::string& name) {
  std::error_code error;
  const std::filesystem::path own = std::filesystem::canonical(own_library(), error);
  const std::string file = (own.parent_path() / name).string();
  return !error && access(file.c_str(), R_OK) == 0 ? file : "";
}

}  // namespace klab::cpu
