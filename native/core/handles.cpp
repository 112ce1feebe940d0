#include "core/handles.h"

#include "core/run_worker.h"
#include "core/text.h"

namespace klab {

DeviceState::DeviceState() = default;
DeviceState::~DeviceState() = default;

void DeviceState::begin_call() {
  const std::lock_guard lock(call_mutex_);
  // What was abandoned on a lost device is told to stop for good.
  if (calls_in_flight_++ == 0 && !is_lost) device->cancelled = false;
}

void DeviceState::end_call() {
  const std::lock_guard lock(call_mutex_);
  calls_in_flight_--;
}

void DeviceState::cancel() {
  const std::lock_guard lock(call_mutex_);
  if (calls_in_flight_ > 0) device->cancel();
}

klab_device_info DeviceState::info() {
  const std::lock_guard lock(info_mutex_);
  return device->info();
}

Error DeviceState::set_option(const char* key, const char* value) {
  const std::lock_guard lock(info_mutex_);
  return device->set_option(key, value);
}

Error lost_error(const DeviceState& state) {
  return {KLAB_DEVICE_LOST, format("device \"%s\" was lost by an earlier run; open it in a new process", state.id.c_str())};
}

}  // namespace klab
