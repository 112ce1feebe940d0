// What is known of a value's 32 lanes before any code is made.
#pragma once
#include <array>
#include <cstdint>

namespace klab_vector {

constexpr unsigned lane_count = 32;

// Lanes fall into groups of `group` neighbours (1, 2, 4 … 32). In a group, lane i holds what the group's first lane
// holds plus offset[i], modulo the type's width. One group of 32 is a value that needs one scalar only: all lanes alike
// (uniform), consecutive addresses, a pattern such as lane % 8. Groups of one say nothing: the value is varying.
struct Shape {
  uint8_t group = 0;            // 0: nothing known yet
  uint8_t zeros = 0;            // low bits known to be zero in the first lane of every group
  bool is_constant = false;     // one group, whose first lane holds `constant`
  // The offsets hold unless a 32-bit index wrapped around between two active lanes, which only an address out of any
  // buffer's bounds can come from: good for addresses while all lanes are active, to be checked otherwise.
  bool is_speculative = false;
  uint64_t constant = 0;
  std::array<uint64_t, lane_count> offset{};

  bool operator==(const Shape&) const = default;
  bool is_known() const { return group != 0; }
  bool is_flat() const;  // no offsets: every group is uniform
  bool is_uniform() const { return group == lane_count && is_flat() && !is_speculative; }
  // One scalar tells all lanes.
  bool has_base() const { return group == lane_count; }
  bool is_varying() const { return group == 1; }
  uint64_t lane_value(unsigned lane) const { return constant + offset[lane]; }  // of a constant
};

Shape uniform_shape(unsigned zeros = 0);
Shape varying_shape();
Shape constant_shape(uint64_t value);
Shape shape_of_constant_lanes(const std::array<uint64_t, lane_count>& values);
Shape lane_shape();

// The same value seen in groups of at most `group`.
Shape in_groups(const Shape& shape, unsigned group);
// Holds for both.
Shape join(const Shape& a, const Shape& b);
// The largest groups in which the value is uniform.
Shape flattened(const Shape& shape);
// Uniform in the largest groups in which both are.
Shape combined(const Shape& a, const Shape& b);
// Without the claim that needs speculation.
Shape certain(const Shape& shape);

}  // namespace klab_vector
