// Who accessed each piece of memory last, and whether a new access is ordered after them.
//
// Order within a threadgroup comes from barriers alone: a threadgroup_barrier orders the accesses of all threads to the
// address spaces its flags name, a simdgroup_barrier those of its simdgroup's lanes. Simdgroup operations (simd_sum,
// matrix products) exchange values and order no memory, as in MSL. Device fences around atomics order device memory, also
// between threadgroups of a dispatch, which nothing else does. Atomic accesses do not race with each other.
//
// Time is a count of barriers: an access is stamped with it, and compared with when the last barrier was that counts.
#pragma once
#include <array>
#include <cstdint>

#include "cpu/analyse/fences.h"
#include "msl/kernel_abi.h"

namespace klab::analyse {

// One access: site · 2048 + thread · 2 + is_atomic, at a time. Time 0 is before everything.
struct Record {
  uint32_t stamp = 0, who = 0;
  uint32_t site() const { return who >> 11; }
  uint32_t thread() const { return who >> 1 & 1023; }
  uint32_t simdgroup() const { return thread() / KLAB_SIMD_WIDTH; }
  bool is_atomic() const { return who & 1; }
  static Record make(uint32_t stamp, uint32_t site, uint32_t thread, bool is_atomic) { return {stamp, site << 11 | thread << 1 | is_atomic}; }
};

struct Cell {
  Record write, read;    // the last ones
  Record other_write;    // an atomic one by another thread than `write`'s, which took its place without racing with it
  uint32_t read_lanes;   // of the simdgroup of `read` that read since the last order among them
  Record other_read;     // the last one by another simdgroup of the same threadgroup
  Record earlier_read;   // one by an earlier threadgroup
};

constexpr uint32_t max_simdgroups = 1024 / KLAB_SIMD_WIDTH;

// When what was ordered last, for one address space and the threadgroup that runs.
struct Order {
  uint32_t now = 1;
  uint32_t oldest = 1;  // what came before is ordered, whoever it was: the dispatch's or the threadgroup's start
  uint32_t group = 1;   // when this threadgroup started
  uint32_t barrier = 1; // the last threadgroup_barrier that counts
  std::array<uint32_t, max_simdgroups> simdgroup{};  // the last simdgroup_barrier that counts
  const Fences* fences = nullptr;  // what they order besides; null while there were none

  // Whether nothing orders `record` before an access that `thread` makes now.
  bool conflicts(const Record& record, uint32_t thread) const {
    if (record.stamp < oldest || is_behind_barrier(record, thread)) return false;
    return !fences || !fences->orders(record, thread);
  }
  bool is_behind_barrier(const Record& record, uint32_t thread) const {
    if (record.stamp < group) return false;
    if (record.thread() == thread || record.stamp < barrier) return true;
    return record.simdgroup() == thread / KLAB_SIMD_WIDTH && record.stamp < simdgroup[thread / KLAB_SIMD_WIDTH];
  }
  bool races(const Record& record, uint32_t thread, bool is_atomic) const {
    return record.stamp >= oldest && !(is_atomic && record.is_atomic()) && conflicts(record, thread);
  }
};

struct Access {
  uint64_t offset = 0, bytes = 0;
  uint32_t site = 0, thread = 0;
  bool is_atomic = false;
};

// The cells of one region, of 4 bytes at first and of 2 or 1 from the first access on that needs it.
class Shadow {
 public:
  Shadow() = default;
  ~Shadow();
  Shadow(const Shadow&) = delete;
  Shadow& operator=(const Shadow&) = delete;

  // False when memory is short.
  bool open(uint64_t bytes);
  bool is_on() const { return cells_ != nullptr; }

  // True when the access races; `with` is then the first it races with.
  bool read(const Order& order, const Access& access, Record& with) { return visit<false>(order, access, with); }
  bool write(const Order& order, const Access& access, Record& with) { return visit<true>(order, access, with); }

 private:
  template <bool is_write>
  bool visit(const Order& order, const Access& access, Record& with) {
    if ((access.offset | access.bytes) & ((1u << shift_) - 1)) refine(access.offset | access.bytes);
    bool races = false;
    for (uint64_t i = access.offset >> shift_, end = (access.offset + access.bytes) >> shift_; i < end; i++) {
      Record other;
      const bool race = is_write ? on_write(cells_[i], order, access, other) : on_read(cells_[i], order, access, other);
      if (race && !races) with = other, races = true;
    }
    return races;
  }
  static bool on_read(Cell& cell, const Order& order, const Access& access, Record& with);
  static bool on_write(Cell& cell, const Order& order, const Access& access, Record& with);
  void refine(uint64_t offset_or_bytes);
  void close();

  Cell* cells_ = nullptr;
  uint64_t bytes_ = 0;
  uint32_t shift_ = 2;
};

inline bool Shadow::on_read(Cell& cell, const Order& order, const Access& access, Record& with) {
  const bool is_race = order.races(cell.write, access.thread, access.is_atomic) || order.races(cell.other_write, access.thread, access.is_atomic);
  if (is_race) with = order.races(cell.write, access.thread, access.is_atomic) ? cell.write : cell.other_write;
  const uint32_t lane = 1u << access.thread % KLAB_SIMD_WIDTH, simdgroup = access.thread / KLAB_SIMD_WIDTH;
  const Record now = Record::make(order.now, access.site, access.thread, access.is_atomic);
  if (cell.read.stamp >= order.group && cell.read.simdgroup() == simdgroup) {
    const bool is_ordered = cell.read.stamp < order.barrier || cell.read.stamp < order.simdgroup[simdgroup];
    cell.read_lanes = (is_ordered ? 0 : cell.read_lanes) | lane;
  } else {
    if (cell.read.stamp >= order.group) cell.other_read = cell.read;
    else if (cell.read.stamp >= order.oldest) cell.earlier_read = cell.read;
    cell.read_lanes = lane;
  }
  cell.read = now;
  return is_race;
}

inline bool Shadow::on_write(Cell& cell, const Order& order, const Access& access, Record& with) {
  bool is_race = false;
  const auto check = [&](const Record& record) {
    if (is_race || !order.races(record, access.thread, access.is_atomic)) return;
    is_race = true;
    with = record;
  };
  check(cell.write);
  check(cell.other_write);
  if (cell.read.stamp >= order.oldest) {
    Record reader = cell.read;
    const uint32_t others = cell.read_lanes & ~(1u << access.thread % KLAB_SIMD_WIDTH);
    const bool is_own = reader.stamp >= order.group && reader.thread() == access.thread;
    // Of the lanes that read, another than the one that writes.
    if (is_own && others) reader = Record::make(reader.stamp, reader.site(), reader.simdgroup() * KLAB_SIMD_WIDTH + static_cast<uint32_t>(__builtin_ctz(others)), reader.is_atomic());
    check(reader);
    if (cell.other_read.stamp >= order.group) check(cell.other_read);
    check(cell.earlier_read);
  }
  if (access.is_atomic && order.conflicts(cell.write, access.thread)) cell.other_write = cell.write;
  cell.write = Record::make(order.now, access.site, access.thread, access.is_atomic);
  return is_race;
}

}  // namespace klab::analyse
