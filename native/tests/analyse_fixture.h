// Runs a small kernel under observation, through klab.h.
#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "conformance.h"

namespace analyse_test {

using Analysis = conformance::Owner<klab_analysis, klab_analysis_destroy>;

struct Argument {
  uint32_t index = 0;
  std::vector<unsigned char> bytes;  // initial contents
  uint32_t flags = 0;                // of the buffer
  bool is_constant = false;          // passed as bytes
  uint32_t threadgroup_bytes = 0;
};

inline Argument floats(uint32_t index, size_t count, float value = 1, uint32_t flags = 0) {
  std::vector<float> values(count, value);
  const auto* data = reinterpret_cast<const unsigned char*>(values.data());
  return {index, {data, data + count * sizeof(float)}, flags};
}
// Whose contents count as uninitialised.
inline Argument undefined(uint32_t index, size_t bytes) {
  Argument out{index, {}, KLAB_BUFFER_UNDEFINED};
  out.bytes.resize(bytes);
  return out;
}
template <class T>
Argument constant(uint32_t index, T value) {
  const auto* data = reinterpret_cast<const unsigned char*>(&value);
  return {index, {data, data + sizeof value}, 0, true};
}

struct Case {
  std::string source;
  std::vector<Argument> arguments;
  const char* entry = "k";
  bool is_whole_source = false;  // else the usual head is put before it
  uint32_t grid[3] = {1, 1, 1}, threads[3] = {32, 1, 1};
  bool grid_is_threads = false;
  uint32_t checks = 0, max_findings = 0;
  uint64_t seed = 0;
  const char* os_threads = "1";
  bool is_cancelled = false;  // soon after it began
};

struct Result {
  klab_status status = KLAB_INTERNAL;
  std::string json, error;
  std::map<uint32_t, std::vector<unsigned char>> buffers;  // afterwards, by index

  bool has(const std::string& part) const { return json.find(part) != std::string::npos; }
  bool is_clean() const { return status == KLAB_OK && has("{\"findings\":[],"); }
  // How many findings there are of a kind at a line (0: any).
  int count(const std::string& kind, uint32_t line = 0) const {
    int found = 0;
    for (size_t at = json.find("{\"kind\":\"" + kind + "\""); at != std::string::npos; at = json.find("{\"kind\":\"" + kind + "\"", at + 1)) {
      const size_t number = json.find("\"line\":", at) + 7;
      found += line == 0 || std::strtoul(json.c_str() + number, nullptr, 10) == line;
    }
    return found;
  }
  // A counter of a line (0: the total); -1 when it is not there.
  long long counter(uint32_t line, const std::string& name) const {
    const size_t start = line ? json.find("\"line\":" + std::to_string(line) + ",\"executions\"") : json.find("\"total\":{");
    if (start == std::string::npos) return -1;
    const size_t at = json.find("\"" + name + "\":", start);
    return at == std::string::npos ? -1 : std::atoll(json.c_str() + at + name.size() + 3);
  }
};

inline Result analyse(const Case& c) {
  using namespace conformance;
  device_id() = "cpu";
  Result result;
  Device device;
  open_device(device);
  set_option(device, "threads", c.os_threads);
  Error error;
  Module module;
  Op op;
  const std::string source = (c.is_whole_source ? "" : "#include <metal_stdlib>\nusing namespace metal;\n") + c.source;
  result.status = create_module(device, source.c_str(), module, &error);
  auto op_desc = make<klab_op_desc>();
  op_desc.entry = c.entry;
  op_desc.flags = KLAB_OP_ANALYSE;
  if (result.status == KLAB_OK) result.status = klab_op_create(module, &op_desc, op.out(), &error);
  std::vector<Buffer> buffers(c.arguments.size());
  std::vector<klab_arg> args;
  for (size_t i = 0; i < c.arguments.size(); i++) {
    const Argument& a = c.arguments[i];
    if (a.threadgroup_bytes) {
      auto arg = make<klab_arg>();
      arg.kind = KLAB_ARG_THREADGROUP;
      arg.index = a.index;
      arg.bytes = a.threadgroup_bytes;
      args.push_back(arg);
    } else if (a.is_constant) {
      args.push_back(bytes_arg(a.index, a.bytes.data(), a.bytes.size()));
    } else {
      create_buffer(device, a.bytes.size(), buffers[i], a.flags);
      if (!(a.flags & KLAB_BUFFER_UNDEFINED)) klab_buffer_write(buffers[i], 0, a.bytes.data(), a.bytes.size(), nullptr);
      args.push_back(buffer_arg(a.index, buffers[i]));
    }
  }
  if (result.status == KLAB_OK) {
    klab_dispatch dispatch = make_dispatch(op, args);
    std::copy(std::begin(c.grid), std::end(c.grid), dispatch.grid);
    std::copy(std::begin(c.threads), std::end(c.threads), dispatch.threads);
    dispatch.grid_is_threads = c.grid_is_threads;
    auto desc = make<klab_analysis_desc>();
    desc.dispatches = &dispatch;
    desc.dispatch_count = 1;
    desc.checks = c.checks;
    desc.max_findings = c.max_findings;
    desc.seed = c.seed;
    desc.timeout_ns = 60'000'000'000;
    Analysis analysis;
    std::atomic<bool> is_done = false;
    std::thread canceller([&] {
      // Again and again: a cancel before the call has no effect.
      while (c.is_cancelled && !is_done) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        klab_device_cancel(device);
      }
    });
    result.status = klab_analysis_create(device, &desc, analysis.out(), &error);
    is_done = true;
    canceller.join();
    if (result.status == KLAB_OK) {
      uint64_t bytes = 0;
      klab_analysis_get_json(analysis, nullptr, 0, &bytes);
      std::vector<char> json(bytes);
      CHECK_EQ(klab_analysis_get_json(analysis, json.data(), bytes, &bytes), KLAB_OK);
      result.json = json.data();
    }
  }
  result.error = error.message;
  if (result.status != KLAB_OK) std::printf("status %d: %s\n", result.status, error.message);
  for (size_t i = 0; i < c.arguments.size(); i++) {
    if (!buffers[i]) continue;
    auto& bytes = result.buffers[c.arguments[i].index];
    bytes.resize(c.arguments[i].bytes.size());
    klab_buffer_read(buffers[i], 0, bytes.data(), bytes.size(), nullptr);
  }
  return result;
}

}  // namespace analyse_test
