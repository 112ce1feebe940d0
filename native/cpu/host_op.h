// An op of the cpu device: a kernel or a baseline, run on the host's processor.
#pragma once
#include <atomic>

#include "core/device.h"

namespace klab::cpu {

class HostOp : public Op {
 public:
  // [blocking] Arguments were checked against bindings().
  virtual Error execute(const Dispatch& dispatch, const std::atomic<bool>& cancel) = 0;
};

// Where a BUFFER or BYTES argument lies. Kernels do not write to BYTES: the check of arguments saw to it.
void* host_pointer(const Arg& arg);

}  // namespace klab::cpu
