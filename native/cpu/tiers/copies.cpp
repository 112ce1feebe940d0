#include "cpu/tiers/copies.h"

#include <algorithm>
#include <cstring>

#include "cpu/buffer.h"
#include "cpu/host_info.h"

namespace klab::cpu {

namespace {

constexpr uint64_t most_bytes = 256ull << 20;  // some 0.1 s to make and fill

template <class Condition>
bool any_buffer(std::span<const Binding> bindings, uint32_t index, Condition condition) {
  return std::any_of(bindings.begin(), bindings.end(), [&](const Binding& b) { return b.index == index && b.kind == KLAB_BINDING_BUFFER && condition(b); });
}

}  // namespace

Error Copies::make(const Dispatch& dispatch, std::span<const Binding> bindings) {
  uint64_t bytes = 0;
  for (const Arg& arg : dispatch.args) {
    if (arg.kind != KLAB_ARG_BUFFER || !any_buffer(bindings, arg.index, [](const Binding&) { return true; })) continue;
    if (any_buffer(bindings, arg.index, [](const Binding& b) { return b.access != KLAB_ACCESS_READ; })) written_.insert(arg.buffer);
    if (buffers_.contains(arg.buffer)) continue;
    bytes += arg.buffer->bytes();
    if (bytes > std::min(most_bytes, available_bytes() / 4)) return {KLAB_OUT_OF_MEMORY, "its buffers are too large to copy"};
    klab_buffer_desc desc = {};
    desc.struct_size = sizeof desc;
    desc.bytes = arg.buffer->bytes();
    if (Error error = HostBuffer::create(desc, buffers_[arg.buffer])) return error;
    fill(arg.buffer);
  }
  return {};
}

void Copies::refresh() {
  for (Buffer* original : written_) fill(original);
}

Launch Copies::redirect(const Dispatch& dispatch, Launch launch) const {
  for (const Arg& arg : dispatch.args) {
    if (arg.kind == KLAB_ARG_BUFFER && buffers_.contains(arg.buffer)) launch.args.buffer[arg.index] = data(arg.buffer) + arg.offset;
  }
  return launch;
}

void Copies::fill(Buffer* original) { std::memcpy(data(original), static_cast<HostBuffer*>(original)->data(), original->bytes()); }
unsigned char* Copies::data(Buffer* original) const { return static_cast<HostBuffer*>(buffers_.at(original).get())->data(); }

}  // namespace klab::cpu
