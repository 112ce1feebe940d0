// Barriers, fences and their flags. A fence has nothing to order between the fibers of one threadgroup; between
// threadgroups, which run on several OS threads, it is a full one.
#pragma once
#include "scalar.h"
#include "simt_abi.h"

#if defined(KLAB_ANALYSE)
// Stand-ins that the rewriting of an instrumented build replaces (cpu/analyse): what a barrier orders matters there.
extern "C" {
KLAB_CONVERGENT void klab_analyse_barrier(uint32_t flags, const char* file, uint32_t line);
KLAB_CONVERGENT void klab_analyse_simdgroup_barrier(uint32_t flags, const void* frame, uint32_t frames);
void klab_analyse_fence(uint32_t bits);  // 1: it acquires, 2: it releases
}
#endif

namespace metal {

enum class mem_flags : uint {
  mem_none = 0,
  mem_device = 1,
  mem_threadgroup = 2,
  mem_texture = 4,
  mem_threadgroup_imageblock = 8,
  mem_object_data = 16,
  mem_device_and_threadgroup = 3,  // of Metal 1
};
constexpr mem_flags operator|(mem_flags a, mem_flags b) { return mem_flags(uint(a) | uint(b)); }
constexpr mem_flags operator&(mem_flags a, mem_flags b) { return mem_flags(uint(a) & uint(b)); }

enum memory_order { memory_order_relaxed = 0, memory_order_acquire = 2, memory_order_release = 3, memory_order_acq_rel = 4, memory_order_seq_cst = 5 };
enum thread_scope { thread_scope_thread = 0, thread_scope_threadgroup = 1, thread_scope_device = 2, thread_scope_simdgroup = 4 };

// The two last parameters are the caller's position; nobody passes them.
KLAB_MSL_SIMT void threadgroup_barrier(mem_flags flags, memory_order = memory_order_seq_cst, thread_scope = thread_scope_threadgroup,
                                     const char* file = __builtin_FILE(), uint line = __builtin_LINE()) {
  if (uint(flags) & uint(mem_flags::mem_device)) __atomic_thread_fence(__ATOMIC_SEQ_CST);
#if defined(KLAB_ANALYSE)
  klab_analyse_barrier(uint32_t(flags), file, line);
#else
  klab_threadgroup_barrier_at(file, line);
#endif
}
KLAB_MSL_SIMT void simdgroup_barrier(mem_flags flags, memory_order = memory_order_seq_cst, thread_scope = thread_scope_simdgroup) {
  if (uint(flags) & uint(mem_flags::mem_device)) __atomic_thread_fence(__ATOMIC_SEQ_CST);
#if defined(KLAB_ANALYSE)
  klab_analyse_simdgroup_barrier(uint32_t(flags), __builtin_frame_address(0), KLAB_KNOWN_FRAMES);
#elif defined(KLAB_VECTOR)
  __atomic_signal_fence(__ATOMIC_SEQ_CST);  // lanes run together: only the compiler has to keep the order
#elif !defined(KLAB_LEADER)
  klab_simdgroup_meet(__builtin_frame_address(0), KLAB_KNOWN_FRAMES);
#endif
}
KLAB_MSL_FN void atomic_thread_fence([[maybe_unused]] mem_flags flags, [[maybe_unused]] memory_order order = memory_order_seq_cst,
                                     [[maybe_unused]] thread_scope scope = thread_scope_device) {
#if defined(KLAB_ANALYSE)
  const bool is_of_device = scope == thread_scope_device && (uint(flags) & uint(mem_flags::mem_device));
  const uint32_t acquires = order == memory_order_acquire || order >= memory_order_acq_rel ? 1 : 0;
  const uint32_t releases = order >= memory_order_release ? 2 : 0;
  klab_analyse_fence(is_of_device ? acquires | releases : 0);
#else
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

}  // namespace metal
