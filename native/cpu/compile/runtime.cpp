// Where kernels find the MSL headers when they are compiled, and the lab's functions when they are loaded.
#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>

#include "compile.h"
#include "cpu/compiler/own_library.h"

namespace klab::cpu {

std::string default_shim_folder() {
  const char* chosen = std::getenv("KLAB_SHIM");
  if (chosen && *chosen) return chosen;
#ifdef KLAB_MSL_DIR
  if (access(KLAB_MSL_DIR "/msl.h", R_OK) == 0) return KLAB_MSL_DIR;
#endif
  const std::string installed = beside_own_library("msl");
  return installed.empty() ? "msl" : installed;
}

void expose_runtime() {
  const std::string library = own_library();
  if (!library.empty()) dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

}  // namespace klab::cpu
