#include "cpu/analyse/counts.h"

#include <algorithm>
#include <cstring>

namespace klab::analyse {

namespace {

constexpr uint64_t where_mask = (uint64_t{1} << LaneLog::where_bits) - 1;

// Of accesses in ascending order.
uint32_t lines_touched(const uint64_t* sorted, uint32_t lanes, uint32_t bytes) {
  uint32_t lines = 0;
  uint64_t next = 0;  // the first line not counted
  for (uint32_t i = 0; i < lanes; i++) {
    const uint64_t first = std::max(sorted[i] / line_bytes, next), last = (sorted[i] + bytes - 1) / line_bytes;
    if (last < first) continue;
    lines += static_cast<uint32_t>(last - first + 1);
    next = last + 1;
  }
  return lines;
}

// Cycles beyond those that as many words take without a conflict. Lanes that want the same word share it.
uint32_t conflict_cycles(const uint64_t* sorted, uint32_t lanes, uint32_t bytes) {
  std::array<uint32_t, bank_count> words{};
  uint32_t all = 0, most = 0;
  uint64_t next = 0;
  for (uint32_t i = 0; i < lanes; i++) {
    const uint64_t last = (sorted[i] + bytes - 1) / bank_bytes;
    for (uint64_t word = std::max(sorted[i] / bank_bytes, next); word <= last; word++) {
      most = std::max(most, ++words[word % bank_count]);
      all++;
    }
    next = std::max(next, last + 1);
  }
  return most - (all + bank_count - 1) / bank_count;
}

}  // namespace

LaneLog::LaneLog(const SiteTable& table, const Memory& memory)
    : memory_(memory), entries_(size_t{stride} * KLAB_SIMD_WIDTH), sites_(table.sites.size()), patterns_(table.sites.size()),
      block_stride_(table.blocks.size() + 16), blocks_run_(block_stride_ * KLAB_SIMD_WIDTH), blocks_(table.blocks.size()) {
  for (const Site& site : table.sites) {
    bytes_.push_back(site.bytes);
    is_branch_.push_back(site.kind == SiteKind::branch);
  }
}

void LaneLog::count_one(uint32_t site, const uint64_t* where, uint32_t lanes) {
  SiteCounts& counts = sites_[site];
  if (is_branch_[site]) {
    counts.executions++;
    counts.lanes += lanes;
    counts.divergent += std::any_of(where + 1, where + lanes, [&](uint64_t way) { return way != where[0]; });
    return;
  }
  const Space space = space_of(where[0]);
  const uint32_t bytes = bytes_[site];
  Pattern& pattern = patterns_[site];
  uint32_t difference = pattern.lanes ^ lanes;
  for (uint32_t i = 0; i < lanes; i++) difference |= pattern.delta[i] ^ static_cast<uint32_t>(where[i] - where[0]);
  if (difference || pattern.first != where[0] % line_bytes) {
    std::array<uint64_t, KLAB_SIMD_WIDTH> sorted;
    std::copy_n(where, lanes, sorted.begin());
    if (!std::is_sorted(sorted.begin(), sorted.begin() + lanes)) std::sort(sorted.begin(), sorted.begin() + lanes);
    pattern.first = where[0] % line_bytes;
    pattern.lanes = lanes;
    for (uint32_t i = 0; i < lanes; i++) pattern.delta[i] = static_cast<uint32_t>(where[i] - where[0]);
    pattern.lines = lines_touched(sorted.data(), lanes, bytes);
    pattern.ideal_lines = std::min(pattern.lines, (lanes * bytes + line_bytes - 1) / line_bytes);
    pattern.conflicts = space == threadgroup_space ? conflict_cycles(sorted.data(), lanes, bytes) : 0;
  }
  AccessCounts& access = counts.space[space];
  access.accesses++;
  access.bytes += uint64_t{lanes} * bytes;
  access.lines += pattern.lines;
  access.ideal_lines += pattern.ideal_lines;
  access.conflicts += pattern.conflicts;
}

// All lanes did the same things in the same order.
void LaneLog::count_together(const std::array<uint64_t*, KLAB_SIMD_WIDTH>& upto, size_t length) {
  std::array<const uint64_t*, KLAB_SIMD_WIDTH> row;
  uint32_t lanes = 0;
  for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) {
    if (upto[lane] != begin(lane)) row[lanes++] = begin(lane);
  }
  std::array<uint64_t, KLAB_SIMD_WIDTH> where;
  for (size_t i = 0; i < length; i++) {
    for (uint32_t k = 0; k < lanes; k++) where[k] = row[k][i] & where_mask;
    count_one(static_cast<uint32_t>(row[0][i] >> where_bits), where.data(), lanes);
  }
}

