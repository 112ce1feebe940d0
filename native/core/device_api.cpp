// klab_device_*, klab_selftest.
#include <cstring>

#include "core/boundary.h"
#include "core/device_registry.h"
#include "core/handles.h"

using namespace klab;

extern "C" klab_status klab_device_count(uint32_t* count) {
  if (!count) return KLAB_INVALID_ARGUMENT;
  *count = static_cast<uint32_t>(device_kinds().size());
  return KLAB_OK;
}

extern "C" klab_status klab_device_id(uint32_t index, char* id, uint32_t id_bytes) {
  if (!id || id_bytes == 0) return KLAB_INVALID_ARGUMENT;
  if (index >= device_kinds().size()) return KLAB_NOT_FOUND;
  copy_text(id, id_bytes, device_kinds()[index].id);
  return KLAB_OK;
}

static Error open_device(const char* id, std::unique_ptr<Device>& device) {
  std::string known;
  for (const DeviceKind& kind : device_kinds()) {
    if (std::strcmp(kind.id, id) == 0) return kind.open(device);
    known += known.empty() ? kind.id : std::string(", ") + kind.id;
  }
  return {KLAB_NOT_FOUND, format("no device \"%s\" in this library; it has: %s", id, known.c_str())};
}

extern "C" klab_status klab_device_open(const char* id, klab_device** device, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!id || !device) return invalid("klab_device_open: id and device must not be NULL");
    *device = nullptr;
    auto state = std::make_shared<DeviceState>();
    state->id = id;
    if (Error failure = open_device(id, state->device)) return failure;
    *device = new klab_device{std::move(state)};
    return {};
  });
}

extern "C" void klab_device_close(klab_device* device) { delete device; }

extern "C" klab_status klab_device_get_info(klab_device* device, klab_device_info* info) {
  return boundary(nullptr, [&]() -> Error {
    if (!device) return invalid("device is NULL");
    DeviceState& state = *device->state;
    if (state.is_lost) return lost_error(state);
    klab_device_info value = state.info();
    return write_struct(info, value, "klab_device_info");
  });
}

extern "C" klab_status klab_device_get_tier(klab_device* device, uint32_t index, klab_tier_info* tier) {
  return boundary(nullptr, [&]() -> Error {
    if (!device) return invalid("device is NULL");
    DeviceState& state = *device->state;
    const std::lock_guard lock(state.mutex);
    if (state.is_lost) return lost_error(state);
    klab_tier_info value = {};
    if (Error error = state.device->tier(index, value)) return error;
    return write_struct(tier, value, "klab_tier_info");
  });
}

extern "C" klab_status klab_device_set_option(klab_device* device, const char* key, const char* value, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !key || !value) return invalid("klab_device_set_option: device, key and value must not be NULL");
    DeviceState& state = *device->state;
    const std::lock_guard lock(state.mutex);
    if (state.is_lost) return lost_error(state);
    return state.set_option(key, value);
  });
}

extern "C" klab_status klab_device_cancel(klab_device* device) {
  return boundary(nullptr, [&]() -> Error {
    if (!device) return invalid("device is NULL");
    device->state->cancel();
    return {};
  });
}

extern "C" klab_status klab_selftest(klab_device* device, char* json, uint64_t capacity, uint64_t* bytes, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !bytes || (!json && capacity)) return invalid("klab_selftest: device, json and bytes must not be NULL");
    const std::shared_ptr<DeviceState> keep = device->state;
    DeviceState& state = *keep;
    const std::lock_guard lock(state.mutex);
    if (state.is_lost) return lost_error(state);
    const CallScope call(state);
    std::string text;
    if (Error failure = state.device->selftest(text)) return failure;
    *bytes = text.size() + 1;
    if (capacity < *bytes) {
      return invalid(format("the selftest's JSON needs %zu bytes, json has %llu", text.size() + 1,
                            static_cast<unsigned long long>(capacity)));
    }
    std::memcpy(json, text.c_str(), text.size() + 1);
    return {};
  });
}
