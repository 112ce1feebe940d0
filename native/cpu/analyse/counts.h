// Counters of one dispatch, by site and by block. A simdgroup's access is what its lanes do at one site at a time: the
// k-th access of every lane since the lanes last met belongs to the k-th access of the simdgroup.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "cpu/analyse/memory.h"
#include "cpu/analyse/sites.h"

namespace klab::analyse {

constexpr uint32_t line_bytes = 128, bank_count = 32, bank_bytes = 4;

struct AccessCounts {
  uint64_t accesses = 0;     // of a simdgroup
  uint64_t bytes = 0;        // that lanes asked for
  uint64_t lines = 0;        // 128-byte lines touched
  uint64_t ideal_lines = 0;  // as few as the bytes asked for fit in
  uint64_t conflicts = 0;    // cycles beyond the fewest, on 32 banks of 4 bytes
};

struct SiteCounts {
  std::array<AccessCounts, space_count> space{};
  uint64_t executions = 0, lanes = 0;  // branch, meet, barrier
  uint64_t divergent = 0;              // branch: its lanes went more than one way
};

struct BlockCounts {
  uint64_t executions = 0, lanes = 0;
};

// What the lanes of the simdgroup at work did since the last time they were counted.
class LaneLog {
 public:
  // 46 bits say where (an offset from the memory's base, or a branch's way), 18 at which site.
  static constexpr uint32_t where_bits = 46, capacity = 2048;
  static uint64_t entry(uint32_t site, uint64_t where) { return uint64_t{site} << where_bits | where; }

  LaneLog(const SiteTable& table, const Memory& memory);

  uint64_t* begin(uint32_t lane) { return &entries_[lane * stride]; }
  uint64_t* end(uint32_t lane) { return begin(lane) + capacity; }
  uint32_t* block_counts(uint32_t lane) { return &blocks_run_[size_t{lane} * block_stride_]; }

  // Counts what stands between begin(lane) and upto[lane], and what block_counts holds, and empties the latter.
  void count(const std::array<uint64_t*, KLAB_SIMD_WIDTH>& upto);

  std::vector<SiteCounts>& sites() { return sites_; }
  const std::vector<BlockCounts>& blocks() const { return blocks_; }

 private:
  // Rows apart by more than a power of two, so that they do not share cache sets.
  static constexpr uint32_t stride = capacity + 8;
  struct Pattern {
    uint64_t first = ~uint64_t{0};  // address of the first lane within its line
    uint32_t lanes = 0, lines = 0, ideal_lines = 0, conflicts = 0;
    std::array<uint32_t, KLAB_SIMD_WIDTH> delta{};
  };
  void count_together(const std::array<uint64_t*, KLAB_SIMD_WIDTH>& upto, size_t length);
  void count_apart(const std::array<uint64_t*, KLAB_SIMD_WIDTH>& upto);
  void count_one(uint32_t site, const uint64_t* where, uint32_t lanes);
  void count_blocks();
  Space space_of(uint64_t where) const { return memory_.region(static_cast<uint32_t>(where >> memory_.window_bits())).space; }

  const Memory& memory_;
  std::vector<uint32_t> bytes_;       // of an access, by site
  std::vector<bool> is_branch_;
  std::vector<uint64_t> entries_;
  std::vector<SiteCounts> sites_;
  std::vector<Pattern> patterns_;     // of each site's last access
  size_t block_stride_;
  std::vector<uint32_t> blocks_run_;  // by lane and block
  std::vector<BlockCounts> blocks_;
  std::vector<std::vector<uint64_t>> apart_;
};

}  // namespace klab::analyse
