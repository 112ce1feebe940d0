// Everything about a dispatch that can be known to be wrong before it runs.
#pragma once
#include "core/device.h"

namespace klab {

struct DispatchLimits {
  uint32_t max_threadgroup_bytes = 0;  // 0: not checked
};

// MISMATCH names the argument and its binding; INVALID_ARGUMENT is about the grid.
Error check_dispatch(const Dispatch& dispatch, const DispatchLimits& limits);

}  // namespace klab
