// A kernel `check` over `count` threads of a device.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "include/klab.h"

namespace msl_accuracy {

struct Bytes {
  const void* data = nullptr;
  size_t size = 0;
};
template <class T> Bytes bytes_of(const std::vector<T>& values) { return {values.data(), values.size() * sizeof(T)}; }

// Buffer 0 comes out as `out`, buffer 1 is `in`, constant 2 is `count` and buffer 3, when there is one, `more`. False,
// and a failed check, when it does not compile or run.
bool run_kernel(klab_device* device, const std::string& source, uint32_t math, uint32_t count, Bytes in, Bytes more, void* out, size_t out_bytes);

// Values: out[k * count + i] of `functions` functions at the points of `in`.
template <class T, class In>
bool run_functions(klab_device* device, const std::string& source, uint32_t math, size_t functions, size_t count, const std::vector<In>& in, std::vector<T>& out) {
  out.resize(functions * count);
  return run_kernel(device, source, math, static_cast<uint32_t>(count), bytes_of(in), {}, out.data(), out.size() * sizeof(T));
}

}  // namespace msl_accuracy
