#include "cpu/selftest.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <vector>

#include "core/boundary.h"
#include "core/half.h"

namespace klab::cpu {

namespace {

struct Check {
  std::string name, detail;
  bool has_passed = false;
  uint64_t ns = 0;
};

constexpr uint32_t element_count = 1000;

// One kernel of each kind: without synchronisation, with barriers, with simdgroup operations.
constexpr const char* kernels = R"(#include <metal_stdlib>
using namespace metal;
kernel void selftest_add(device const float* a [[buffer(0)]], device float* c [[buffer(1)]],
                         constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  if (i < n) c[i] = a[i] + 1.0f;
}
kernel void selftest_reverse(device const float* a [[buffer(0)]], device float* c [[buffer(1)]],
                             constant uint& n [[buffer(2)]], threadgroup float* shared [[threadgroup(0)]],
                             uint i [[thread_position_in_grid]], uint t [[thread_position_in_threadgroup]],
                             uint size [[threads_per_threadgroup]]) {
  shared[t] = i < n ? a[i] : 0.0f;
  threadgroup_barrier(mem_flags::mem_threadgroup);
  if (i < n) c[i] = shared[size - 1 - t];
}
kernel void selftest_sum(device const float* a [[buffer(0)]], device float* c [[buffer(1)]],
                         constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  const float sum = simd_sum(i < n ? a[i] : 0.0f);
  if (i < n) c[i] = sum;
}
)";

constexpr uint32_t group_threads = 64;

double expected_of(const std::string& kernel, uint32_t i) {
  if (kernel == "selftest_add") return i + 1.0;
  if (kernel == "selftest_reverse") {
    const uint32_t source = i / group_threads * group_threads + group_threads - 1 - i % group_threads;
    return source < element_count ? source : 0;
  }
  double sum = 0;
  for (uint32_t lane = i / 32 * 32; lane < i / 32 * 32 + 32 && lane < element_count; lane++) sum += lane;
  return sum;
}

Error make_buffer(Device& device, uint64_t bytes, std::unique_ptr<Buffer>& buffer) {
  klab_buffer_desc desc = {};
  desc.struct_size = sizeof desc;
  desc.bytes = bytes;
  desc.flags = KLAB_BUFFER_GUARDED;
  return device.create_buffer(desc, buffer);
}

Error run_once(Device& device, Dispatch& dispatch) {
  constexpr uint64_t timeout_ns = 10'000'000'000;
  const RunDispatch whole_run[] = {{&dispatch}};
  if (Error error = device.prepare_run(whole_run, timeout_ns)) return error;
  if (Error error = device.begin_run(whole_run, timeout_ns)) return error;
  klab_sample sample = {};
  return device.submit({{&dispatch}, KLAB_MODE_SINGLE, timeout_ns}, sample);
}

Error check_memory(Device& device, std::string& detail) {
  std::unique_ptr<Buffer> buffer;
  if (Error error = make_buffer(device, 1000, buffer)) return error;
  std::vector<unsigned char> bytes(1000);
  buffer->fill(0, 1000, 0x11223344, 4);
  buffer->read(0, bytes.data(), 1000);
  for (size_t i = 0; i < bytes.size(); i++) {
    if (bytes[i] != "\x44\x33\x22\x11"[i % 4]) return {KLAB_INTERNAL, format("byte %zu of a filled buffer is wrong", i)};
  }
  if (buffer->check().bytes_damaged) return {KLAB_INTERNAL, "the guards of a new buffer are damaged"};
  detail = "fill, read, guards";
  return {};
}

Error check_compiler(Device& device, std::unique_ptr<Module>& module, std::string& detail) {
  ModuleRequest request;
  request.source = kernels;
  request.path = "selftest.metal";
  const Error error = device.create_module(request, module);
  if (error.status == KLAB_COMPILE) {
    const Diagnostic& first = module->info().diagnostics.front();
    return {KLAB_COMPILE, format("line %u: %s", first.line, first.message.c_str())};
  }
  if (error) return error;
  detail = device.info().driver;
  return {};
}

Error check_kernel(Device& device, Module& module, const std::string& name, std::string& detail) {
  std::unique_ptr<Op> op;
  if (Error error = module.create_op({name, {}, 0}, op)) return error;
  std::unique_ptr<Buffer> a, c;
  if (Error error = make_buffer(device, element_count * 4, a)) return error;
  if (Error error = make_buffer(device, element_count * 4, c)) return error;
  std::vector<float> values(element_count);
  for (uint32_t i = 0; i < element_count; i++) values[i] = static_cast<float>(i);
  a->write(0, values.data(), element_count * 4);
  alignas(64) const uint32_t count = element_count;
  Dispatch dispatch;
  dispatch.op = op.get();
  dispatch.args = {{.index = 0, .buffer = a.get()}, {.index = 1, .buffer = c.get()}, {.kind = KLAB_ARG_BYTES, .index = 2, .data = &count, .bytes = 4}};
  if (name == "selftest_reverse") dispatch.args.push_back({.kind = KLAB_ARG_THREADGROUP, .index = 0, .bytes = group_threads * 4});
  dispatch.grid[0] = (element_count + group_threads - 1) / group_threads;
  dispatch.threads[0] = group_threads;
  if (Error error = run_once(device, dispatch)) return error;
  c->read(0, values.data(), element_count * 4);
  for (uint32_t i = 0; i < element_count; i++) {
    if (values[i] == expected_of(name, i)) continue;
    return {KLAB_INTERNAL, format("element %u is %g, expected %g", i, double(values[i]), expected_of(name, i))};
  }
  detail = op->info().tier + " tier";
  return {};
}

// Small integers, so that every product and sum is exact in every type.
Error check_baseline(Device& device, std::string& detail) {
  klab_gemm_desc gemm = {};
  gemm.struct_size = sizeof gemm;
  gemm.dtype = KLAB_F16;
  gemm.m = 5, gemm.n = 70, gemm.k = 33, gemm.batch = 1;
  gemm.transpose_b = 1;
  gemm.alpha = 1;
  std::unique_ptr<Op> op;
  const Error error = device.create_baseline(gemm, op);
  if (error.status == KLAB_TOOL_MISSING) {  // a state that klab_device_info tells, not a defect
    detail = "skipped: " + error.message;
    return {};
  }
  if (error) return error;
  std::vector<uint16_t> a(gemm.m * gemm.k), b(gemm.n * gemm.k), c(gemm.m * gemm.n);
  for (size_t i = 0; i < a.size(); i++) a[i] = narrow_f16(static_cast<float>(i % 5) - 2);
  for (size_t i = 0; i < b.size(); i++) b[i] = narrow_f16(static_cast<float>(i % 7) - 3);
  std::unique_ptr<Buffer> buffers[3];
  const std::vector<uint16_t>* const contents[3] = {&a, &b, &c};
  Dispatch dispatch;
  dispatch.op = op.get();
  for (uint32_t i = 0; i < 3; i++) {
    if (Error error = make_buffer(device, contents[i]->size() * 2, buffers[i])) return error;
    buffers[i]->write(0, contents[i]->data(), contents[i]->size() * 2);
    dispatch.args.push_back({.index = i, .buffer = buffers[i].get()});
  }
  if (Error error = run_once(device, dispatch)) return error;
  buffers[2]->read(0, c.data(), c.size() * 2);
  std::vector<double> truth(c.size());
  klab_reference_gemm(&gemm, a.data(), b.data(), nullptr, nullptr, truth.data(), nullptr, nullptr);
  for (size_t i = 0; i < c.size(); i++) {
    if (widen_f16(c[i]) == truth[i]) continue;
    return {KLAB_INTERNAL, format("element %zu is %g, expected %g", i, double(widen_f16(c[i])), truth[i])};
  }
  detail = device.info().baseline;
  return {};
}

Check run_check(const std::string& name, const std::function<Error(std::string&)>& body) {
  using Clock = std::chrono::steady_clock;
  Check check;
  check.name = name;
  const Clock::time_point start = Clock::now();
  const Error error = body(check.detail);
  check.ns = static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - start).count());
  check.has_passed = !error;
  if (error) check.detail = std::string(klab_status_name(error.status)) + ": " + error.message;
  return check;
}

}  // namespace

