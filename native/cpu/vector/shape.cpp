#include "shape.h"

#include <algorithm>
#include <bit>

namespace klab_vector {

bool Shape::is_flat() const {
  return std::all_of(offset.begin(), offset.end(), [](uint64_t x) { return x == 0; });
}

Shape uniform_shape(unsigned zeros) {
  Shape shape;
  shape.group = lane_count;
  shape.zeros = uint8_t(std::min(zeros, 63u));
  return shape;
}

Shape varying_shape() {
  Shape shape;
  shape.group = 1;
  return shape;
}

Shape constant_shape(uint64_t value) {
  Shape shape = uniform_shape(value ? unsigned(std::countr_zero(value)) : 63);
  shape.is_constant = true;
  shape.constant = value;
  return shape;
}

Shape shape_of_constant_lanes(const std::array<uint64_t, lane_count>& values) {
  Shape shape = constant_shape(values[0]);
  for (unsigned i = 0; i < lane_count; ++i) shape.offset[i] = values[i] - values[0];
  return shape;
}

Shape lane_shape() {
  std::array<uint64_t, lane_count> values;
  for (unsigned i = 0; i < lane_count; ++i) values[i] = i;
  return shape_of_constant_lanes(values);
}

Shape in_groups(const Shape& shape, unsigned group) {
  if (shape.group <= group) return shape;
  Shape out = shape;
  out.group = uint8_t(group);
  out.is_constant = false;
  out.constant = 0;
  for (unsigned first = 0; first < lane_count; first += group) {
    const uint64_t base = shape.offset[first];
    if (base) out.zeros = std::min<uint8_t>(out.zeros, uint8_t(std::countr_zero(base)));
    for (unsigned i = first; i < first + group; ++i) out.offset[i] = shape.offset[i] - base;
  }
  if (group == 1) out = varying_shape();
  return out;
}

Shape join(const Shape& a, const Shape& b) {
  if (!a.is_known()) return b;
  if (!b.is_known() || a == b) return a;
  unsigned group = std::min(a.group, b.group);
  Shape x = in_groups(a, group), y = in_groups(b, group);
  while (x.offset != y.offset) x = in_groups(x, group /= 2), y = in_groups(y, group);
  x.zeros = std::min(x.zeros, y.zeros);
  x.is_speculative |= y.is_speculative;
  if (!(x.is_constant && y.is_constant && x.constant == y.constant)) x.is_constant = false, x.constant = 0;
  return x;
}

Shape flattened(const Shape& shape) {
  Shape out = certain(shape);
  while (!out.is_flat()) out = in_groups(out, out.group / 2);
  return out;
}

Shape combined(const Shape& a, const Shape& b) {
  const Shape x = flattened(a), y = flattened(b);
  Shape out = in_groups(x, std::min(x.group, y.group));
  out.is_constant = false;
  out.constant = 0;
  out.zeros = 0;
  return out;
}

Shape certain(const Shape& shape) { return shape.is_speculative ? varying_shape() : shape; }

}  // namespace klab_vector
