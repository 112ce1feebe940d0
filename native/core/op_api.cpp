// klab_op_*, klab_baseline_create.
#include "core/boundary.h"
#include "core/gemm.h"
#include "core/handles.h"

using namespace klab;

static Error read_request(const klab_op_desc* desc, OpRequest& request) {
  klab_op_desc value;
  if (Error error = read_struct(desc, value, "klab_op_desc")) return error;
  if (!value.entry || !*value.entry) return invalid("klab_op_desc.entry is empty; give the host name of a kernel");
  if (value.flags & ~(KLAB_MODULE_NO_CACHE | KLAB_MODULE_DEBUG | KLAB_OP_ANALYSE)) {
    return invalid(format("op flags 0x%x hold a bit that is not known", value.flags));
  }
  request.entry = value.entry;
  request.flags = value.flags;
  std::vector<klab_constant> constants;
  if (Error error = read_array(value.constants, value.constant_count, constants, "klab_constant")) return error;
  for (klab_constant& constant : constants) {
    if (constant.type > KLAB_F64) return invalid(format("a function constant has the unknown type %u", constant.type));
    constant.name[sizeof constant.name - 1] = 0;
    request.constants.push_back({constant.index, constant.type, constant.bits, constant.name});
  }
  return {};
}

extern "C" klab_status klab_op_create(klab_module* module, const klab_op_desc* desc, klab_op** op, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!module || !op) return invalid("klab_op_create: module and op must not be NULL");
    *op = nullptr;
    OpRequest request;
    if (Error failure = read_request(desc, request)) return failure;
    const std::shared_ptr<ModuleState> keep = module->state;  // also when the handle is destroyed meanwhile
    DeviceState& owner = *keep->device;
    auto state = std::make_shared<OpState>();
    state->device = keep->device;
    state->module = keep;
    const std::lock_guard lock(keep->mutex);
    if (owner.is_lost) return lost_error(owner);
    const CallScope call(owner);
    if (Error failure = keep->module->create_op(request, state->op)) return failure;
    *op = new klab_op{std::move(state)};
    return {};
  });
}

extern "C" void klab_op_destroy(klab_op* op) { delete op; }

extern "C" klab_status klab_op_get_info(klab_op* op, klab_op_info* out) {
  return boundary(nullptr, [&]() -> Error {
    if (!op) return invalid("op is NULL");
    const OpInfo info = op->state->op->info();
    klab_op_info value = {};
    value.max_threads = info.max_threads;
    value.simd_width = info.simd_width;
    value.static_threadgroup_bytes = info.static_threadgroup_bytes;
    value.registers = info.registers;
    value.spill_bytes = info.spill_bytes;
    value.is_cached = info.is_cached;
    value.is_baseline = info.is_baseline;
    value.optimise_ns = info.optimise_ns;
    value.link_ns = info.link_ns;
    copy_text(value.name, info.name);
    copy_text(value.tier, info.tier);
    copy_text(value.flags_used, info.flags_used);
    copy_text(value.tier_reason, info.tier_reason);
    value.is_settled = info.is_settled;
    return write_struct(out, value, "klab_op_info");
  });
}

extern "C" klab_status klab_op_settle(klab_op* op, uint64_t timeout_ns, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!op) return invalid("klab_op_settle: op is NULL");
    const std::shared_ptr<OpState> keep = op->state;  // also when the handle is destroyed meanwhile
    DeviceState& owner = *keep->device;
    if (owner.is_lost) return lost_error(owner);
    const CallScope call(owner);
    return keep->op->settle(timeout_ns, owner.device->cancelled);
  });
}

extern "C" klab_status klab_baseline_create(klab_device* device, const klab_gemm_desc* desc, klab_op** op, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !op) return invalid("klab_baseline_create: device and op must not be NULL");
    *op = nullptr;
    klab_gemm_desc value;
    if (Error failure = read_gemm(desc, value)) return failure;
    DeviceState& owner = *device->state;
    auto state = std::make_shared<OpState>();
    state->device = device->state;
    const std::lock_guard lock(owner.mutex);
    if (owner.is_lost) return lost_error(owner);
    if (Error failure = owner.device->create_baseline(value, state->op)) return failure;
    *op = new klab_op{std::move(state)};
    return {};
  });
}
