// What an analysis found: distinct findings, each with its first occurrence and how often it was seen.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "cpu/analyse/memory.h"
#include "msl/kernel_abi.h"

namespace klab::analyse {

enum class FindingKind : uint8_t { out_of_bounds, race, cross_threadgroup_race, uninitialised, divergent_barrier };

struct Place {
  std::string file;
  uint32_t line = 0;
  auto operator<=>(const Place&) const = default;
};

struct Finding {
  FindingKind kind = FindingKind::out_of_bounds;
  Place at, other;  // other.line is 0 when there is none
  bool is_write = false, has_memory = false, has_space = false, has_other_thread = false;
  Space space = device_space;
  int32_t binding = -1;
  std::string name;  // of the buffer or variable
  int64_t offset = 0;
  uint64_t bytes = 0;
  klab_uint3 thread{}, other_thread{}, threadgroup{}, other_threadgroup{};
  uint64_t count = 0;
  std::string message;
};

class Findings {
 public:
  explicit Findings(uint32_t most) : most_(most) {}

  // True when the finding is new and has room: the caller then fills the rest of it. `key` are its kind, places and
  // memory; the same ones only count.
  Finding* add(const Finding& key);

  // Without reads of threadgroup memory that seem to come before every write only because they race with one: the race
  // is told of, and hides nothing once it is gone.
  std::vector<Finding> all() const;
  uint64_t omitted() const { return omitted_; }

 private:
  using Key = std::tuple<FindingKind, Place, Place, int32_t, std::string>;
  std::map<Key, size_t> known_;
  std::vector<Finding> findings_;
  uint32_t most_;
  uint64_t omitted_ = 0;  // distinct ones beyond the most
};

}  // namespace klab::analyse
