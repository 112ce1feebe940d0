// Runs the threadgroups of one analysed dispatch, one after the other, every thread a fiber, and watches what they do.
// The kernel's rewritten code calls what the `called by kernels` part declares (callbacks.cpp), on the fibers.
#pragma once
#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "cpu/analyse/counts.h"
#include "cpu/analyse/findings.h"
#include "cpu/analyse/grid.h"
#include "cpu/analyse/memory.h"
#include "cpu/exec/stacks.h"
#include "cpu/tiers/library.h"
#include "msl/simt_abi.h"

namespace klab::analyse {

struct RunnerOptions {
  uint32_t checks = 0;  // KLAB_CHECK_*
  uint64_t seed = 0;
  uint32_t threadgroup_bytes = 0;  // limit of a threadgroup's memory
};

struct Launch {
  const klab_kernel_desc* kernel = nullptr;
  const SiteTable* table = nullptr;
  klab_launch args{};
  Grid grid;
  std::vector<cpu::MemoryRange> segments;  // of the kernel's library
};

class Runner {
 public:
  // `memory` holds the dispatch's buffers, and has room for its threadgroup memory.
  Runner(const RunnerOptions& options, const Launch& launch, Memory& memory, Findings& findings);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Names of [[threadgroup(n)]] arguments, for findings.
  void name_threadgroup_argument(uint32_t index, std::string name) { argument_names_[index] = std::move(name); }
  // Errors: CANCELLED, OUT_OF_MEMORY, MISMATCH (threadgroup memory over the limit). `clock` is the time of the shadow;
  // it goes on from one dispatch to the next.
  Error run(const std::atomic<bool>& cancel, uint32_t& clock);
  LaneLog& log() { return log_; }
  // The run ended because the kernel wrote memory without a shadow, which nobody seemed to write: it is to be run again
  // with shadows for all.
  bool needs_all_shadows() const { return needs_all_shadows_; }

  // ---- called by kernels
  void* access_read(void* pointer, uint32_t site);
  void* access_write(void* pointer, uint32_t site) { return access<true>(pointer, facts_[site].bytes, site); }
  void* access_atomic(void* pointer, uint32_t site);
  void* access_range(void* pointer, uint64_t bytes, uint32_t site);
  void* access_array(void* pointer, void* variable, uint32_t site);
  void branch(uint32_t way, uint32_t site);
  void meet(uint32_t site, uint32_t flags, const void* address, const void* frame, uint32_t frames);
  void barrier(uint32_t site, uint32_t flags);
  void fence(uint32_t bits);
  void* variable(uint32_t site, uint32_t slot, uint64_t bytes);
  void enter_kernel();
  const klab_kernel_desc* kernel() const { return launch_.kernel; }
  const klab_launch* launch() const { return &launch_.args; }
  const Stacks& stacks() const { return stacks_; }

 private:
  struct Thread {
    uint32_t barrier_site = 0, barrier_flags = 0, meet_site = 0, meet_flags = 0, last_branch = no_site;
  };
  static constexpr uint32_t no_site = ~0u;
  static constexpr uint32_t stack_bytes = 256 * 1024;

  // runner.cpp
  Error run_group(uint64_t group);
  Error prepare(klab_uint3 position, klab_uint3 size);
  bool is_cancelled();
  // On a fiber: never returns once the analysis was cancelled, also because its time is over. A thread that does not come
  // to an end by itself comes past here with every access, unless it goes round without one.
  void leave_if_cancelled() {
    if (cancel_->load(std::memory_order_relaxed) && is_cancelled()) [[unlikely]] yield();
  }
  void run_simdgroup(klab_simdgroup& simdgroup);
  void resume(klab_simdgroup& simdgroup);
  void yield();
  void count_lanes();
  void finish_meeting(klab_simdgroup& simdgroup);
  void release_barrier();
  uint64_t random();
  template <class T>
  void shuffle(std::vector<T>& list);

  // What an access must know of its site.
  struct SiteFacts {
    uint32_t bytes = 0;
    bool is_write = false, is_read = true, is_copy = false, may_fail = false, is_again = false;
  };

