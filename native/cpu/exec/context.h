// The context switch between fibers. Saves what the platform's C convention makes the callee save, nothing else:
// rounding and flush-to-zero modes are the same for every fiber of an OS thread.
#pragma once

struct klab_fiber;

extern "C" {
// Pushes the caller's registers, stores its stack pointer in *save and continues where `to` was stored.
void klab__switch(void** save, void* to);
// The first code of a fiber: calls klab__fiber_main with the fiber, which never returns.
void klab__fiber_start();
[[noreturn]] __attribute__((visibility("hidden"))) void klab__fiber_main(klab_fiber* fiber);
}

namespace klab {
// Lays out a stack so that switching to the returned pointer starts the fiber. `top` is exclusive and 16-byte aligned.
void* prepare_stack(char* top, klab_fiber* fiber);
}
