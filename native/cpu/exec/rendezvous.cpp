// The runtime's half of native/msl/simt_abi.h and kernel_abi.h: called by kernels, on fibers.
#include "rendezvous.h"

#include <cstring>

#include "context.h"
#include "worker.h"

namespace {

// Calls visit with the return addresses of the functions around a meeting and the frames that hold them, innermost first. A frame is the caller's
// frame and the return address, on x86-64 and aarch64 alike. The walk ends where the kernel's frames do: what follows
// does not point further up this fiber's stack.
template <class F>
inline void walk(const klab_fiber* fiber, const void* frame, uint32_t frames, F visit) {
  auto at = reinterpret_cast<uintptr_t>(frame), last = reinterpret_cast<uintptr_t>(fiber->stack_top) - 2 * sizeof(uintptr_t);
  for (; frames; frames--) {
    const auto* words = reinterpret_cast<const uintptr_t*>(at);
    visit(words[1], words);
    if (words[0] <= at || words[0] > last || words[0] % sizeof(uintptr_t)) break;
    at = words[0];
  }
}

// Of the place in the program and of the rounds of the loops around it.
inline uint64_t site_of(const klab_fiber* fiber, const void* address, const void* frame, uint32_t frames) {
  constexpr uint64_t mix = 0x9E3779B97F4A7C15u;
  uint64_t site = reinterpret_cast<uint64_t>(address);
  walk(fiber, frame, frames, [&](uintptr_t caller, const uintptr_t*) { site = site * mix + caller; });
  return site ^ fiber->rounds;
}

}  // namespace

extern "C" {

#define KLAB_RUNTIME __attribute__((visibility("default"), used))

KLAB_RUNTIME __thread klab_fiber* klab_current __attribute__((tls_model("initial-exec"))) = nullptr;

// The fiber must have left `ready`. Returns when somebody made it ready again and switched to it.
static inline void block(klab_fiber* fiber, klab_simdgroup* group) {
  if (group->ready) {
    klab_fiber* next = &group->fibers[__builtin_ctz(group->ready)];
    klab_current = next;
    klab__switch(&fiber->stack_pointer, next->stack_pointer);
  } else {
    klab::Worker::of(fiber->threadgroup)->switch_to_scheduler(fiber);
  }
}

static inline void complete_all(klab_simdgroup* group) {
  group->participants = group->ready = group->arrived;
  group->arrived = 0;
  group->is_computed = 0;
  group->epoch++;
}

KLAB_RUNTIME void klab_simdgroup_meet(const void* frame, uint32_t frames) {
  klab_fiber* fiber = klab_current;
  klab_simdgroup* group = fiber->simdgroup;
  const void* address = __builtin_return_address(0);
  uint64_t site = site_of(fiber, address, frame, frames);
  uint32_t bit = 1u << fiber->lane;
  fiber->site = site;
  fiber->site_address = address;
  fiber->site_frame = frame;
  fiber->site_frames = frames;
  if (!group->arrived) group->site = site;
  else if (group->site != site) group->is_mixed = 1;
  group->arrived |= bit;
  group->ready &= ~bit;
  if (group->arrived == group->live && !group->is_mixed) complete_all(group);
  else block(fiber, group);
}

KLAB_RUNTIME void klab_loop_enter(klab_loop* loop, const void* frame) {
  klab_fiber* fiber = klab_current;
  *loop = {fiber->loops, __builtin_return_address(0), frame, 0, fiber->rounds};
  fiber->loops = loop;
  fiber->rounds = (fiber->rounds ^ reinterpret_cast<uintptr_t>(loop->address)) * 0xD6E8FEB86659FD93u;
}

KLAB_RUNTIME void klab_threadgroup_barrier_at(const char* file, uint32_t line) {
  klab_fiber* fiber = klab_current;
  klab_simdgroup* group = fiber->simdgroup;
  uint32_t bit = 1u << fiber->lane;
  fiber->barrier_file = file;
  fiber->barrier_line = line;
  group->at_barrier |= bit;
  group->ready &= ~bit;
  block(fiber, group);
}

KLAB_RUNTIME void klab_threadgroup_barrier(void) { klab_threadgroup_barrier_at(nullptr, 0); }

KLAB_RUNTIME void* klab_threadgroup_variable(uint32_t slot, size_t bytes, size_t align) {
  klab_fiber* fiber = klab_current;
  return klab::Worker::of(fiber->threadgroup)->threadgroup_variable(fiber, slot, bytes, align);
}

void klab__fiber_main(klab_fiber* fiber) {
  if (fiber->main) fiber->main(fiber);
  klab::Worker::of(fiber->threadgroup)->enter_kernel(fiber);
  klab_simdgroup* group = fiber->simdgroup;
  uint32_t bit = 1u << fiber->lane;
  group->live &= ~bit;
  group->ready &= ~bit;
  block(fiber, group);
  __builtin_unreachable();
}

}  // extern "C"

