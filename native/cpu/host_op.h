// An op of the cpu device: a kernel or a baseline, run on the host's processor.
#pragma once
#include <atomic>
#include <chrono>

#include "core/device.h"
#include "cpu/exec/executor.h"

namespace klab::cpu {

// How long a run may be held up before it begins: by builds, and by measuring them.
struct RunStart {
  const std::atomic<bool>& cancel;
  std::chrono::steady_clock::time_point deadline;
};

class HostOp : public Op {
 public:
  // Before a run: builds what the dispatch needs (on the caller's thread), then decides how it will be executed until the
  // run's end (on the thread that executes) and puts that into dispatch.plan.
  virtual Error prepare(const Dispatch& /*dispatch*/, const RunStart& /*start*/) { return {}; }
  virtual Error begin_run(const RunDispatch& /*dispatch*/, const RunStart& /*start*/) { return {}; }
  // [blocking] Arguments were checked against bindings(), and begin_run was called. `times` may be null.
  virtual Error execute(const Dispatch& dispatch, const std::atomic<bool>& cancel, HostTimes* times) = 0;
};

// Where a BUFFER or BYTES argument lies. Kernels do not write to BYTES: the check of arguments saw to it.
void* host_pointer(const Arg& arg);

}  // namespace klab::cpu
