// What the MSL library inlines of the rendezvous between the threads of a simdgroup; the rest is cpu/exec/rendezvous.cpp.
//
// A simdgroup operation: publish a value into value[epoch & 1][lane], call klab_simdgroup_meet, then read the values of
// the lanes in `participants` from value[(epoch - 1) & 1]. A lane may publish for the next meeting while others still
// read this one, hence two buffers. `result` needs one only: no meeting completes before every lane of the simdgroup
// is blocked, which means that all have read. Whoever resumes first fills it and sets is_computed.
#pragma once
#include "kernel_abi.h"

#define KLAB_LANE_BYTES 32  // largest value exchanged: long4
#define KLAB_MATRIX_ELEMENTS 64

extern "C" {

struct klab_simdgroup {
  uint32_t epoch;         // meetings completed
  uint32_t participants;  // lanes of the last one
  uint32_t is_computed;   // the last one's result is there
  uint32_t live;          // lanes that have not returned
  uint32_t ready;         // lanes that can run, the running one included
  uint32_t arrived;       // lanes waiting in a meeting
  uint32_t at_barrier;    // lanes waiting in a threadgroup barrier
  uint32_t is_mixed;      // the arrived lanes wait at different call sites
  uint64_t site;          // call site of the first to arrive
  klab_fiber* fibers;     // of lane 0
  alignas(64) unsigned char value[2][KLAB_SIMD_WIDTH][KLAB_LANE_BYTES];
  alignas(64) unsigned char result[KLAB_SIMD_WIDTH][KLAB_LANE_BYTES];
  alignas(64) float matrix[2][3][KLAB_MATRIX_ELEMENTS];  // operands a, b, c of a matrix multiply
  alignas(64) float matrix_result[KLAB_MATRIX_ELEMENTS];
};

// A loop that a thread is in, on its stack.
struct klab_loop {
  const klab_loop* outer;  // the next one out, which may be in a function around
  const void* address;     // where it is entered: what tells loops apart, and copies of one that was inlined twice
  const void* frame;       // of its function
  uint64_t round;          // rounds completed
  uint64_t outer_rounds;   // the fiber's `rounds` outside it
};

struct klab_fiber {
  void* stack_pointer;
  klab_simdgroup* simdgroup;
  klab_threadgroup* threadgroup;
  uint32_t lane;
  uint32_t index;       // in the threadgroup; KLAB_NO_THREAD while the loop tier has not said which thread runs
  klab_uint3 position;  // a loop function may keep index and position up to date, for crash reports
  uint32_t barrier_line;
  const char* barrier_file;
  uint64_t site;             // where it waits in a meeting
  const void* site_address;  // the meeting's return address
  const void* site_frame;
  uint32_t site_frames;
  void* stack_top;
  void (*main)(klab_fiber*);  // what it runs instead of the executor's kernel; null for that
  const klab_loop* loops;     // the innermost one it is in, of those that count (see klab_simdgroup_meet)
  uint64_t rounds;            // a hash of the loops it is in and their rounds
};
#define KLAB_NO_THREAD 0xffffffffu

#if defined(__clang__)
#define KLAB_CONVERGENT __attribute__((convergent, nomerge))
#else
#define KLAB_CONVERGENT
#endif

// The fiber that runs. Fibers never move between OS threads.
extern __thread klab_fiber* klab_current __attribute__((tls_model("initial-exec")));

// Waits for the other lanes of the simdgroup. When all live lanes wait at one call site, in the same rounds of the loops
// around it, all go on. Otherwise those go first that come first in the program: compared from the outermost function in,
// the lower round of the same loop, else the lower address. In that order structured code reconverges, so operations in
// divergent code see the lanes that take the branch, and those of one round of a loop only.
// A call site is this call's return address and those of the functions around it, so that a helper which is called from
// both arms of a branch is two sites. `frame` is the caller's __builtin_frame_address(0), `frames` how many frames up
// are linked by frame pointers (0: the call's return address alone counts). Calls must be neither merged nor duplicated
// (convergent, nomerge; compile with -fconvergent-functions, so that the caller's helpers are convergent as well).
// Rounds are counted where lanes may pass an operation by (cpu/frontend/loops.h); without klab_loop_enter none are.
KLAB_CONVERGENT void klab_simdgroup_meet(const void* frame, uint32_t frames);

// Makes `loop` the innermost one of the running fiber. Who ends a round adds 1 to its `round` and KLAB_ROUND_HASH to the
// fiber's `rounds`; who leaves it sets the fiber's `loops` and `rounds` back to `outer` and `outer_rounds`.
KLAB_CONVERGENT void klab_loop_enter(klab_loop* loop, const void* frame);

#define KLAB_ROUND_HASH 0x9E3779B97F4A7C15u

#define KLAB_MOST_FRAMES 32
// Code compiled with -fno-omit-frame-pointer says so; other code has the frame that takes its own address.
#if defined(KLAB_FRAME_POINTERS)
#define KLAB_KNOWN_FRAMES KLAB_MOST_FRAMES
#else
#define KLAB_KNOWN_FRAMES 1
#endif

// Waits for all live threads of the threadgroup. file (static storage) and line name the barrier in messages and tell
// one from another; they do not depend on what the compiler made of the call.
KLAB_CONVERGENT void klab_threadgroup_barrier_at(const char* file, uint32_t line);
}
