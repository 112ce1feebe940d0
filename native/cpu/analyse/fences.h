// What device fences around atomics order: accesses before a releasing fence of one thread come before accesses after an
// acquiring fence of another, when between the two the first wrote an atomic whose value, or one that updates made of it,
// the second read. Fences say nothing of threads that neither executed them nor are ordered with theirs by a barrier.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "msl/kernel_abi.h"

namespace klab::analyse {

struct Order;
struct Record;

class Fences {
 public:
  // Bits of a fence; one with neither orders nothing.
  static constexpr uint32_t acquires = 1, releases = 2;

  // A threadgroup starts, at this time.
  void start_group(uint32_t now);
  // `order` is of device memory, with a time of its own after the fence.
  void fence(uint32_t thread, uint32_t bits, const Order& order);
  // A thread's access to an atomic; a store alone ends what earlier updates of it passed on.
  void atomic(uint64_t where, uint32_t thread, bool is_read, bool is_write);
  // What one thread of the threadgroup knows, all know.
  void barrier();

  bool is_used() const { return is_used_; }
  // Whether what `thread` knows comes after `record`.
  bool orders(const Record& record, uint32_t thread) const;

 private:
  // Accesses of one threadgroup before a releasing fence: those of its thread, and those barriers ordered before it.
  struct Release {
    uint32_t group = 0, thread = 0;                       // when the threadgroup started
    uint32_t barrier = 0, simdgroup = 0, own = 0;         // what came before these times
    bool covers(const Record& record) const;
  };
  // Of one atomic, in the order of the updates, and so of threadgroups.
  using Sequence = std::vector<Release>;
  // The first so many of a sequence.
  struct Known {
    std::shared_ptr<const Sequence> sequence;
    size_t count = 0;
    bool covers(const Record& record) const;
  };
  using Knowledge = std::vector<Known>;
  struct Thread {
    bool has_release = false;
    Release release;   // of its last fence
    Knowledge read;    // with atomics, and not acquired yet
    Knowledge known;
  };
  static void learn(Knowledge& knowledge, const Known& more);
  static bool covers(const Knowledge& knowledge, const Record& record);

  bool is_used_ = false;
  uint32_t group_ = 0;
  std::map<uint32_t, Thread> threads_;  // of this threadgroup that have to do with fences
  Knowledge group_knows_;
  std::unordered_map<uint64_t, std::shared_ptr<Sequence>> atomics_;
};

}  // namespace klab::analyse
