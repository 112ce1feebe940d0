// libFuzzer's entry: any bytes are a source.
#include <cstddef>
#include <cstdint>

#include "exercise_prepass.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  klab_fuzz::exercise_prepass({reinterpret_cast<const char*>(data), size});
  return 0;
}
