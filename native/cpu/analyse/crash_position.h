// For the crash report: what the calling OS thread analyses. Async-signal-safe.
#pragma once
#include "cpu/exec/executor.h"

namespace klab::analyse {

// False when it analyses nothing.
bool analysed_thread(RunningThread& out);
bool is_analysed_stack_overflow(const void* address);

}  // namespace klab::analyse
