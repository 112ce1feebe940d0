#include "run_kernel.h"

#include "tests/conformance.h"

namespace msl_accuracy {

namespace {

std::string what_is_wrong(klab_module* module, const klab_error& error) {
  auto diagnostic = conformance::make<klab_diagnostic>();
  if (klab_module_get_diagnostic(module, 0, &diagnostic) != KLAB_OK) return error.message;
  return std::string(error.message) + " " + std::to_string(diagnostic.line) + ": " + diagnostic.message;
}

}  // namespace

bool run_kernel(klab_device* device, const std::string& source, uint32_t math, uint32_t count, Bytes in, Bytes more, void* out, size_t out_bytes) {
  conformance::Error error;
  conformance::Module module;
  conformance::Op op;
  conformance::Buffer in_buffer, more_buffer, out_buffer;
  auto desc = conformance::make<klab_module_desc>();
  desc.source = source.data();
  desc.source_bytes = source.size();
  desc.path = "accuracy.metal";
  desc.math_mode = math;
  desc.flags = KLAB_MODULE_NO_CHECK;
  if (!CHECK_EQ(klab_module_create(device, &desc, module.out(), &error), KLAB_OK)) return std::printf("%s\n", error.message), false;
  if (!CHECK_EQ(conformance::create_op(module, "check", op, &error), KLAB_OK)) return std::printf("%s\n", what_is_wrong(module, error).c_str()), false;
  klab_op_settle(op, 0, nullptr);
  if (!CHECK_EQ(conformance::create_buffer(device, in.size, in_buffer), KLAB_OK) || !CHECK_EQ(conformance::create_buffer(device, out_bytes, out_buffer), KLAB_OK)) return false;
  klab_buffer_write(in_buffer, 0, in.data, in.size, nullptr);
  std::vector<klab_arg> args = {conformance::buffer_arg(0, out_buffer), conformance::buffer_arg(1, in_buffer), conformance::bytes_arg(2, &count, 4)};
  if (more.size) {
    if (!CHECK_EQ(conformance::create_buffer(device, more.size, more_buffer), KLAB_OK)) return false;
    klab_buffer_write(more_buffer, 0, more.data, more.size, nullptr);
    args.push_back(conformance::buffer_arg(3, more_buffer));
  }
  klab_dispatch dispatch = conformance::make_dispatch(op, args, count, 64);
  dispatch.grid_is_threads = 1;
  const conformance::RunResult result = conformance::run_once(device, dispatch, conformance::patient_ns);
  if (!CHECK_EQ(result.status, KLAB_OK)) return std::printf("%s\n", result.error.message), false;
  return CHECK_EQ(klab_buffer_read(out_buffer, 0, out, out_bytes, nullptr), KLAB_OK);
}

}  // namespace msl_accuracy
