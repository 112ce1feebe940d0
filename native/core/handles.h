// What is behind the opaque handles. A handle owns a reference to a state; states own each other upwards (an op its
// module, everything its device), so destroying handles in any order is safe, also while a run is using them.
#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "core/device.h"

namespace klab {

class RunWorker;

struct DeviceState {
  std::unique_ptr<Device> device;
  std::string id;
  std::mutex mutex;  // one call at a time on this handle
  std::atomic<bool> is_lost{false};
  std::unique_ptr<RunWorker> worker;

  DeviceState();
  ~DeviceState();

  // Around every blocking call, whichever handle it came through, so that a cancel reaches it and none is left over.
  void begin_call();
  void end_call();
  void cancel();

  // What the device tells of itself. Never waits for a run.
  klab_device_info info();
  // With `mutex` held.
  Error set_option(const char* key, const char* value);

 private:
  std::mutex info_mutex_;  // the device's info against its options
  std::mutex call_mutex_;
  uint32_t calls_in_flight_ = 0;
};

class CallScope {
 public:
  explicit CallScope(DeviceState& state) : state_(state) { state_.begin_call(); }
  ~CallScope() { state_.end_call(); }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;

 private:
  DeviceState& state_;
};

// The device comes first in each: members are destroyed in reverse, and what a device made must go before it.
struct ModuleState {
  std::shared_ptr<DeviceState> device;
  std::unique_ptr<Module> module;
  std::mutex mutex;
};

struct OpState {
  std::shared_ptr<DeviceState> device;
  std::shared_ptr<ModuleState> module;  // null for a baseline
  std::unique_ptr<Op> op;
};

struct BufferState {
  std::shared_ptr<DeviceState> device;
  std::unique_ptr<Buffer> buffer;
  std::mutex mutex;
};

Error lost_error(const DeviceState& state);

}  // namespace klab

struct klab_device {
  std::shared_ptr<klab::DeviceState> state;
};
struct klab_module {
  std::shared_ptr<klab::ModuleState> state;
};
struct klab_op {
  std::shared_ptr<klab::OpState> state;
};
struct klab_buffer {
  std::shared_ptr<klab::BufferState> state;
};
