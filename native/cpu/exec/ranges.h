// The threadgroups of a dispatch, shared out among OS threads.
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

namespace klab {

// Each thread takes those of a stretch of its own, in order, and when it has come to the stretch's end goes on with what
// is left of the others'. Neighbouring threadgroups, which read and write neighbouring memory, so stay on one processor,
// and in the next dispatch on the same one, where that memory already is in its cache.
//
// Taken from the front everywhere: the first threadgroup that is not done is always being run, or next for a thread that
// runs no later one of its stretch. Kernels in which a threadgroup waits for an earlier one come to their end.
class Ranges {
 public:
  explicit Ranges(unsigned threads) : stretches_(threads) {}

  // Not while threads take. Numbers from `first` up to, without it, `end`, for `threads` of them.
  void share_out(uint64_t first, uint64_t end, unsigned threads) {
    used_ = threads;
    for (unsigned i = 0; i < threads; i++) {
      stretches_[i].next.store(first, std::memory_order_relaxed);
      first += (end - first) / (threads - i);
      stretches_[i].end = first;
    }
  }

  // False when all are taken. `stretch` is where this thread looks first: to begin with its own number.
  bool take(unsigned& stretch, uint64_t& number) {
    for (unsigned tried = 0; tried < used_; tried++) {
      Stretch& from = stretches_[stretch % used_];
      number = from.next.load(std::memory_order_relaxed);
      if (number < from.end) number = from.next.fetch_add(1, std::memory_order_relaxed);
      if (number < from.end) return true;
      stretch++;
    }
    return false;
  }

 private:
  struct alignas(64) Stretch {
    std::atomic<uint64_t> next{0};
    uint64_t end = 0;
  };
  std::vector<Stretch> stretches_;
  unsigned used_ = 0;
};

}  // namespace klab
