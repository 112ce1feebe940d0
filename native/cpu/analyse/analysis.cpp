#include "cpu/analyse/analysis.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "cpu/analyse/analysis_op.h"
#include "cpu/analyse/report.h"
#include "cpu/analyse/runner.h"
#include "cpu/buffer.h"

namespace klab::analyse {

namespace {

// Buffers, constants, threadgroup arguments and variables, and the place that unbound ones get.
constexpr uint32_t windows = 2 * KLAB_BUFFER_SLOTS + KLAB_TG_VARIABLE_SLOTS + 1;

const Binding* find_binding(const AnalysisOp& op, const Arg& arg) {
  for (const Binding& binding : op.bindings()) {
    if (binding.index == arg.index && (binding.kind == KLAB_BINDING_THREADGROUP) == (arg.kind == KLAB_ARG_THREADGROUP)) return &binding;
  }
  return nullptr;
}

// What an observation adds to.
struct Results {
  Findings findings;
  Report report{};
  uint32_t clock = 0;  // of the shadows
};

// One dispatch with its own memory.
class Observation {
 public:
  Observation(const AnalysisRequest& request, const Dispatch& dispatch) : request_(request), dispatch_(dispatch), op_(static_cast<const AnalysisOp&>(*dispatch.op)) {}

  // Shadows also for memory that the kernel declares const.
  void shadow_all() { has_all_shadows_ = true; }
  bool needs_all_shadows() const { return needs_all_shadows_; }

  Error run(const AnalysisLimits& limits, const std::atomic<bool>& cancel, Results& results) {
    if (!memory_.reserve(windows)) return {KLAB_OUT_OF_MEMORY, "no address space for an analysis"};
    if (Error error = bind()) return error;
    launch_.kernel = &op_.kernel();
    launch_.table = &op_.table();
    launch_.segments = op_.segments();
    launch_.grid = Grid::of(dispatch_.grid, dispatch_.threads, dispatch_.grid_is_threads);
    Runner runner({request_.checks, request_.seed, limits.threadgroup_bytes}, launch_, memory_, results.findings);
    for (const Arg& arg : dispatch_.args) {
      const Binding* binding = find_binding(op_, arg);
      if (binding && arg.kind == KLAB_ARG_THREADGROUP) runner.name_threadgroup_argument(arg.index, binding->name);
    }
    const Error error = runner.run(cancel, results.clock);
    needs_all_shadows_ = runner.needs_all_shadows();
    if (error) return error;
    results.report.ran(op_.table());
    if (request_.checks & KLAB_CHECK_COUNTERS) results.report.add(op_.table(), runner.log());
    give_back();
    return {};
  }

 private:
  static Error short_of_memory(uint64_t bytes) { return {KLAB_OUT_OF_MEMORY, "no memory to analyse a buffer of " + std::to_string(bytes) + " bytes"}; }

  Error bind() {
    Region* unbound = memory_.add(device_space, 0);
    unbound->is_readable_outside = true;
    std::fill(std::begin(launch_.args.buffer), std::end(launch_.args.buffer), unbound->data);
    for (const Arg& arg : dispatch_.args) {
      const Binding* binding = find_binding(op_, arg);
      if (arg.kind == KLAB_ARG_THREADGROUP) launch_.args.threadgroup_bytes[arg.index] = static_cast<uint32_t>(arg.bytes);
      else if (Error error = arg.kind == KLAB_ARG_BYTES ? bind_bytes(arg, binding) : bind_buffer(arg, binding)) return error;
    }
    return {};
  }

  Error bind_bytes(const Arg& arg, const Binding* binding) {
    Region* region = memory_.add(binding && binding->kind == KLAB_BINDING_BUFFER ? device_space : constant_space, arg.bytes);
    if (!region) return short_of_memory(arg.bytes);
    name(*region, arg, binding);
    std::memcpy(region->data, arg.data, arg.bytes);
    launch_.args.buffer[arg.index] = region->data;
    launch_.args.buffer_bytes[arg.index] = arg.bytes;
    return watch(*region, binding);
  }

  // A buffer that several arguments share is one region, under the first one's name.
  Error bind_buffer(const Arg& arg, const Binding* binding) {
    auto* buffer = static_cast<cpu::HostBuffer*>(arg.buffer);
    Region*& region = regions_[buffer];
    if (!region) {
      region = memory_.add(binding && binding->kind == KLAB_BINDING_CONSTANT ? constant_space : device_space, buffer->bytes());
      if (!region) return short_of_memory(buffer->bytes());
      name(*region, arg, binding);
      std::memcpy(region->data, buffer->data(), buffer->bytes());
      if (request_.checks & KLAB_CHECK_UNINITIALISED) region->defined = buffer->defined();
    }
    launch_.args.buffer[arg.index] = region->data + arg.offset;
    launch_.args.buffer_bytes[arg.index] = buffer->bytes() - arg.offset;
    return watch(*region, binding);
  }

  // `binding` is one of the names that the kernel has for the region.
  Error watch(Region& region, const Binding* binding) {
    const bool is_written = !binding || binding->access != KLAB_ACCESS_READ, is_racy = request_.checks & KLAB_CHECK_RACES;
    region.is_const &= !is_written;
    if (is_racy && (is_written || has_all_shadows_) && !region.shadow.is_on() && !region.shadow.open(region.bytes)) return short_of_memory(region.bytes);
    region.is_write_rare = region.is_const || (is_racy && !region.shadow.is_on());
    return {};
  }

  static void name(Region& region, const Arg& arg, const Binding* binding) {
    region.binding = static_cast<int32_t>(arg.index);
    region.is_const = true;
    if (binding) region.name = binding->name;
  }

  void give_back() {
    for (auto& [buffer, region] : regions_) {
      std::memcpy(buffer->data(), region->data, region->bytes);
      if (!region->defined.empty()) buffer->define(std::move(region->defined));
    }
  }

  const AnalysisRequest& request_;
  const Dispatch& dispatch_;
  const AnalysisOp& op_;
  Memory memory_;
  Launch launch_;
  std::map<cpu::HostBuffer*, Region*> regions_;
  bool has_all_shadows_ = false, needs_all_shadows_ = false;
};

// Memory that a kernel declares const has no shadow, which would cost; when it is written all the same, what was read of
// it before is seen in a second run.
Error observe(const AnalysisRequest& request, const Dispatch& dispatch, const AnalysisLimits& limits, const std::atomic<bool>& cancel, Results& results) {
  const Findings before = results.findings;
  const uint32_t clock = results.clock;
  Observation observation(request, dispatch);
  Error error = observation.run(limits, cancel, results);
  if (!observation.needs_all_shadows()) return error;
  results.findings = before;
  results.clock = clock;
  Observation again(request, dispatch);
  again.shadow_all();
  return again.run(limits, cancel, results);
}

}  // namespace

Error analyse(const AnalysisRequest& request, const AnalysisLimits& limits, const std::atomic<bool>& cancel, std::string& json) {
  Results results{Findings(request.max_findings)};
  for (const Dispatch* dispatch : request.dispatches) {
    if (Error error = observe(request, *dispatch, limits, cancel, results)) return error;
  }
  json = results.report.write(results.findings);
  return {};
}

}  // namespace klab::analyse
