#include "context.h"
#if defined(__aarch64__)
#include <cstdint>
#include <cstring>

asm(R"(
.text
.globl klab__switch
.hidden klab__switch
.type klab__switch,%function
.p2align 4
klab__switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size klab__switch, .-klab__switch

.globl klab__fiber_start
.hidden klab__fiber_start
.type klab__fiber_start,%function
.p2align 4
klab__fiber_start:
  mov x0, x19
  mov x29, xzr
  mov x30, xzr
  bl klab__fiber_main
  brk #0
.size klab__fiber_start, .-klab__fiber_start
)");

namespace klab {

void* prepare_stack(char* top, klab_fiber* fiber) {
  constexpr int frame_bytes = 160, x19 = 0, x30 = 11;
  auto* frame = reinterpret_cast<uintptr_t*>(top - frame_bytes);
  std::memset(frame, 0, frame_bytes);
  frame[x19] = reinterpret_cast<uintptr_t>(fiber);
  frame[x30] = reinterpret_cast<uintptr_t>(&klab__fiber_start);
  return frame;
}

}  // namespace klab
#endif
