#include "core/run_job.h"

#include <cstring>
#include <new>

#include "core/boundary.h"
#include "core/check_args.h"

namespace klab {

namespace {

constexpr uint64_t default_timeout_ns = 10'000'000'000;
constexpr uint64_t max_dispatches = 1u << 24;
constexpr std::align_val_t bytes_alignment{64};

Error read_arg(const klab_arg& in, RunJob& job, Arg& out) {
  if (in.kind > KLAB_ARG_THREADGROUP) return invalid(format("argument %u has the unknown kind %u", in.index, in.kind));
  if (in.index >= KLAB_MAX_BINDINGS) return invalid(format("argument index %u is not below %u", in.index, KLAB_MAX_BINDINGS));
  out.kind = in.kind;
  out.index = in.index;
  out.bytes = in.bytes;
  if (in.kind == KLAB_ARG_BUFFER) {
    if (!in.buffer) return invalid(format("argument %u is a buffer, but its buffer is NULL", in.index));
    if (in.buffer->state->device != job.device) return invalid(format("the buffer of argument %u belongs to another device handle", in.index));
    job.keep_alive.push_back(in.buffer->state);
    out.buffer = in.buffer->state->buffer.get();
    out.offset = in.offset;
  } else if (in.kind == KLAB_ARG_BYTES) {
    if (!in.data && in.bytes) return invalid(format("argument %u has %llu bytes, but its data is NULL", in.index, static_cast<unsigned long long>(in.bytes)));
    if (in.bytes > (1u << 20)) return invalid(format("argument %u passes more than 1 MB as bytes; use a buffer", in.index));
    job.bytes.push_back(std::make_unique<AlignedBytes>(in.data, in.bytes));
    out.data = job.bytes.back()->data();
  }
  return {};
}

Error read_dispatch(const klab_dispatch& in, RunJob& job, const DispatchLimits& limits, Dispatch& out) {
  if (!in.op) return invalid("klab_dispatch.op is NULL");
  if (in.op->state->device != job.device) return invalid("the op of a dispatch belongs to another device handle");
  job.keep_alive.push_back(in.op->state);
  out.op = in.op->state->op.get();
  for (int axis = 0; axis < 3; axis++) {
    out.grid[axis] = in.grid[axis];
    out.threads[axis] = in.threads[axis] ? in.threads[axis] : 1;
  }
  out.grid_is_threads = in.grid_is_threads;
  out.has_barrier_after = in.has_barrier_after;
  std::vector<klab_arg> args;
  if (Error error = read_array(in.args, in.arg_count, args, "klab_arg")) return error;
  out.args.resize(args.size());
  for (size_t i = 0; i < args.size(); i++) {
    if (Error error = read_arg(args[i], job, out.args[i])) return error;
  }
  return check_dispatch(out, limits);
}

Error check_purpose(const Op& op, bool is_analysis) {
  const OpInfo info = op.info();
  if ((info.tier == "analyse") == is_analysis) return {};
  if (is_analysis) return invalid(format("kernel %s was not made for analysing; create its op with KLAB_OP_ANALYSE", info.name.c_str()));
  return invalid(format("kernel %s was made for analysing and cannot be run or timed; create an op without KLAB_OP_ANALYSE", info.name.c_str()));
}

Error read_arm(const klab_arm& in, RunJob& job, RunArm& out) {
  out.dispatch_count = in.dispatch_count;
  out.set_count = in.set_count ? in.set_count : 1;
  out.iterations = in.iterations ? in.iterations : 1;
  if (in.dispatch_count == 0) return invalid("an arm has no dispatches");
  const uint64_t total = uint64_t(out.dispatch_count) * out.set_count;
  if (total > max_dispatches || uint64_t(out.dispatch_count) * out.iterations > max_dispatches) {
    return invalid("an arm holds more than 16 million dispatches; use fewer iterations and more rounds");
  }
  return read_dispatches(in.dispatches, static_cast<uint32_t>(total), false, job, out.dispatches);
}

Error check_mode(uint32_t mode, const klab_device_info& info) {
  if (mode > KLAB_MODE_GRAPH) return invalid(format("mode %u is not known", mode));
  const bool can = mode == KLAB_MODE_SINGLE || (info.capabilities & (mode == KLAB_MODE_BATCHED ? KLAB_CAP_BATCHED : KLAB_CAP_GRAPH));
  if (can) return {};
  return {KLAB_UNSUPPORTED, format("device \"%s\" cannot run in %s mode", info.id, mode == KLAB_MODE_BATCHED ? "batched" : "graph")};
}

}  // namespace

AlignedBytes::AlignedBytes(const void* data, size_t bytes) : data_(::operator new(bytes ? bytes : 1, bytes_alignment)) {
  if (bytes) std::memcpy(data_, data, bytes);
}

AlignedBytes::~AlignedBytes() { ::operator delete(data_, bytes_alignment); }

Error read_dispatches(const klab_dispatch* in, uint32_t count, bool is_analysis, RunJob& job, std::vector<Dispatch>& out) {
  const DispatchLimits limits{job.device->info().max_threadgroup_bytes};
  std::vector<klab_dispatch> dispatches;
  if (Error error = read_array(in, count, dispatches, "klab_dispatch")) return error;
  out.resize(count);
  for (size_t i = 0; i < count; i++) {
    if (Error error = read_dispatch(dispatches[i], job, limits, out[i])) return error;
    if (Error error = check_purpose(*out[i].op, is_analysis)) return error;
  }
  return {};
}

std::vector<RunDispatch> RunJob::all_dispatches() {
  std::vector<RunDispatch> all;
  for (RunArm& arm : arms) {
    for (size_t i = 0; i < arm.dispatches.size(); i++) all.push_back({&arm.dispatches[i], i % arm.dispatch_count == 0});
  }
  return all;
}

Error read_run(const klab_run_desc* desc, RunJob& job) {
  klab_run_desc value;
  if (Error error = read_struct(desc, value, "klab_run_desc")) return error;
  if (value.arm_count == 0 || value.arm_count > 64) return invalid(format("arm_count is %u; it must be 1 to 64", value.arm_count));
  const klab_device_info info = job.device->info();
  if (Error error = check_mode(value.mode, info)) return error;
  job.mode = value.mode;
  job.rounds = value.rounds ? value.rounds : 1;
  job.timeout_ns = value.timeout_ns ? value.timeout_ns : default_timeout_ns;
  job.max_time_ns = value.max_time_ns;
  if (value.flags & ~uint32_t(KLAB_RUN_HOST_TIMES | KLAB_RUN_ONE_ROTATION)) return invalid(format("klab_run_desc.flags has bits that are not known: 0x%x", value.flags));
  job.has_host_times = value.flags & KLAB_RUN_HOST_TIMES;
  job.is_one_rotation = value.flags & KLAB_RUN_ONE_ROTATION;
  std::vector<klab_arm> arms;
  if (Error error = read_array(value.arms, value.arm_count, arms, "klab_arm")) return error;
  job.arms.resize(arms.size());
  for (size_t i = 0; i < arms.size(); i++) {
    job.current_arm = static_cast<uint32_t>(i);
    if (Error error = read_arm(arms[i], job, job.arms[i])) return error;
  }
  return {};
}

}  // namespace klab
