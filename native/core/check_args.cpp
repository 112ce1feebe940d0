#include "core/check_args.h"

#include <algorithm>

#include "core/text.h"

namespace klab {

namespace {

using ull = unsigned long long;

constexpr const char* arg_names[] = {"a buffer", "bytes", "threadgroup memory"};
constexpr const char* binding_names[] = {"a buffer", "a constant", "threadgroup memory", "a texture", "a sampler"};

std::string binding_text(const Binding& binding) {
  const char* space = binding.kind == KLAB_BINDING_CONSTANT ? "constant " : binding.kind == KLAB_BINDING_THREADGROUP ? "threadgroup " : "device ";
  return format("binding %u (%s%s%s %s)", binding.index, space, binding.type.c_str(), binding.is_pointer ? "*" : "&", binding.name.c_str());
}

Error mismatch(const Op& op, std::string text) { return {KLAB_MISMATCH, "kernel " + op.info().name + ": " + std::move(text)}; }

// The largest alignment that a type of this size can have.
uint64_t alignment_of(uint32_t element_bytes) {
  if (element_bytes == 0) return 1;
  return std::min<uint64_t>(element_bytes & ~(element_bytes - 1), 16);
}

Error check_buffer(const Op& op, const Binding& binding, const Arg& arg) {
  const std::string where = binding_text(binding);
  const uint64_t total = arg.buffer->bytes();
  if (arg.offset >= total) {
    return mismatch(op, format("offset %llu of %s is beyond the end of its buffer of %llu bytes", static_cast<ull>(arg.offset), where.c_str(), static_cast<ull>(total)));
  }
  const uint64_t alignment = alignment_of(binding.element_bytes);
  if (arg.offset % alignment) {
    return mismatch(op, format("offset %llu of %s must be a multiple of %llu", static_cast<ull>(arg.offset), where.c_str(), static_cast<ull>(alignment)));
  }
  const uint64_t needed = std::max<uint64_t>(binding.element_bytes, binding.min_bytes);
  if (total - arg.offset < needed) {
    return mismatch(op, format("%s needs at least %llu bytes, its buffer has %llu", where.c_str(), static_cast<ull>(needed), static_cast<ull>(total - arg.offset)));
  }
  return {};
}

Error check_bytes(const Op& op, const Binding& binding, const Arg& arg) {
  const std::string where = binding_text(binding);
  if (binding.kind == KLAB_BINDING_BUFFER && binding.access != KLAB_ACCESS_READ) {
    return mismatch(op, where + " can be written by the kernel; give it a buffer, or declare it const");
  }
  if (arg.bytes == 0) return mismatch(op, where + " was given 0 bytes");
  const uint32_t element = binding.element_bytes;
  if (element == 0) return {};
  const bool fits = binding.is_pointer ? arg.bytes % element == 0 : arg.bytes == element;
  if (fits) return {};
  return mismatch(op, format("%s takes %s%u bytes, it was given %llu", where.c_str(), binding.is_pointer ? "a multiple of " : "", element, static_cast<ull>(arg.bytes)));
}

Error check_threadgroup(const Op& op, const Binding& binding, const Arg& arg) {
  if (arg.bytes > 0 && arg.bytes % 16 == 0) return {};
  return mismatch(op, format("the length of %s is %llu; Metal wants a multiple of 16 above 0", binding_text(binding).c_str(), static_cast<ull>(arg.bytes)));
}

Error check_arg(const Op& op, const Binding& binding, const Arg& arg) {
  const bool wants_threadgroup = binding.kind == KLAB_BINDING_THREADGROUP;
  const bool wants_memory = binding.kind == KLAB_BINDING_BUFFER || binding.kind == KLAB_BINDING_CONSTANT;
  const bool is_threadgroup = arg.kind == KLAB_ARG_THREADGROUP;
  if ((wants_threadgroup && !is_threadgroup) || (wants_memory && is_threadgroup) || (!wants_threadgroup && !wants_memory)) {
    return mismatch(op, format("%s is %s, it was given %s", binding_text(binding).c_str(), binding_names[binding.kind], arg_names[arg.kind]));
  }
  if (is_threadgroup) return check_threadgroup(op, binding, arg);
  return arg.kind == KLAB_ARG_BYTES ? check_bytes(op, binding, arg) : check_buffer(op, binding, arg);
}

// Threadgroup memory has index numbers of its own, as in Metal.
bool is_same_slot(const Binding& binding, const Arg& arg) {
  const bool is_texture = binding.kind == KLAB_BINDING_TEXTURE || binding.kind == KLAB_BINDING_SAMPLER;
  return binding.index == arg.index && !is_texture && (binding.kind == KLAB_BINDING_THREADGROUP) == (arg.kind == KLAB_ARG_THREADGROUP);
}

std::string list_bindings(std::span<const Binding> bindings) {
  std::string text;
  for (const Binding& binding : bindings) text += (text.empty() ? "" : ", ") + binding_text(binding);
  return text.empty() ? "none" : text;
}

const Binding* find_binding(std::span<const Binding> bindings, const Arg& arg) {
  const Binding* other_kind = nullptr;
  for (const Binding& binding : bindings) {
    if (is_same_slot(binding, arg)) return &binding;
    if (binding.index == arg.index) other_kind = &binding;
  }
  return other_kind;
}

Error check_args(const Dispatch& dispatch) {
  const Op& op = *dispatch.op;
  const std::span<const Binding> bindings = op.bindings();
  std::vector<const Binding*> bound;
  for (const Arg& arg : dispatch.args) {
    const Binding* binding = find_binding(bindings, arg);
    if (!binding) {
      return mismatch(op, format("argument %u does not exist; its bindings are: %s", arg.index, list_bindings(bindings).c_str()));
    }
    if (std::find(bound.begin(), bound.end(), binding) != bound.end()) return mismatch(op, format("argument %u is given twice", arg.index));
    bound.push_back(binding);
    if (Error error = check_arg(op, *binding, arg)) return error;
  }
  for (const Binding& binding : bindings) {
    if (binding.is_optional || std::find(bound.begin(), bound.end(), &binding) != bound.end()) continue;
    return mismatch(op, binding_text(binding) + " has no argument");
  }
  return {};
}

Error check_grid(const Dispatch& dispatch, const OpInfo& info) {
  uint64_t group_threads = 1, groups = 1;
  for (int axis = 0; axis < 3; axis++) {
    const uint64_t grid = dispatch.grid[axis], threads = dispatch.threads[axis];
    if (grid == 0) return {KLAB_INVALID_ARGUMENT, format("kernel %s: grid[%d] is 0; every axis needs at least 1", info.name.c_str(), axis)};
    const uint64_t total = dispatch.grid_is_threads ? grid : grid * threads;
    if (total > UINT32_MAX) {
      return {KLAB_INVALID_ARGUMENT, format("kernel %s: %llu threads along axis %d overflow the 32-bit position of a thread", info.name.c_str(), static_cast<ull>(total), axis)};
    }
    group_threads = std::min<uint64_t>(group_threads * threads, UINT32_MAX);
    const uint64_t axis_groups = dispatch.grid_is_threads ? (grid + threads - 1) / threads : grid;
    if (__builtin_mul_overflow(groups, axis_groups, &groups) || groups > (1ull << 48)) {
      return {KLAB_INVALID_ARGUMENT, format("kernel %s: a grid of %u × %u × %u is beyond what a device runs", info.name.c_str(), dispatch.grid[0], dispatch.grid[1], dispatch.grid[2])};
    }
  }
  if (group_threads <= info.max_threads) return {};
  return {KLAB_INVALID_ARGUMENT, format("kernel %s: a threadgroup of %u × %u × %u threads is larger than the %u it can have", info.name.c_str(), dispatch.threads[0], dispatch.threads[1], dispatch.threads[2], info.max_threads)};
}

Error check_threadgroup_total(const Dispatch& dispatch, const OpInfo& info, uint32_t limit) {
  uint64_t total = info.static_threadgroup_bytes;
  for (const Arg& arg : dispatch.args) {
    if (arg.kind != KLAB_ARG_THREADGROUP) continue;
    if (__builtin_add_overflow(total, arg.bytes, &total)) total = UINT64_MAX;
  }
  if (limit == 0 || total <= limit) return {};
  return {KLAB_MISMATCH, format("kernel %s: %llu bytes of threadgroup memory exceed the device's %u", info.name.c_str(), static_cast<ull>(total), limit)};
}

}  // namespace

Error check_dispatch(const Dispatch& dispatch, const DispatchLimits& limits) {
  const OpInfo info = dispatch.op->info();
  if (Error error = check_args(dispatch)) return error;
  if (info.is_baseline) return {};
  if (Error error = check_grid(dispatch, info)) return error;
  return check_threadgroup_total(dispatch, info, limits.max_threadgroup_bytes);
}

}  // namespace klab
