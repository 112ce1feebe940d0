// Modules, ops and buffers of the null device.
#pragma once
#include <memory>
#include <string>

#include "core/device.h"
#include "null/clock.h"

namespace klab {

// What the null device was told to do. Times are those of a steady device; see ClockScript.
struct NullScript {
  std::string compile = "ok", run = "ok", clock = "ok";
  double latency_ns = 1000, baseline_latency_ns = 0;  // of one dispatch; 0: as long as a kernel
  double encode_ns = 100, commit_ns = 50;             // of the host, for a dispatch and for a submission
  ClockScript noise;
};

// Reflection read from the text: every `kernel void name(…)` with the attributes of its parameters.
std::unique_ptr<Module> make_null_module(const ModuleRequest& request, bool has_failed);
std::unique_ptr<Op> make_null_baseline(const klab_gemm_desc& gemm);
bool is_null_baseline(const Op& op);
std::unique_ptr<Buffer> make_null_buffer(const klab_buffer_desc& desc);

}  // namespace klab
