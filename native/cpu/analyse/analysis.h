// Dispatches under observation: what Device::analyse is on the cpu device.
#pragma once
#include <atomic>

#include "core/device.h"

namespace klab::analyse {

struct AnalysisLimits {
  uint32_t threadgroup_bytes = 0;
};

// [blocking] Runs the dispatches in order on the calling thread, on copies of their buffers that go back afterwards, and
// writes the document of klab_analysis_get_json. One OS thread does it all, so that the same request gives the same bytes.
// Errors: CANCELLED, OUT_OF_MEMORY, MISMATCH and PIPELINE as for a run.
Error analyse(const AnalysisRequest& request, const AnalysisLimits& limits, const std::atomic<bool>& cancel, std::string& json);

}  // namespace klab::analyse
