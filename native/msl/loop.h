// What the pre-pass puts into loops whose rounds count (cpu/frontend/loops.h): KLAB_LOOP before the loop, in a block with
// it; KLAB_ROUND at the start of the body, or KLAB_NEXT_ROUND where the condition belongs to the round before it (do).
// Nothing where the lanes of a simdgroup run together anyway.
#pragma once
#if defined(KLAB_VECTOR) || defined(KLAB_LEADER)
#define KLAB_LOOP
#define KLAB_ROUND
#define KLAB_NEXT_ROUND
#else
#include "macros.h"
#include "simt_abi.h"

namespace klab_msl {

struct Loop : klab_loop {
  KLAB_MSL_SIMT Loop() { klab_loop_enter(this, __builtin_frame_address(0)); }
  KLAB_MSL_FN ~Loop() {
    klab_current->loops = outer;
    klab_current->rounds = outer_rounds;
  }
  KLAB_MSL_FN void end_round() {
    ++round;
    klab_current->rounds += KLAB_ROUND_HASH;
  }
  Loop(const Loop&) = delete;
};

// However the round ends, by `continue` as well.
struct Round {
  Loop& loop;
  KLAB_MSL_FN ~Round() { loop.end_round(); }
};

}  // namespace klab_msl

#define KLAB_LOOP klab_msl::Loop klab__loop;
#define KLAB_ROUND klab_msl::Round klab__round{klab__loop};
#define KLAB_NEXT_ROUND klab__loop.end_round();
#endif
