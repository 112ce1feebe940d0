#include "context.h"
#if defined(__x86_64__)
#include <cstdint>

asm(R"(
.text
.globl klab__switch
.hidden klab__switch
.type klab__switch,@function
.p2align 4
klab__switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size klab__switch, .-klab__switch

.globl klab__fiber_start
.hidden klab__fiber_start
.type klab__fiber_start,@function
.p2align 4
klab__fiber_start:
  movq %rbx, %rdi
  xorl %ebp, %ebp
  callq klab__fiber_main
  ud2
.size klab__fiber_start, .-klab__fiber_start
)");

namespace klab {

void* prepare_stack(char* top, klab_fiber* fiber) {
  auto* slot = reinterpret_cast<uintptr_t*>(top);
  *--slot = 0;  // keeps the stack 16-byte aligned at fiber_start's call, and ends a walk of the frames
  *--slot = 0;
  *--slot = reinterpret_cast<uintptr_t>(&klab__fiber_start);
  *--slot = 0;                                   // rbp
  *--slot = reinterpret_cast<uintptr_t>(fiber);  // rbx
  for (int i = 0; i < 4; i++) *--slot = 0;       // r12 to r15
  return slot;
}

}  // namespace klab
#endif
