// klab_buffer_*.
#include "core/boundary.h"
#include "core/handles.h"

using namespace klab;

using ull = unsigned long long;

extern "C" klab_status klab_buffer_create(klab_device* device, const klab_buffer_desc* desc, klab_buffer** buffer, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !buffer) return invalid("klab_buffer_create: device and buffer must not be NULL");
    *buffer = nullptr;
    klab_buffer_desc value;
    if (Error failure = read_struct(desc, value, "klab_buffer_desc")) return failure;
    if (value.bytes == 0) return invalid("a buffer of 0 bytes cannot be made");
    if (value.flags & ~(KLAB_BUFFER_GUARDED | KLAB_BUFFER_UNDEFINED)) return invalid(format("buffer flags 0x%x hold a bit that is not known", value.flags));
    DeviceState& owner = *device->state;
    auto state = std::make_shared<BufferState>();
    state->device = device->state;
    const std::lock_guard lock(owner.mutex);
    if (owner.is_lost) return lost_error(owner);
    if (Error failure = owner.device->create_buffer(value, state->buffer)) return failure;
    *buffer = new klab_buffer{std::move(state)};
    return {};
  });
}

extern "C" void klab_buffer_destroy(klab_buffer* buffer) { delete buffer; }

static Error check_range(const Buffer& buffer, uint64_t offset, uint64_t bytes) {
  if (offset <= buffer.bytes() && bytes <= buffer.bytes() - offset) return {};
  return invalid(format("range [%llu, +%llu) is outside the buffer of %llu bytes", static_cast<ull>(offset),
                        static_cast<ull>(bytes), static_cast<ull>(buffer.bytes())));
}

template <class Body>
static klab_status with_buffer(klab_buffer* buffer, klab_error* error, Body&& body) {
  return boundary(error, [&]() -> Error {
    if (!buffer) return invalid("buffer is NULL");
    BufferState& state = *buffer->state;
    const std::lock_guard lock(state.mutex);
    if (state.device->is_lost) return lost_error(*state.device);
    return body(*state.buffer);
  });
}

extern "C" klab_status klab_buffer_write(klab_buffer* buffer, uint64_t offset, const void* data, uint64_t bytes, klab_error* error) {
  return with_buffer(buffer, error, [&](Buffer& target) -> Error {
    if (Error failure = check_range(target, offset, bytes)) return failure;
    if (bytes == 0) return {};
    if (!data) return invalid("klab_buffer_write: data is NULL");
    return target.write(offset, data, bytes);
  });
}

extern "C" klab_status klab_buffer_read(klab_buffer* buffer, uint64_t offset, void* data, uint64_t bytes, klab_error* error) {
  return with_buffer(buffer, error, [&](Buffer& source) -> Error {
    if (Error failure = check_range(source, offset, bytes)) return failure;
    if (bytes == 0) return {};
    if (!data) return invalid("klab_buffer_read: data is NULL");
    return source.read(offset, data, bytes);
  });
}

extern "C" klab_status klab_buffer_fill(klab_buffer* buffer, uint64_t offset, uint64_t bytes, uint64_t pattern, uint32_t pattern_bytes, klab_error* error) {
  return with_buffer(buffer, error, [&](Buffer& target) -> Error {
    if (pattern_bytes != 1 && pattern_bytes != 2 && pattern_bytes != 4 && pattern_bytes != 8) {
      return invalid(format("pattern_bytes is %u; it must be 1, 2, 4 or 8", pattern_bytes));
    }
    if (offset > target.bytes()) return check_range(target, offset, bytes);
    const uint64_t length = bytes ? bytes : target.bytes() - offset;
    if (Error failure = check_range(target, offset, length)) return failure;
    return target.fill(offset, length, pattern, pattern_bytes);
  });
}

extern "C" klab_status klab_buffer_check(klab_buffer* buffer, klab_buffer_check_result* result) {
  return with_buffer(buffer, nullptr, [&](Buffer& target) -> Error {
    const klab_buffer_check_result value = target.check();
    return write_struct(result, value, "klab_buffer_check_result");
  });
}
