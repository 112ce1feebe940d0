// Integer division on the GPU does not trap; x86's does. A kernel's division that faults gets the result that aarch64
// gives by itself: x / 0 is 0, x % 0 is x, and the smallest number divided by -1 is itself, remainder 0.
#pragma once

namespace klab::crash {

// Called in the handler of SIGFPE with its context: puts the result of the division at the program counter in place and
// steps over it. False when there is none.
bool finish_division(void* context);

}  // namespace klab::crash