Error run_selftest(Device& device, std::string& json) {
  std::vector<Check> checks;
  std::unique_ptr<Module> module;
  checks.push_back(run_check("memory", [&](std::string& detail) { return check_memory(device, detail); }));
  checks.push_back(run_check("compiler", [&](std::string& detail) { return check_compiler(device, module, detail); }));
  const bool is_compiled = checks.back().has_passed;
  for (const char* name : {"selftest_add", "selftest_reverse", "selftest_sum"}) {
    if (is_compiled) checks.push_back(run_check(name, [&](std::string& detail) { return check_kernel(device, *module, name, detail); }));
  }
  checks.push_back(run_check("baseline", [&](std::string& detail) { return check_baseline(device, detail); }));
  bool has_passed = true;
  std::string list;
  for (const Check& check : checks) {
    has_passed &= check.has_passed;
    list += list.empty() ? "" : ",";
    list += "{\"name\":" + json_text(check.name) + ",\"passed\":" + (check.has_passed ? "true" : "false") + ",\"detail\":" + json_text(check.detail) +
            format(",\"ns\":%llu}", static_cast<unsigned long long>(check.ns));
  }
  json = std::string("{\"device\":\"cpu\",\"passed\":") + (has_passed ? "true" : "false") + ",\"checks\":[" + list + "]}";
  return {};
}

}  // namespace klab::cpu
