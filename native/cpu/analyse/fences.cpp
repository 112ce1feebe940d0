#include "cpu/analyse/fences.h"

#include <algorithm>

#include "cpu/analyse/shadow.h"

namespace klab::analyse {

void Fences::start_group(uint32_t now) {
  group_ = now;
  threads_.clear();
  group_knows_.clear();
}

void Fences::fence(uint32_t thread, uint32_t bits, const Order& order) {
  if (!bits) return;
  is_used_ = true;
  Thread& own = threads_[thread];
  if (bits & releases) {
    own.has_release = true;
    own.release = {group_, thread, order.barrier, order.simdgroup[thread / KLAB_SIMD_WIDTH], order.now};
  }
  if (bits & acquires) {
    for (const Known& one : own.read) learn(own.known, one);
    own.read.clear();
  }
}

void Fences::atomic(uint64_t where, uint32_t thread, bool is_read, bool is_write) {
  const auto at = atomics_.find(where);
  const auto own = threads_.find(thread);
  if (is_read && at != atomics_.end()) learn(threads_[thread].read, {at->second, at->second->size()});
  if (!is_write) return;
  const bool has_release = own != threads_.end() && own->second.has_release;
  if (!is_read && at != atomics_.end()) atomics_.erase(at);
  if (!has_release) return;
  std::shared_ptr<Sequence>& sequence = atomics_[where];
  if (!sequence) sequence = std::make_shared<Sequence>();
  sequence->push_back(own->second.release);
}

void Fences::barrier() {
  for (auto& [index, thread] : threads_) {
    for (const Known& one : thread.known) learn(group_knows_, one);
    thread.known.clear();
  }
}

bool Fences::orders(const Record& record, uint32_t thread) const {
  if (covers(group_knows_, record)) return true;
  const auto own = threads_.find(thread);
  return own != threads_.end() && covers(own->second.known, record);
}

void Fences::learn(Knowledge& knowledge, const Known& more) {
  for (Known& one : knowledge) {
    if (one.sequence != more.sequence) continue;
    one.count = std::max(one.count, more.count);
    return;
  }
  knowledge.push_back(more);
}

bool Fences::covers(const Knowledge& knowledge, const Record& record) {
  return std::any_of(knowledge.begin(), knowledge.end(), [&](const Known& one) { return one.covers(record); });
}

bool Fences::Known::covers(const Record& record) const {
  const auto begin = sequence->begin(), end = begin + static_cast<std::ptrdiff_t>(count);
  auto release = std::upper_bound(begin, end, record.stamp, [](uint32_t stamp, const Release& r) { return stamp < r.group; });
  if (release == begin) return false;
  for (const uint32_t group = (release - 1)->group; release != begin && (release - 1)->group == group; release--) {
    if ((release - 1)->covers(record)) return true;
  }
  return false;
}

bool Fences::Release::covers(const Record& record) const {
  if (record.stamp < barrier || (record.thread() == thread && record.stamp < own)) return true;
  return record.simdgroup() == thread / KLAB_SIMD_WIDTH && record.stamp < simdgroup;
}

}  // namespace klab::analyse
