#include "run_triple.h"

#include <cstring>

#include "tests/conformance.h"

namespace msl_conformance {
namespace {

using conformance::make;

Report failed(const std::string& what) { return {Verdict::failed, what, ""}; }

std::string first_error(klab_module* module) {
  auto info = make<klab_module_info>();
  klab_module_get_info(module, &info);
  for (uint32_t i = 0; i < info.diagnostic_count; ++i) {
    auto diagnostic = make<klab_diagnostic>();
    if (klab_module_get_diagnostic(module, i, &diagnostic) != KLAB_OK || diagnostic.severity != KLAB_SEVERITY_ERROR) continue;
    return std::string(diagnostic.file) + ":" + std::to_string(diagnostic.line) + ": " + diagnostic.message;
  }
  return "no diagnostic says why";
}

klab_status create_module(klab_device* device, const Triple& triple, conformance::Module& module, klab_error* error) {
  auto desc = make<klab_module_desc>();
  desc.source = triple.text.data();
  desc.source_bytes = triple.text.size();
  desc.path = triple.source.c_str();
  desc.math_mode = triple.launch.math_mode;
  desc.flags = KLAB_MODULE_NO_CHECK;  // the entry is compiled anyway
  std::vector<const char*> macros;
  for (const std::string& macro : triple.launch.macros) macros.push_back(macro.c_str());
  desc.macros = macros.data();
  desc.macro_count = static_cast<uint32_t>(macros.size());
  return klab_module_create(device, &desc, module.out(), error);
}

klab_status create_op(klab_module* module, const Launch& launch, conformance::Op& op, klab_error* error) {
  std::vector<klab_constant> constants;
  for (const Constant& constant : launch.constants) {
    auto value = make<klab_constant>();
    value.type = constant.type;
    value.bits = constant.bits;
    std::snprintf(value.name, sizeof value.name, "%s", constant.name.c_str());
    constants.push_back(value);
  }
  auto desc = make<klab_op_desc>();
  desc.entry = launch.entry.c_str();
  desc.constants = constants.data();
  desc.constant_count = static_cast<uint32_t>(constants.size());
  return klab_op_create(module, &desc, op.out(), error);
}

// One buffer for each argument that is one, in the arguments' order.
using Buffers = std::vector<conformance::Buffer>;

klab_status bind(klab_device* device, const Launch& launch, Buffers& buffers, std::vector<klab_arg>& args) {
  for (size_t i = 0; i < launch.args.size(); ++i) {
    const Argument& argument = launch.args[i];
    auto arg = make<klab_arg>();
    arg.index = argument.index;
    arg.kind = argument.is_buffer ? KLAB_ARG_BUFFER : argument.is_threadgroup ? KLAB_ARG_THREADGROUP : KLAB_ARG_BYTES;
    arg.bytes = argument.bytes.size();
    if (arg.kind == KLAB_ARG_BYTES) arg.data = argument.bytes.data();
    if (argument.is_buffer) {
      if (klab_status status = conformance::create_buffer(device, argument.bytes.size(), buffers[i], KLAB_BUFFER_GUARDED)) return status;
      if (klab_status status = klab_buffer_write(buffers[i], 0, argument.bytes.data(), argument.bytes.size(), nullptr)) return status;
      arg.buffer = buffers[i];
      arg.bytes = 0;
    }
    args.push_back(arg);
  }
  return KLAB_OK;
}

std::string difference(const Output& output, const unsigned char* bytes) {
  const uint32_t width = scalar_bytes(output.type);
  size_t wrong = 0, first = 0;
  uint64_t first_got = 0;
  for (size_t i = 0; i < output.values.size(); ++i) {
    const Expectation& expected = output.values[i];
    uint64_t got = 0;
    std::memcpy(&got, bytes + i * width, width);
    if (expected.is_any || is_within(got, expected.bits, output.type, expected.has_sign, output.tolerance)) continue;
    if (wrong++ == 0) first = i, first_got = got;
  }
  if (wrong == 0) return "";
  return "buffer " + std::to_string(output.index) + " at index " + std::to_string(first) + ": got " + show_scalar(first_got, output.type) + ", expected " +
         show_scalar(output.values[first].bits, output.type) + (wrong > 1 ? " (and " + std::to_string(wrong - 1) + " more of " + std::to_string(output.values.size()) + " differ)" : "");
}

std::string compare(const Triple& triple, const Buffers& buffers) {
  for (size_t i = 0; i < triple.launch.args.size(); ++i) {
    if (!triple.launch.args[i].is_buffer) continue;
    auto check = make<klab_buffer_check_result>();
    klab_buffer_check(buffers[i], &check);
    if (check.bytes_damaged) return "wrote outside of buffer " + std::to_string(triple.launch.args[i].index) + ", at byte " + std::to_string(check.first_offset);
  }
  for (const Output& output : triple.outputs) {
    for (size_t i = 0; i < triple.launch.args.size(); ++i) {
      if (!triple.launch.args[i].is_buffer || triple.launch.args[i].index != output.index) continue;
      std::vector<unsigned char> bytes(output.values.size() * scalar_bytes(output.type));
      if (klab_buffer_read(buffers[i], 0, bytes.data(), bytes.size(), nullptr) != KLAB_OK) return "cannot read buffer " + std::to_string(output.index);
      if (std::string text = difference(output, bytes.data()); !text.empty()) return text;
    }
  }
  return "";
}

}  // namespace

Report run_triple(klab_device* device, const Triple& triple) {
  const Launch& launch = triple.launch;
  auto info = make<klab_device_info>();
  klab_device_get_info(device, &info);
  if ((info.capabilities & launch.capabilities) != launch.capabilities) return {Verdict::skipped, "the device lacks what it requires", ""};
  conformance::Error error;
  conformance::Module module;
  if (create_module(device, triple, module, &error) != KLAB_OK) return failed(module ? first_error(module) : error.message);
  conformance::Op op;
  if (const klab_status status = create_op(module, launch, op, &error)) {
    if (status == KLAB_UNSUPPORTED) return {Verdict::skipped, error.message, ""};
    return failed(status == KLAB_COMPILE ? first_error(module) : error.message);
  }
  if (klab_op_settle(op, 0, &error) != KLAB_OK) return failed(error.message);
  Buffers buffers(launch.args.size());
  std::vector<klab_arg> args;
  if (bind(device, launch, buffers, args) != KLAB_OK) return failed("no buffers");
  klab_dispatch dispatch = conformance::make_dispatch(op, args);
  std::copy_n(launch.grid, 3, dispatch.grid);
  std::copy_n(launch.threads, 3, dispatch.threads);
  dispatch.grid_is_threads = launch.grid_is_threads;
  const conformance::RunResult result = conformance::run_once(device, dispatch, conformance::patient_ns);
  auto op_info = make<klab_op_info>();
  klab_op_get_info(op, &op_info);
  if (result.status == KLAB_UNSUPPORTED) return {Verdict::skipped, result.error.message, op_info.tier};
  if (result.status != KLAB_OK) return {Verdict::failed, result.error.message, op_info.tier};
  const std::string text = compare(triple, buffers);
  return {text.empty() ? Verdict::passed : Verdict::failed, text, op_info.tier};
}

}  // namespace msl_conformance
