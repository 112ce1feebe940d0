#include "core/device_registry.h"

namespace klab {

std::span<const DeviceKind> device_kinds() {
  static constexpr DeviceKind kinds[] = {
#if defined(KLAB_HAS_CPU)
      {"cpu", open_cpu_device},
#endif
      {"null", open_null_device},
  };
  return kinds;
}

}  // namespace klab
