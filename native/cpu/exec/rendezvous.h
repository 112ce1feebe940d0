// Meetings of a simdgroup's lanes: the slow half, for the scheduler.
#pragma once
#include "msl/simt_abi.h"

namespace klab {

// All live lanes of the simdgroup are blocked and some of them wait in a meeting: lets those at one call site go on.
void complete_meeting(klab_simdgroup& simdgroup);

// What tells call sites of meetings apart; see klab_simdgroup_meet. For runtimes that stand in for it.
uint64_t meeting_site(const klab_fiber* fiber, const void* address, const void* frame, uint32_t frames);

}  // namespace klab
