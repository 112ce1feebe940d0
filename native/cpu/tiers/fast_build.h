// A faster build of an entry than thread by thread: leader (one lane stands for its simdgroup) or vector (lanes in SIMD
// code), found in the cache, made now, or made in the background.
#pragma once
#include <memory>
#include <mutex>
#include <string>

#include "cpu/exec/executor.h"
#include "cpu/tiers/build_queue.h"
#include "cpu/tiers/library.h"
#include "cpu/tiers/op_source.h"

namespace klab::cpu {

// Wide: counts on threadgroups whose width is a multiple of 32.
enum class FastKind { leader, wide_vector, any_vector };
inline constexpr size_t fast_kinds = 3;

// One build, whatever became of it.
class FastBuild {
 public:
  FastBuild(OpSource source, FastKind kind) : source_(std::move(source)), kind_(kind) {}
  FastBuild(const FastBuild&) = delete;
  FastBuild& operator=(const FastBuild&) = delete;

  // Looks into the cache. False when it has yet to be made; else it is ready or refused.
  bool find();
  // [blocking] Makes it on the calling thread; what became of it.
  Error make(const std::atomic<bool>& cancel);
  // Makes it in the background, once; again after a failure that need not come again (no memory, no space), a few times.
  static void queue(const std::shared_ptr<FastBuild>& build, BuildQueue& queue);
  // What is waiting or being made in the background is given up.
  void abandon();
  // [blocking] False when time ran out or `stop` was set. At once when nothing is being made.
  bool wait(uint64_t timeout_ns, const std::atomic<bool>& stop);

  bool is_ready() const;
  bool is_pending() const;  // being made, or waiting for it
  bool is_refused() const;  // there is none of this entry and never will be
  Error error() const;      // why there is none; OK when ready or not yet made
  // Whether the build may run this launch. False unless it is ready.
  bool fits(const Launch& launch) const;

  // Only once it is ready; they do not change afterwards.
  Launch applied_to(Launch launch) const;  // the launch, run by this build
  const Library& library() const { return *library_; }
  const CompiledEntry& compiled() const { return compiled_; }
  FastKind kind() const { return kind_; }
  const char* tier() const { return kind_ == FastKind::leader ? "leader" : "vector"; }

 private:
  Error compile(const CompileContext& context, CompiledEntry& out) const;
  Error finish(Error error, CompiledEntry&& compiled);

  const OpSource source_;
  const FastKind kind_;
  mutable std::mutex mutex_;
  std::shared_ptr<QueuedBuild> queued_;
  std::shared_ptr<const Library> library_;
  CompiledEntry compiled_;
  Error error_;
  int attempts_ = 0;
};

}  // namespace klab::cpu
