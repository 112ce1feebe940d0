// What the conformance programs share. They see klab.h alone and run once per device: argv[1] is its id, argv[2] an
// optional filter on test names.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "include/klab.h"
#include "tests/check.h"

namespace conformance {

inline std::string& device_id() {
  static std::string id;
  return id;
}
inline bool is_cpu() { return device_id() == "cpu"; }
inline bool is_null() { return device_id() == "null"; }

inline int main_of(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s DEVICE [FILTER]\n", argv[0]);
    return 2;
  }
  device_id() = argv[1];
  return klab_test::run_all(argc > 2 ? argv[2] : "");
}

// A zeroed struct with its size set.
template <class T>
T make() {
  T value = {};
  value.struct_size = sizeof value;
  return value;
}

struct Error : klab_error {
  Error() : klab_error(make<klab_error>()) {}
  bool says(const char* text) const { return std::strstr(message, text) != nullptr; }
};

// An owner of any handle.
template <class T, void (*Destroy)(T*)>
class Owner {
 public:
  Owner() = default;
  ~Owner() { Destroy(handle_); }
  Owner(const Owner&) = delete;
  Owner& operator=(const Owner&) = delete;
  T** out() {
    Destroy(handle_);
    handle_ = nullptr;
    return &handle_;
  }
  operator T*() const { return handle_; }

 private:
  T* handle_ = nullptr;
};

using Device = Owner<klab_device, klab_device_close>;
using Module = Owner<klab_module, klab_module_destroy>;
using Op = Owner<klab_op, klab_op_destroy>;
using Buffer = Owner<klab_buffer, klab_buffer_destroy>;

inline void open_device(Device& device) { CHECK_EQ(klab_device_open(device_id().c_str(), device.out(), nullptr), KLAB_OK); }

inline klab_status set_option(klab_device* device, const char* key, const char* value) {
  return klab_device_set_option(device, key, value, nullptr);
}

// c[i] = a[i] + value for i < n; the shape of argument that most tests need.
inline const char* add_source() {
  return "#include <metal_stdlib>\n"
         "using namespace metal;\n"
         "kernel void add(device const float* a [[buffer(0)]],\n"
         "                device float* c [[buffer(1)]],\n"
         "                constant uint& n [[buffer(2)]],\n"
         "                uint i [[thread_position_in_grid]]) {\n"
         "  if (i < n) c[i] = a[i] + 1.0f;\n"
         "}\n";
}

inline klab_status create_module(klab_device* device, const char* source, Module& module, klab_error* error = nullptr) {
  auto desc = make<klab_module_desc>();
  desc.source = source;
  desc.source_bytes = std::strlen(source);
  desc.path = "conformance.metal";
  return klab_module_create(device, &desc, module.out(), error);
}

inline klab_status create_op(klab_module* module, const char* entry, Op& op, klab_error* error = nullptr) {
  auto desc = make<klab_op_desc>();
  desc.entry = entry;
  return klab_op_create(module, &desc, op.out(), error);
}

inline klab_status create_buffer(klab_device* device, uint64_t bytes, Buffer& buffer, uint32_t flags = 0) {
  auto desc = make<klab_buffer_desc>();
  desc.bytes = bytes;
  desc.flags = flags;
  return klab_buffer_create(device, &desc, buffer.out(), nullptr);
}

inline klab_arg buffer_arg(uint32_t index, klab_buffer* buffer, uint64_t offset = 0) {
  auto arg = make<klab_arg>();
  arg.kind = KLAB_ARG_BUFFER;
  arg.index = index;
  arg.buffer = buffer;
  arg.offset = offset;
  return arg;
}

inline klab_arg bytes_arg(uint32_t index, const void* data, uint64_t bytes) {
  auto arg = make<klab_arg>();
  arg.kind = KLAB_ARG_BYTES;
  arg.index = index;
  arg.data = data;
  arg.bytes = bytes;
  return arg;
}

inline klab_dispatch make_dispatch(klab_op* op, const std::vector<klab_arg>& args, uint32_t grid = 1, uint32_t threads = 1) {
  auto dispatch = make<klab_dispatch>();
  dispatch.op = op;
  dispatch.args = args.data();
  dispatch.arg_count = static_cast<uint32_t>(args.size());
  dispatch.grid[0] = grid;
  dispatch.grid[1] = dispatch.grid[2] = 1;
  dispatch.threads[0] = threads;
  return dispatch;
}

struct RunResult {
  klab_status status = KLAB_INTERNAL;
  uint32_t count = 0, failed_arm = 0;
  std::vector<klab_sample> samples;
  Error error;
};

inline RunResult run(klab_device* device, const klab_run_desc& desc) {
  RunResult result;
  result.samples.resize(static_cast<size_t>(desc.rounds ? desc.rounds : 1) * desc.arm_count);
  for (klab_sample& sample : result.samples) sample = make<klab_sample>();
  result.status = klab_run(device, &desc, result.samples.data(), static_cast<uint32_t>(result.samples.size()), &result.count, &result.failed_arm, &result.error);
  return result;
}

inline klab_arm make_arm(const std::vector<klab_dispatch>& dispatches, uint32_t set_count = 1) {
  auto arm = make<klab_arm>();
  arm.dispatches = dispatches.data();
  arm.set_count = set_count;
  arm.dispatch_count = static_cast<uint32_t>(dispatches.size()) / set_count;
  return arm;
}

inline klab_run_desc make_run(const std::vector<klab_arm>& arms) {
  auto desc = make<klab_run_desc>();
  desc.arms = arms.data();
  desc.arm_count = static_cast<uint32_t>(arms.size());
  return desc;
}

// What a run may wait for a build that only its launch needs, on a machine that has other things to do.
inline constexpr uint64_t patient_ns = 180'000'000'000;

inline RunResult run_once(klab_device* device, const klab_dispatch& dispatch, uint64_t timeout_ns = 0) {
  const std::vector<klab_dispatch> dispatches = {dispatch};
  const std::vector<klab_arm> arms = {make_arm(dispatches)};
  auto desc = make_run(arms);
  desc.timeout_ns = timeout_ns;
  return run(device, desc);
}

// The add kernel with its buffers, ready to run.
struct AddFixture {
  static constexpr uint32_t count = 100;
  Device device;
  Module module;
  Op op;
  Buffer a, c;
  uint32_t n = count;
  std::vector<klab_arg> args;

  AddFixture() {
    open_device(device);
    Error error;
    CHECK_EQ(create_module(device, add_source(), module, &error), KLAB_OK);
    CHECK_EQ(create_op(module, "add", op, &error), KLAB_OK);
    if (!op) std::printf("%s\n", error.message);
    CHECK_EQ(create_buffer(device, count * 4, a), KLAB_OK);
    CHECK_EQ(create_buffer(device, count * 4, c), KLAB_OK);
    args = {buffer_arg(0, a), buffer_arg(1, c), bytes_arg(2, &n, 4)};
  }
  klab_dispatch dispatch() const { return make_dispatch(op, args, 4, 32); }
  bool is_ready() const { return op && a && c; }
};

// The wait status of a child that runs `body` and then exits with its result. The library must not have been used for
// anything that starts threads before: fork copies only one.
inline int run_in_child(const std::function<int()>& body) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    const int code = body();
    std::fflush(stdout);
    _exit(code);
  }
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

inline bool has_exited_with(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }

}  // namespace conformance