namespace klab {

namespace {

// Where a fiber waits: in each function, innermost first, and in which loops.
struct CallPath {
  static constexpr uint32_t most_loops = 64;  // deeper ones do not count

  uintptr_t at[KLAB_MOST_FRAMES + 1];
  const void* frame[KLAB_MOST_FRAMES + 2];
  uint32_t count = 0;
  const klab_loop* loop[most_loops];
  uint32_t loops = 0;

  explicit CallPath(const klab_fiber& fiber) {
    at[count++] = reinterpret_cast<uintptr_t>(fiber.site_address);
    frame[0] = fiber.site_frame;
    walk(&fiber, fiber.site_frame, fiber.site_frames, [&](uintptr_t caller, const uintptr_t* words) {
      frame[count] = reinterpret_cast<const void*>(words[0]);
      at[count++] = caller;
    });
    for (const klab_loop* l = fiber.loops; l && loops < most_loops; l = l->outer) loop[loops++] = l;
  }

  // The outermost loop of those left that is of the outermost function left; null when there is none.
  const klab_loop* next_loop() { return loops && loop[loops - 1]->frame == frame[count - 1] ? loop[--loops] : nullptr; }
};

// By the loops of the outermost function left of both: 0 when both are in the same rounds of the same loops. A lane that
// is in a loop is where the loop is entered, wherever the compiler put the parts of it.
int compare_rounds(CallPath& a, CallPath& b) {
  for (;;) {
    const klab_loop *in_a = a.next_loop(), *in_b = b.next_loop();
    if (!in_a && !in_b) return 0;
    const uintptr_t at_a = in_a ? reinterpret_cast<uintptr_t>(in_a->address) : a.at[a.count - 1];
    const uintptr_t at_b = in_b ? reinterpret_cast<uintptr_t>(in_b->address) : b.at[b.count - 1];
    if (at_a != at_b) return at_a < at_b ? -1 : 1;
    if (in_a && in_b && in_a->round != in_b->round) return in_a->round < in_b->round ? -1 : 1;
  }
}

// Whether a goes before b.
bool goes_first(const klab_fiber& a, const klab_fiber& b) {
  if (a.site == b.site) return false;
  CallPath of_a(a), of_b(b);
  while (of_a.count && of_b.count) {
    if (const int order = compare_rounds(of_a, of_b)) return order < 0;
    uintptr_t in_a = of_a.at[--of_a.count], in_b = of_b.at[--of_b.count];
    if (in_a != in_b) return in_a < in_b;
  }
  return of_a.count > of_b.count;
}

uint32_t lanes_at(const klab_simdgroup& group, uint64_t site) {
  uint32_t mask = 0;
  for (uint32_t lanes = group.arrived; lanes; lanes &= lanes - 1) {
    uint32_t lane = static_cast<uint32_t>(__builtin_ctz(lanes));
    if (group.fibers[lane].site == site) mask |= 1u << lane;
  }
  return mask;
}

// Lanes that stay behind have published for this epoch; the next reads the other buffers.
void carry_over(klab_simdgroup& group) {
  uint32_t from = group.epoch & 1, to = from ^ 1;
  std::memcpy(group.value[to], group.value[from], sizeof group.value[0]);
  std::memcpy(group.matrix[to], group.matrix[from], sizeof group.matrix[0]);
}

}  // namespace

uint64_t meeting_site(const klab_fiber* fiber, const void* address, const void* frame, uint32_t frames) { return site_of(fiber, address, frame, frames); }

void complete_meeting(klab_simdgroup& group) {
  if (!group.is_mixed) return complete_all(&group);
  const klab_fiber* first = &group.fibers[__builtin_ctz(group.arrived)];
  for (uint32_t lanes = group.arrived; lanes; lanes &= lanes - 1) {
    const klab_fiber* other = &group.fibers[__builtin_ctz(lanes)];
    if (goes_first(*other, *first)) first = other;
  }
  uint32_t chosen = lanes_at(group, first->site), behind = group.arrived & ~chosen;
  carry_over(group);
  group.arrived = chosen;
  complete_all(&group);
  group.arrived = behind;
  group.site = group.fibers[__builtin_ctz(behind)].site;
  group.is_mixed = lanes_at(group, group.site) != behind;
}

}  // namespace klab
