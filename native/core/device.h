// The vtable behind klab.h: what a device implements. klab.cpp translates the C ABI to these classes and nothing else;
// a new kind of device is one subclass of each and one line in device_registry.cpp.
//
// Failures are values: an Error with status KLAB_OK is success. Nothing here throws across a virtual call.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "klab.h"

namespace klab {

struct Error {
  klab_status status = KLAB_OK;
  std::string message;
  explicit operator bool() const { return status != KLAB_OK; }
};

struct Diagnostic {
  uint32_t severity = KLAB_SEVERITY_ERROR;
  uint32_t line = 1, column = 1, end_line = 0, end_column = 0;
  std::string file, message;
};

struct Binding {
  uint32_t index = 0;
  uint32_t kind = KLAB_BINDING_BUFFER;
  uint32_t access = KLAB_ACCESS_READ_WRITE;
  uint32_t element_bytes = 0;
  bool is_pointer = true, is_optional = false;
  std::string type, name;
  uint64_t min_bytes = 0;  // a shorter buffer is refused; 0 when only the kernel's author knows
};

struct Entry {
  std::string name;      // host name
  std::string function;  // function or template-id behind it
  std::string file;
  uint32_t line = 0;
  uint32_t max_total_threads = 0;
  std::vector<Binding> bindings;
};

struct FunctionConstant {
  uint32_t index = 0;
  bool is_required = true;
  std::string type, name;
};

struct ConstantValue {
  uint32_t index = 0;
  uint32_t type = KLAB_I32;  // klab_scalar of bits
  uint64_t bits = 0;
  std::string name;  // empty: found by index
};

struct ModuleRequest {
  std::string source, path;
  std::vector<std::string> macros, include_roots;
  uint32_t version = 0, math_mode = KLAB_MATH_DEFAULT, flags = 0;
};

struct OpRequest {
  std::string entry;
  std::vector<ConstantValue> constants;
  uint32_t flags = 0;
};

struct OpInfo {
  uint32_t max_threads = 1024, simd_width = 32, static_threadgroup_bytes = 0;
  int32_t registers = -1, spill_bytes = -1;
  bool is_cached = false, is_baseline = false;
  uint64_t optimise_ns = 0, link_ns = 0;
  std::string name, tier, flags_used, tier_reason;
  bool is_settled = true;
};

class Device;

class Op {
 public:
  virtual ~Op() = default;
  virtual OpInfo info() const = 0;
  // Bindings to check arguments against before a dispatch; empty for none.
  virtual std::span<const Binding> bindings() const = 0;
  // Waits for the build that info() will go on to describe; `cancel` is polled. 0: no limit.
  virtual Error settle(uint64_t /*timeout_ns*/, const std::atomic<bool>& /*cancel*/) { return {}; }
};

struct ModuleInfo {
  std::vector<Diagnostic> diagnostics;
  std::vector<Entry> entries;
  std::vector<FunctionConstant> constants;
  std::string source_hash, compiler;
  uint64_t front_end_ns = 0;
  bool is_cached = false;
};

class Module {
 public:
  virtual ~Module() = default;
  // Stable until the next create_op on this module (which may add diagnostics).
  virtual const ModuleInfo& info() const = 0;
  virtual Error create_op(const OpRequest& request, std::unique_ptr<Op>& op) = 0;
};

class Buffer {
 public:
  virtual ~Buffer() = default;
  virtual uint64_t bytes() const = 0;
  virtual Error write(uint64_t offset, const void* data, uint64_t bytes) = 0;
  virtual Error read(uint64_t offset, void* data, uint64_t bytes) = 0;
  virtual Error fill(uint64_t offset, uint64_t bytes, uint64_t pattern, uint32_t pattern_bytes) = 0;
  virtual klab_buffer_check_result check() = 0;
};

struct Arg {
  uint32_t kind = KLAB_ARG_BUFFER, index = 0;
  Buffer* buffer = nullptr;
  uint64_t offset = 0;
  const void* data = nullptr;
  uint64_t bytes = 0;
};

struct Dispatch {
  Op* op = nullptr;
  std::vector<Arg> args;
  uint32_t grid[3] = {1, 1, 1}, threads[3] = {1, 1, 1};
  bool grid_is_threads = false, has_barrier_after = false;
  std::shared_ptr<const void> plan;  // the device's own, from begin_run on: how it is executed
};

struct RunDispatch {  // one of a whole run
  Dispatch* dispatch = nullptr;
  bool is_first = true;  // of its iteration: before it the buffers already hold what it will read
};

struct Submission {  // what one command buffer holds
  std::vector<const Dispatch*> dispatches;
  uint32_t mode = KLAB_MODE_SINGLE;
  uint64_t timeout_ns = 0;
  bool has_host_times = false;  // KLAB_RUN_HOST_TIMES
};

struct AnalysisRequest {
  std::vector<const Dispatch*> dispatches;
  uint32_t checks = 0, max_findings = 0;
  uint64_t seed = 0;
};

class Device {
 public:
  virtual ~Device() = default;
  virtual klab_device_info info() = 0;
  // Fills name, flags and missing of tier `index`; see klab_device_get_tier.
  virtual Error tier(uint32_t /*index*/, klab_tier_info& /*tier*/) { return {KLAB_NOT_FOUND, "this device runs every kernel in one way"}; }
  virtual Error set_option(std::string_view key, std::string_view value) = 0;
  virtual Error create_module(const ModuleRequest& request, std::unique_ptr<Module>& module) = 0;
  virtual Error create_baseline(const klab_gemm_desc& desc, std::unique_ptr<Op>& op) = 0;
  virtual Error create_buffer(const klab_buffer_desc& desc, std::unique_ptr<Buffer>& buffer) = 0;
  // Before the first submission of a run, whose dispatches these are: builds what they need, on the caller's thread, and
  // waits for that no longer than timeout_ns, the run's…
  virtual Error prepare_run(std::span<const RunDispatch> /*dispatches*/, uint64_t /*timeout_ns*/) { return {}; }
  // … then decides how they are executed until the run's end, on the thread that submits. Part of no sample's time, but
  // to be done well within timeout_ns.
  virtual Error begin_run(std::span<const RunDispatch> /*dispatches*/, uint64_t /*timeout_ns*/) { return {}; }
  // Runs one submission to its end and adds its times to `sample` (add_device_time below; arm and iterations are the
  // caller's). Called on a thread of the library that is abandoned, never ended, when the submission does not return.
  virtual Error submit(const Submission& submission, klab_sample& sample) = 0;
  // Asks whatever is in flight to end with CANCELLED. Any thread; must not block.
  virtual void cancel() { cancelled = true; }
  virtual Error selftest(std::string& json) = 0;
  // Runs the dispatches once under observation; the document of klab_analysis_get_json. Like submit, it is called on a
  // thread of the library that is abandoned when it does not return in time.
  virtual Error analyse(const AnalysisRequest& /*request*/, std::string& /*json*/) { return {KLAB_UNSUPPORTED, "this device cannot analyse a kernel; use the cpu device"}; }

  // Polled by blocking calls; the library clears it before a call that finds the device idle.
  std::atomic<bool> cancelled{false};
};

// Adds one submission's device time: device_end - device_start is then the total over the sample's submissions.
// Timestamps that cannot be a time mark the sample invalid for good.
inline void add_device_time(klab_sample& sample, uint64_t start_ns, uint64_t end_ns) {
  if (start_ns == 0 || end_ns <= start_ns) {
    sample.flags |= KLAB_SAMPLE_INVALID;
    sample.device_start_ns = start_ns;
    sample.device_end_ns = end_ns;
    return;
  }
  if (sample.flags & KLAB_SAMPLE_INVALID) return;
  if (sample.device_start_ns == 0) sample.device_start_ns = sample.device_end_ns = start_ns;
  sample.device_end_ns += end_ns - start_ns;
}

}  // namespace klab
