#include "cpu/tiers/trial.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <set>

#include "core/text.h"
#include "cpu/buffer.h"
#include "cpu/host_info.h"

namespace klab::cpu {

namespace {

constexpr uint64_t slice_ns = 50'000;        // of the faster build: enough for the clock, little beside a dispatch
constexpr uint64_t budget_ns = 30'000'000;   // no further round is begun after it
constexpr double plainly_faster = 1.5;       // one round is then enough
constexpr int rounds = 5;
constexpr uint64_t most_copied_bytes = 1ull << 30;

uint64_t now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

// Copies of the device buffers: also of those that it says it only reads, since a cast can take const away.
class Copies {
 public:
  Error make(const Dispatch& dispatch, std::span<const Binding> bindings) {
    uint64_t bytes = 0;
    for (const Arg& arg : dispatch.args) {
      if (arg.kind != KLAB_ARG_BUFFER || !is_device_memory(bindings, arg.index)) continue;
      if (may_write(bindings, arg.index)) written_.insert(arg.buffer);
      if (buffers_.contains(arg.buffer)) continue;
      bytes += arg.buffer->bytes();
      if (bytes > std::min(most_copied_bytes, available_bytes() / 4)) return {KLAB_OUT_OF_MEMORY, "its buffers are too large to copy"};
      klab_buffer_desc desc = {};
      desc.struct_size = sizeof desc;
      desc.bytes = arg.buffer->bytes();
      if (Error error = HostBuffer::create(desc, buffers_[arg.buffer])) return error;
      fill(arg.buffer);
    }
    return {};
  }

  // As the kernel finds them. Needed before each execution: where an index depends on what was written (a counter of
  // tickets), running the same threadgroups twice over is not what the kernel was written for.
  void refresh() {
    for (Buffer* original : written_) fill(original);
  }

  // The launch with the copies in the place of the originals, also where a kernel only reads through one of its names.
  Launch redirect(const Dispatch& dispatch, Launch launch) const {
    for (const Arg& arg : dispatch.args) {
      if (arg.kind == KLAB_ARG_BUFFER && buffers_.contains(arg.buffer)) launch.args.buffer[arg.index] = data(arg.buffer) + arg.offset;
    }
    return launch;
  }

 private:
  static bool is_device_memory(std::span<const Binding> bindings, uint32_t index) {
    return std::any_of(bindings.begin(), bindings.end(), [&](const Binding& b) { return b.index == index && b.kind == KLAB_BINDING_BUFFER; });
  }
  static bool may_write(std::span<const Binding> bindings, uint32_t index) {
    return std::any_of(bindings.begin(), bindings.end(), [&](const Binding& b) { return b.index == index && b.kind == KLAB_BINDING_BUFFER && b.access != KLAB_ACCESS_READ; });
  }
  void fill(Buffer* original) { std::memcpy(data(original), static_cast<HostBuffer*>(original)->data(), original->bytes()); }
  unsigned char* data(Buffer* original) const { return static_cast<HostBuffer*>(buffers_.at(original).get())->data(); }

  std::map<Buffer*, std::unique_ptr<Buffer>> buffers_;
  std::set<Buffer*> written_;
};

struct Timer {
  Copies& copies;
  Executor& executor;
  const std::atomic<bool>& cancel;
  uint64_t groups = 1;
  Error error{};

  uint64_t time(const Launch& launch) {
    uint64_t ns = 0;
    copies.refresh();
    if (!error) error = executor.run_some(launch, 0, groups, cancel, &ns);
    return std::max<uint64_t>(ns, 1);
  }
};

}  // namespace

TrialResult compare_builds(const Dispatch& dispatch, std::span<const Binding> bindings, const Launch& base, const Launch& fast, Executor& executor, const std::atomic<bool>& cancel) {
  TrialResult result;
  Copies copies;
  if ((result.error = copies.make(dispatch, bindings))) return result;
  const Launch slow_launch = copies.redirect(dispatch, base), fast_launch = copies.redirect(dispatch, fast);
  Timer timer{copies, executor, cancel};
  const uint64_t start_ns = now_ns();
  // Stacks and code are touched for the first time. The slow build may be very slow: where one threadgroup of it takes
  // the whole budget, that time is the comparison.
  timer.time(fast_launch);
  const uint64_t first_slow = timer.time(slow_launch), once = timer.time(fast_launch);
  timer.groups = std::clamp<uint64_t>(slice_ns / once, 1, Executor::group_count(base));
  uint64_t best_fast = UINT64_MAX, best_slow = UINT64_MAX;
  if (first_slow > budget_ns) best_fast = once, best_slow = first_slow;
  for (int round = first_slow > budget_ns ? rounds : 0; round < rounds && !timer.error; round++) {
    const uint64_t fast_ns = timer.time(fast_launch), slow_ns = timer.time(slow_launch);
    best_fast = std::min(best_fast, fast_ns);
    best_slow = std::min(best_slow, slow_ns);
    if (now_ns() - start_ns > budget_ns || double(best_slow) > plainly_faster * double(best_fast)) break;
  }
  if ((result.error = std::move(timer.error))) return result;
  result.is_measured = true;
  result.speedup = double(best_slow) / double(best_fast);
  return result;
}

}  // namespace klab::cpu
