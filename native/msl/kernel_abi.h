// The contract between a compiled kernel (generated code + the MSL library in this folder) and the runtime that runs it.
// A kernel library holds exactly one entry point and exports `klab_kernel`.
#pragma once
#include <stddef.h>
#include <stdint.h>

#define KLAB_KERNEL_ABI 2
#define KLAB_BUFFER_SLOTS 31
#define KLAB_TG_VARIABLE_SLOTS 1024
#define KLAB_SIMD_WIDTH 32

extern "C" {

struct klab_uint3 {
  uint32_t x, y, z;
};

// Constant during a dispatch.
struct klab_launch {
  void* buffer[KLAB_BUFFER_SLOTS];  // device and constant bindings; unbound ones point at a readable zero page
  uint64_t buffer_bytes[KLAB_BUFFER_SLOTS];
  uint32_t threadgroup_bytes[KLAB_BUFFER_SLOTS];  // [[threadgroup(n)]] lengths
  klab_uint3 threads_per_grid, threadgroups_per_grid, threads_per_threadgroup;
};

struct klab_fiber;
struct klab_simdgroup;

// Constant while a threadgroup runs, but for the runtime's own part.
struct klab_threadgroup {
  const klab_launch* launch;
  klab_uint3 position;  // threadgroup_position_in_grid
  klab_uint3 size;      // actual size: smaller than asked at a non-uniform edge
  uint32_t thread_count, simdgroup_count;
  void* memory[KLAB_BUFFER_SLOTS];           // [[threadgroup(n)]] pointers
  void* variable[KLAB_TG_VARIABLE_SLOTS];    // `threadgroup` variables declared in code, made on first use
  void* runtime;                             // the executor's own state
};

// One thread, whose position in its threadgroup is `position` and linear index is `index`.
typedef void (*klab_thread_fn)(const klab_launch*, const klab_threadgroup*, klab_uint3 position, uint32_t index);
// All threads of a threadgroup, one after the other; only for kernels that never synchronise.
typedef void (*klab_loop_fn)(const klab_launch*, const klab_threadgroup*);
// A whole simdgroup at once: threads 32 · simdgroup + i for the bits i of `lanes` that are set. Barriers and threadgroup
// variables are the runtime's; operations between lanes are in the code. `lanes` is all ones but in a partial simdgroup.
typedef void (*klab_simdgroup_fn)(const klab_launch*, const klab_threadgroup*, uint32_t simdgroup, uint32_t lanes);

struct klab_kernel_desc {
  uint32_t abi;  // KLAB_KERNEL_ABI
  uint32_t uses_sync;  // of a build with `simdgroup`: calls threadgroup barriers
  const char* name;
  klab_thread_fn thread;  // null in a leader or vector build
  klab_loop_fn loop;  // null when uses_sync
  uint32_t max_total_threads;  // 0: none declared
  // What a build with `simdgroup` demands of threads_per_threadgroup.x: a multiple of this (0: nothing).
  uint32_t width_multiple;
  klab_simdgroup_fn simdgroup;  // set in a leader or vector build only
};

// Provided by the runtime to the kernel library.
void klab_threadgroup_barrier(void);
void* klab_threadgroup_variable(uint32_t slot, size_t bytes, size_t align);
}