void LaneLog::count_apart(const std::array<uint64_t*, KLAB_SIMD_WIDTH>& upto) {
  if (apart_.empty()) apart_.resize(sites_.size());
  std::vector<uint32_t> touched;
  for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) {
    for (const uint64_t* entry = begin(lane); entry != upto[lane]; entry++) {
      const auto site = static_cast<uint32_t>(*entry >> where_bits);
      auto& list = apart_[site];
      if (list.empty()) touched.push_back(site);
      list.push_back(uint64_t{lane} << where_bits | (*entry & where_mask));
    }
  }
  std::array<uint64_t, KLAB_SIMD_WIDTH> where;
  for (const uint32_t site : touched) {
    auto& list = apart_[site];
    // Entries of a lane stand together: the k-th of each make one access.
    std::array<size_t, KLAB_SIMD_WIDTH + 1> first;
    uint32_t runs = 0;
    for (size_t i = 0; i < list.size(); i++) {
      if (i == 0 || list[i] >> where_bits != list[i - 1] >> where_bits) first[runs++] = i;
    }
    first[runs] = list.size();
    for (size_t k = 0;; k++) {
      uint32_t lanes = 0;
      for (uint32_t run = 0; run < runs; run++) {
        if (first[run] + k < first[run + 1]) where[lanes++] = list[first[run] + k] & where_mask;
      }
      if (lanes == 0) break;
      count_one(site, where.data(), lanes);
    }
    list.clear();
  }
}

void LaneLog::count_blocks() {
  const size_t blocks = blocks_.size();
  std::array<uint32_t, 256> most, sum;
  for (size_t from = 0; from < blocks; from += most.size()) {
    const size_t count = std::min(most.size(), blocks - from);
    most.fill(0);
    sum.fill(0);
    for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) {
      const uint32_t* row = block_counts(lane) + from;
      for (size_t i = 0; i < count; i++) {
        most[i] = std::max(most[i], row[i]);
        sum[i] += row[i];
      }
    }
    for (size_t i = 0; i < count; i++) {
      blocks_[from + i].executions += most[i];
      blocks_[from + i].lanes += sum[i];
    }
  }
  std::fill(blocks_run_.begin(), blocks_run_.end(), 0);
}

void LaneLog::count(const std::array<uint64_t*, KLAB_SIMD_WIDTH>& upto) {
  count_blocks();
  size_t length = 0;
  bool is_together = true;
  uint32_t first = KLAB_SIMD_WIDTH;
  for (uint32_t lane = 0; lane < KLAB_SIMD_WIDTH; lane++) {
    const auto own = static_cast<size_t>(upto[lane] - begin(lane));
    if (own == 0) continue;
    if (first == KLAB_SIMD_WIDTH) first = lane, length = own;
    is_together &= own == length;
  }
  for (uint32_t lane = first; is_together && lane < KLAB_SIMD_WIDTH; lane++) {
    if (upto[lane] == begin(lane)) continue;
    uint64_t difference = 0;
    for (size_t i = 0; i < length; i++) difference |= begin(lane)[i] ^ begin(first)[i];
    is_together = difference >> where_bits == 0;
  }
  if (length == 0 && is_together) return;
  if (is_together) count_together(upto, length);
  else count_apart(upto);
}

}  // namespace klab::analyse
