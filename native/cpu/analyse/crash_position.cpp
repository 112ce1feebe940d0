#include "cpu/analyse/crash_position.h"

#include "cpu/analyse/runner.h"

namespace klab::analyse {

bool analysed_thread(RunningThread& out) {
  const Runner* runner = current_runner();
  const klab_fiber* fiber = klab_current;
  if (!runner || !fiber) return false;
  out.kernel = runner->kernel();
  out.launch = runner->launch();
  out.threadgroup = fiber->threadgroup->position;
  out.thread = fiber->position;
  out.has_thread = true;
  return true;
}

bool is_analysed_stack_overflow(const void* address) {
  const Runner* runner = current_runner();
  return runner && runner->stacks().is_guard(address);
}

}  // namespace klab::analyse
