#include "cpu/tiers/launch_key.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "cpu/host_op.h"

namespace klab::cpu {

namespace {

constexpr uint64_t small_bytes = 64;  // of an argument that holds parameters rather than data

// Small numbers are often kinds and flags: each for itself.
uint64_t bucket(uint64_t value) { return value < 16 ? value : 12 + static_cast<uint64_t>(std::bit_width(value)); }

void add_numbers(LaunchKey& key, const void* data, uint64_t bytes) {
  for (uint64_t at = 0; at < bytes; at += sizeof(uint32_t)) {
    uint32_t word = 0;
    std::memcpy(&word, static_cast<const char*>(data) + at, std::min<uint64_t>(sizeof word, bytes - at));
    key.push_back(bucket(word));
  }
}

bool is_read_only(std::span<const Binding> bindings, uint32_t index) {
  return std::any_of(bindings.begin(), bindings.end(), [&](const Binding& b) { return b.index == index && b.kind == KLAB_BINDING_BUFFER && b.access == KLAB_ACCESS_READ; });
}

}  // namespace

LaunchKey key_of(const Dispatch& dispatch, std::span<const Binding> bindings) {
  LaunchKey key = {dispatch.grid[0], dispatch.grid[1], dispatch.grid[2], dispatch.threads[0], dispatch.threads[1], dispatch.threads[2], dispatch.grid_is_threads};
  for (const Arg& arg : dispatch.args) {
    const uint64_t bytes = arg.kind == KLAB_ARG_BUFFER ? arg.buffer->bytes() - arg.offset : arg.bytes;
    key.insert(key.end(), {arg.kind, arg.index, bucket(bytes)});
    const bool holds_numbers = arg.kind == KLAB_ARG_BYTES || (arg.kind == KLAB_ARG_BUFFER && is_read_only(bindings, arg.index));
    if (holds_numbers && bytes <= small_bytes) add_numbers(key, host_pointer(arg), bytes);
  }
  return key;
}

}  // namespace klab::cpu
