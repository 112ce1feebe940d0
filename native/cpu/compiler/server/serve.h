// The server's loop.
#pragma once
#include "job.h"

namespace klab::compiler {

// Waits for jobs and starts a child for each. Returns in the children only, with their job; ends the process when the
// control socket closes.
JobMessage serve();

}  // namespace klab::compiler
