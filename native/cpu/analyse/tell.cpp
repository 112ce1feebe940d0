// Findings in words: what, by whom, against whom, and why it is wrong.
#include <algorithm>
#include <cstring>

#include "core/text.h"
#include "cpu/analyse/runner.h"

namespace klab::analyse {

namespace {

using ull = unsigned long long;

constexpr uintptr_t null_page = 65536;
constexpr const char* space_names[] = {"device", "constant", "threadgroup"};

std::string text(klab_uint3 p) { return format("(%u,%u,%u)", p.x, p.y, p.z); }

std::string bytes_text(uint64_t bytes) { return format("%llu byte%s", static_cast<ull>(bytes), bytes == 1 ? "" : "s"); }

std::string name_of(const Region& region) {
  if (!region.name.empty()) return region.name;
  return region.binding >= 0 ? format("%s %d", region.space == threadgroup_space ? "threadgroup argument" : "buffer", region.binding) : "threadgroup memory";
}

const char* verb(bool is_write) { return is_write ? "write" : "read"; }

void put_memory(Finding& finding, const Region& region, int64_t offset, uint64_t bytes, bool is_write) {
  finding.is_write = is_write;
  finding.has_memory = finding.has_space = true;
  finding.space = region.space;
  finding.binding = region.binding;
  finding.name = region.name;
  finding.offset = offset;
  finding.bytes = bytes;
}

}  // namespace

Finding Runner::blank(FindingKind kind, uint32_t site) const {
  Finding finding;
  finding.kind = kind;
  finding.at = place(site);
  finding.thread = fibers_[thread_].position;
  finding.threadgroup = threadgroup_.position;
  return finding;
}

// Of the threadgroup that ran at a time.
klab_uint3 Runner::group_of(uint32_t stamp) const {
  const auto after = std::upper_bound(group_starts_.begin(), group_starts_.end(), stamp, [](uint32_t s, const auto& start) { return s < start.first; });
  return launch_.grid.position(after == group_starts_.begin() ? 0 : (after - 1)->second);
}

void Runner::tell_bounds(const Region& region, int64_t offset, uint64_t bytes, uint32_t site, bool is_write) {
  if (!(options_.checks & KLAB_CHECK_BOUNDS)) return;
  Finding finding = blank(FindingKind::out_of_bounds, site);
  put_memory(finding, region, offset, bytes, is_write);
  Finding* added = findings_.add(finding);
  if (!added) return;
  const std::string where = offset < 0 ? format("%s before the start", bytes_text(static_cast<uint64_t>(-offset)).c_str())
                            : static_cast<uint64_t>(offset) >= region.bytes
                                ? format("%s past the end", bytes_text(static_cast<uint64_t>(offset) - region.bytes).c_str())
                                : std::string("across the end");
  added->message = format("%s of %s, %s of %s (%s of %s memory)", verb(is_write), bytes_text(bytes).c_str(), where.c_str(), name_of(region).c_str(), bytes_text(region.bytes).c_str(), space_names[region.space]);
}

void Runner::tell_array(int64_t offset, uint32_t site) {
  if (!(options_.checks & KLAB_CHECK_BOUNDS)) return;
  const Site& at = sites_[site];
  Finding finding = blank(FindingKind::out_of_bounds, site);
  finding.is_write = at.is_write;
  finding.has_memory = true;
  finding.offset = offset;
  finding.bytes = at.bytes;
  if (Finding* added = findings_.add(finding)) {
    added->message = format("%s of %s at byte %lld of a variable of the thread that has %s", verb(at.is_write), bytes_text(at.bytes).c_str(), static_cast<long long>(offset), bytes_text(at.extent).c_str());
  }
}

void Runner::tell_nowhere(const void* pointer, uint64_t bytes, uint32_t site, bool is_write) {
  if (!(options_.checks & KLAB_CHECK_BOUNDS)) return;
  Finding finding = blank(FindingKind::out_of_bounds, site);
  finding.is_write = is_write;
  finding.bytes = bytes;
  if (Finding* added = findings_.add(finding)) {
    const char* where = reinterpret_cast<uintptr_t>(pointer) < null_page ? "null" : memory_.reaches(pointer) ? "far outside of every buffer" : "into no buffer";
    added->message = format("%s of %s through a pointer that is %s", verb(is_write), bytes_text(bytes).c_str(), where);
  }
}

void Runner::tell_const(const Region& region, const Access& access) {
  if (!(options_.checks & KLAB_CHECK_BOUNDS)) return;
  Finding finding = blank(FindingKind::out_of_bounds, access.site);
  put_memory(finding, region, static_cast<int64_t>(access.offset), access.bytes, true);
  if (Finding* added = findings_.add(finding)) {
    const char* why = region.space == constant_space ? "which is constant memory" : "which the kernel declares const: a device may keep what it has read of it, and let what comes next not wait for the write";
    added->message = format("write of %s at byte %llu of %s, %s", bytes_text(access.bytes).c_str(), static_cast<ull>(access.offset), name_of(region).c_str(), why);
  }
}

void Runner::tell_race(const Region& region, const Access& access, const Record& with, bool is_write) {
  const bool is_across = with.stamp < order_[0].group;
  Finding finding = blank(is_across ? FindingKind::cross_threadgroup_race : FindingKind::race, access.site);
  finding.other = place(with.site());
  put_memory(finding, region, static_cast<int64_t>(access.offset), access.bytes, is_write);
  // The line further down is the one to be told of: as a rule it is where the barrier before it is missing.
  const bool is_swapped = finding.at.file == finding.other.file && finding.at.line < finding.other.line;
  if (is_swapped) std::swap(finding.at, finding.other);
  Finding* added = findings_.add(finding);
  if (!added) return;
  added->other_threadgroup = is_across ? group_of(with.stamp) : threadgroup_.position;
  added->other_thread = Grid::thread_position(with.thread(), launch_.grid.size(added->other_threadgroup));
  added->has_other_thread = true;
  bool other_writes = sites_[with.site()].is_write;
  if (is_swapped) {
    std::swap(added->thread, added->other_thread);
    std::swap(added->threadgroup, added->other_threadgroup);
    std::swap(added->is_write, other_writes);
  }
  const std::string who = "thread " + text(added->other_thread) + (is_across ? " of threadgroup " + text(added->other_threadgroup) : std::string());
  const char* why = is_across                                  ? "nothing orders these threadgroups"
                    : access.is_atomic != with.is_atomic()     ? "only one of the two is atomic, and no barrier is between them"
                    : region.space == threadgroup_space        ? "no barrier with mem_threadgroup is between them"
                                                               : "no barrier with mem_device is between them";
  added->message = format("%s of %s at byte %llu races with the %s by %s at line %u: %s", verb(added->is_write), name_of(region).c_str(), static_cast<ull>(access.offset),
                          verb(other_writes), who.c_str(), added->other.line, why);
}

void Runner::tell_uninitialised(const Region& region, uint64_t offset, uint64_t bytes, uint32_t site) {
  Finding finding = blank(FindingKind::uninitialised, site);
  put_memory(finding, region, static_cast<int64_t>(offset), bytes, false);
  if (Finding* added = findings_.add(finding)) {
    added->message = format("read of %s at byte %llu of %s, which %s", bytes_text(bytes).c_str(), static_cast<ull>(offset), name_of(region).c_str(),
                            region.space == threadgroup_space ? "no thread of the threadgroup has written" : "neither the host nor the kernel has written");
  }
}

// Every live thread waits at a barrier. All threads of a threadgroup must reach the same one.
void Runner::tell_barriers() {
  uint32_t first = no_site, returned = 0, first_returned = no_site;
  for (uint32_t i = 0; i < threadgroup_.thread_count; i++) {
    const klab_simdgroup& group = *fibers_[i].simdgroup;
    if (!(group.live >> fibers_[i].lane & 1)) {
      if (returned++ == 0) first_returned = i;
      continue;
    }
    if (first == no_site) first = i;
    else if (place(threads_[i].barrier_site) != place(threads_[first].barrier_site)) tell_divergence(first, i, false);
  }
  if (first != no_site && returned > returned_told_) tell_divergence(first, first_returned, true);
  returned_told_ = returned;
}

void Runner::tell_divergence(uint32_t waiting, uint32_t other, bool has_returned) {
  // Of two barriers the one further down is told of, as with races.
  if (!has_returned && place(threads_[waiting].barrier_site) < place(threads_[other].barrier_site)) std::swap(waiting, other);
  thread_ = waiting;
  Finding finding = blank(FindingKind::divergent_barrier, threads_[waiting].barrier_site);
  const uint32_t site = has_returned ? threads_[other].last_branch : threads_[other].barrier_site;
  if (site != no_site) finding.other = place(site);
  Finding* added = findings_.add(finding);
  if (!added) return;
  added->has_other_thread = true;
  added->other_thread = fibers_[other].position;
  added->other_threadgroup = threadgroup_.position;
  const std::string line = site == no_site ? std::string() : format(has_returned ? " (it last branched at line %u)" : " at line %u", added->other.line);
  added->message = format("thread %s waits at this barrier while thread %s %s%s; all threads of a threadgroup must reach the same barrier", text(added->thread).c_str(),
                          text(added->other_thread).c_str(), has_returned ? "has returned" : "waits at another", line.c_str());
}

}  // namespace klab::analyse
