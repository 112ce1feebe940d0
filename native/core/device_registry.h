// Which devices this library was built with.
#pragma once
#include <memory>
#include <span>

#include "core/device.h"

namespace klab {

struct DeviceKind {
  const char* id;
  Error (*open)(std::unique_ptr<Device>& device);
};

std::span<const DeviceKind> device_kinds();

// One per room.
Error open_null_device(std::unique_ptr<Device>& device);
Error open_cpu_device(std::unique_ptr<Device>& device);

}  // namespace klab
