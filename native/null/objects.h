// Modules, ops and buffers of the null device.
#pragma once
#include <memory>
#include <string>

#include "core/device.h"

namespace klab {

// What the null device was told to do.
struct NullScript {
  std::string compile = "ok", run = "ok", clock = "ok";
  uint64_t latency_ns = 1000;
};

// Reflection read from the text: every `kernel void name(…)` with the attributes of its parameters.
std::unique_ptr<Module> make_null_module(const ModuleRequest& request, bool has_failed);
std::unique_ptr<Op> make_null_baseline(const klab_gemm_desc& gemm);
std::unique_ptr<Buffer> make_null_buffer(const klab_buffer_desc& desc);

}  // namespace klab
