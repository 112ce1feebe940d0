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
  static uint32_t who_is(uint32_t site, uint32_t thread, bool is_atomic) { return site << 11 | thread << 1 | is_atomic; }
  static Record make(uint32_t stamp, uint32_t site, uint32_t thread, bool is_atomic) { return {stamp, who_is(site, thread, is_atomic)}; }
};

// What the accesses of most lanes need to know of a piece of memory, as small as can be: a tile's fit the first cache.
struct Cell {
  uint32_t write = 0;                // time of the last write; with has_other_write, Rest::other_write is one as well
  uint32_t read = 0, read_who = 0;   // the last read
  uint32_t read_lanes = 0;           // of its simdgroup that read since the last order among them
  static constexpr uint32_t has_other_write = 1u << 31;
  uint32_t write_time() const { return write & ~has_other_write; }
};

struct Rest {
  uint32_t write_who = 0;
  Record other_write;   // an atomic one by another thread than the last one's, which took its place without racing with it
  Record other_read;    // the last one by another simdgroup of the same threadgroup
  Record earlier_read;  // one by an earlier threadgroup
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

  // What a threadgroup_barrier of this threadgroup ordered, or the time before `oldest`: known without looking at who it was.
  bool is_past(uint32_t stamp) const { return stamp < oldest || (stamp >= group && stamp < barrier); }
  // Of a cell whose last read was at `stamp`: no earlier one is later, but for those of earlier threadgroups.
  bool may_conflict_with_reads(uint32_t stamp) const { return stamp >= oldest && (oldest != group || stamp >= barrier); }
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
  template <bool is_write>
  bool visit(const Order& order, const Access& access, Record& with) {
    if ((access.offset | access.bytes) & ((1u << shift_) - 1)) [[unlikely]] refine(access.offset | access.bytes);
    bool races = false;
    for (uint64_t i = access.offset >> shift_, end = (access.offset + access.bytes) >> shift_; i < end; i++) {
      Record other;
      const bool race = is_write ? on_write(i, order, access, other) : on_read(i, order, access, other);
      if (race && !races) [[unlikely]] with = other, races = true;
    }
    return races;
  }

  // Visits for a read of one whole cell that races with nothing, which most are. False, with nothing done, for others.
  [[gnu::always_inline]] bool visit_plainly(const Order& order, uint64_t offset, uint64_t bytes, uint32_t who) {
    const uint64_t cell_bytes = uint64_t{1} << shift_;
    if (bytes != cell_bytes || offset & (cell_bytes - 1)) [[unlikely]] return false;
    const uint64_t i = offset >> shift_;
    if (!order.is_past(cells_[i].write)) [[unlikely]] return false;
    note_read(i, order, who);
    return true;
  }

 private:
  bool on_read(uint64_t i, const Order& order, const Access& access, Record& with);
  bool on_write(uint64_t i, const Order& order, const Access& access, Record& with);
  [[gnu::always_inline]] void note_read(uint64_t i, const Order& order, uint32_t who);
  bool races_with_write(uint64_t i, const Order& order, const Access& access, Record& with) const;
  bool races_with_read(uint64_t i, const Order& order, const Access& access, Record& with) const;
  bool map(uint64_t bytes, uint32_t shift);
  void refine(uint64_t offset_or_bytes);
  void close();

  Cell* cells_ = nullptr;
  uint32_t shift_ = 2;
  Rest* rest_ = nullptr;
  uint64_t bytes_ = 0;
};

inline bool Shadow::on_read(uint64_t i, const Order& order, const Access& access, Record& with) {
  const bool is_race = !order.is_past(cells_[i].write) && races_with_write(i, order, access, with);
  note_read(i, order, Record::who_is(access.site, access.thread, access.is_atomic));
  return is_race;
}

inline void Shadow::note_read(uint64_t i, const Order& order, uint32_t who) {
  Cell& cell = cells_[i];
  const Record last{cell.read, cell.read_who}, now{order.now, who};
  const uint32_t simdgroup = now.simdgroup(), lane = 1u << now.thread() % KLAB_SIMD_WIDTH;
  uint32_t lanes = 0;
  if (last.stamp >= order.group && last.simdgroup() == simdgroup) {
    const bool is_ordered = last.stamp < order.barrier || last.stamp < order.simdgroup[simdgroup];
    lanes = is_ordered ? 0 : cell.read_lanes;
  } else if (last.stamp >= order.oldest) {
    // The first read by this simdgroup since another one's, which is remembered.
    (last.stamp >= order.group ? rest_[i].other_read : rest_[i].earlier_read) = last;
  }
  cell.read = now.stamp;
  cell.read_who = now.who;
  cell.read_lanes = lanes | lane;
}

inline bool Shadow::on_write(uint64_t i, const Order& order, const Access& access, Record& with) {
  Cell& cell = cells_[i];
  Rest& rest = rest_[i];
  const Record last{cell.write_time(), rest.write_who}, now = Record::make(order.now, access.site, access.thread, access.is_atomic);
  const bool is_race = (!order.is_past(cell.write) && races_with_write(i, order, access, with)) || (order.may_conflict_with_reads(cell.read) && races_with_read(i, order, access, with));
  const bool is_beside = access.is_atomic && order.conflicts(last, access.thread);
  if (is_beside) rest.other_write = last;
  cell.write = now.stamp | (is_beside ? Cell::has_other_write : cell.write & Cell::has_other_write);
  rest.write_who = now.who;
  return is_race;
}

}  // namespace klab::analyse