  // access.h
  template <bool is_write>
  void* access(void* pointer, uint64_t bytes, uint32_t site, bool is_atomic = false);
  template <bool is_write>
  void check_race(Region& region, const Access& access);
  static bool is_word_defined(const Region& region, uint64_t offset, uint64_t bytes);
  void* log(uint64_t entry, void* pointer = nullptr);

  // watch.cpp
  bool prepare_threadgroup_region(Region*& region, uint64_t bytes);
  [[gnu::noinline]] void* wait_for_count(void* pointer);
  void note_rare_write(const Region& region, const Access& access);
  void check_bytes(Region& region, uint64_t offset, uint64_t bytes, uint32_t site);
  void* access_again(void* pointer, uint64_t bytes, bool is_write);
  void* outside(void* pointer, uint64_t bytes, uint32_t site, bool is_write);
  void* past_end(const Region& region, uint64_t offset, uint64_t bytes, uint32_t site, bool is_write);
  void* scratch(uint64_t bytes, bool is_write);
  Error memory_error(uint64_t bytes) const;

  // tell.cpp: what was found, in words
  Finding blank(FindingKind kind, uint32_t site) const;
  Place place(uint32_t site) const { return {launch_.table->files[sites_[site].file], sites_[site].line}; }
  klab_uint3 group_of(uint32_t stamp) const;
  void tell_bounds(const Region& region, int64_t offset, uint64_t bytes, uint32_t site, bool is_write);
  void tell_array(int64_t offset, uint32_t site);
  void tell_nowhere(const void* pointer, uint64_t bytes, uint32_t site, bool is_write);
  void tell_const(const Region& region, const Access& access);
  void tell_race(const Region& region, const Access& access, const Record& with, bool is_write);
  void tell_uninitialised(const Region& region, uint64_t offset, uint64_t bytes, uint32_t site);
  void tell_barriers();
  void tell_divergence(uint32_t waiting, uint32_t other, bool has_returned);

  const RunnerOptions options_;
  Launch launch_;
  const Site* sites_;
  std::vector<SiteFacts> facts_;  // by site
  Memory& memory_;
  Findings& findings_;
  LaneLog log_;
  Stacks stacks_;
  std::array<std::string, KLAB_BUFFER_SLOTS> argument_names_;

  uintptr_t base_;
  uint32_t window_bits_;
  std::array<Order, 2> order_;  // of device and of threadgroup memory
  Fences fences_;
  std::vector<std::pair<uint32_t, uint64_t>> group_starts_;  // time, threadgroup

  klab_threadgroup threadgroup_{};
  std::vector<klab_fiber> fibers_;
  std::unique_ptr<klab_simdgroup[]> simdgroups_;
  std::vector<Thread> threads_;
  uint32_t thread_ = 0, lane_ = 0, paused_ = 0;  // the thread that runs; lanes that wait for their log to be counted
  uint64_t *cursor_ = nullptr, *cursor_end_ = nullptr;
  std::array<uint64_t*, KLAB_SIMD_WIDTH> upto_{};
  void* scheduler_ = nullptr;
  uint32_t returned_told_ = 0;  // threads of this threadgroup whose early return was told
  uint64_t random_ = 0;
  Error failure_;
  const std::atomic<bool>* cancel_ = nullptr;

  std::array<Region*, KLAB_BUFFER_SLOTS> arguments_{};
  std::array<Region*, KLAB_TG_VARIABLE_SLOTS> variables_{};
  uint64_t threadgroup_bytes_used_ = 0;
  std::vector<cpu::MemoryRange> known_ranges_;  // beside regions and the thread's own stack
  bool needs_all_shadows_ = false;
  unsigned char* scratch_ = nullptr;
};

// The runner whose fibers are on this OS thread; null outside of an analysis.
Runner* current_runner();
void set_current_runner(Runner* runner);
// Where block counts of the lane at work are added.
void set_counts(uint32_t* counts);

}  // namespace klab::analyse
