// 8x8 matrices spread over a simdgroup: each lane holds two neighbours of a row, in the arrangement of Apple's GPUs
// (which kernels that use thread_elements() rely on).
#pragma once
#include "matrix_arithmetic.h"
#include "simd.h"

namespace metal {

template <class T, int Columns = 8, int Rows = Columns> struct simdgroup_matrix {
  static_assert(Columns == 8 && Rows == 8, "simdgroup_matrix is 8x8");
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, half> || std::is_same_v<T, bfloat>,
                "simdgroup_matrix holds float, half or bfloat");
  using value_type = T;
  using storage_type = vec<T, 2>;

  simdgroup_matrix() = default;
  // The diagonal; zero elsewhere.
  KLAB_MSL_FN explicit simdgroup_matrix(T diagonal) : elements_(klab_msl::Splat{}, T(0)) {
    if (row() == column()) elements_.x = diagonal;
    if (row() == column() + 1) elements_.y = diagonal;
  }
  template <class S> requires(!std::is_same_v<S, T> && klab_msl::Scalar<S>)
  KLAB_MSL_FN explicit simdgroup_matrix(S diagonal) : simdgroup_matrix(T(diagonal)) {}

  KLAB_MSL_FN storage_type& thread_elements() { return elements_; }
  KLAB_MSL_FN const storage_type& thread_elements() const { return elements_; }

  // Where this lane's first element is; the second is one column on.
  KLAB_MSL_FN static uint row() {
    const uint lane = klab_current->lane;
    return (lane >> 2 & 4u) + (lane >> 1 & 3u);
  }
  KLAB_MSL_FN static uint column() {
    const uint lane = klab_current->lane;
    return (lane >> 1 & 4u) + (lane << 1 & 2u);
  }

 private:
  storage_type elements_;
};

template <class T, int Columns, int Rows = Columns>
KLAB_MSL_FN simdgroup_matrix<T, Columns, Rows> make_filled_simdgroup_matrix(T value) {
  simdgroup_matrix<T, Columns, Rows> out;
  out.thread_elements() = vec<T, 2>(value, value);
  return out;
}

// elements_per_row: distance of rows in memory. origin: (column, row) in memory of the tile's first element.
// transpose: memory holds columns where the matrix has rows.
template <class T, int C, int R>
KLAB_MSL_FN void simdgroup_load(simdgroup_matrix<T, C, R>& d, const T* source, ulong elements_per_row = C, ulong2 origin = ulong2(0ul),
                                bool transpose = false) {
  const ulong row = d.row(), column = d.column();
  source += origin.y * elements_per_row + origin.x;
  if (transpose) d.thread_elements() = vec<T, 2>(source[column * elements_per_row + row], source[(column + 1) * elements_per_row + row]);
  else d.thread_elements() = vec<T, 2>(source[row * elements_per_row + column], source[row * elements_per_row + column + 1]);
}

template <class T, int C, int R>
KLAB_MSL_FN void simdgroup_store(const simdgroup_matrix<T, C, R>& a, T* target, ulong elements_per_row = C, ulong2 origin = ulong2(0ul),
                                 bool transpose = false) {
  const ulong row = a.row(), column = a.column();
  target += origin.y * elements_per_row + origin.x;
  if (transpose) {
    target[column * elements_per_row + row] = a.thread_elements().x;
    target[(column + 1) * elements_per_row + row] = a.thread_elements().y;
  } else {
    target[row * elements_per_row + column] = a.thread_elements().x;
    target[row * elements_per_row + column + 1] = a.thread_elements().y;
  }
}

}  // namespace metal

namespace klab_msl {

typedef float Row __attribute__((vector_size(32), aligned(4)));

KLAB_MSL_FN void multiply_8x8(const float (*operands)[KLAB_MATRIX_ELEMENTS], float* out) {
  const float *a = operands[0], *b = operands[1], *c = operands[2];
  Row b_rows[8];
  for (int k = 0; k < 8; k++) b_rows[k] = *reinterpret_cast<const Row*>(b + 8 * k);
  for (int i = 0; i < 8; i++) {
    Row sum = *reinterpret_cast<const Row*>(c + 8 * i);
    for (int k = 0; k < 8; k++) sum = multiply_add(a[8 * i + k], b_rows[k], sum);
    *reinterpret_cast<Row*>(out + 8 * i) = sum;
  }
}

template <class T> KLAB_MSL_FN void publish(float* matrix, uint at, const metal::vec<T, 2>& v) {
  matrix[at] = float(v.x);
  matrix[at + 1] = float(v.y);
}

}  // namespace klab_msl

namespace metal {

template <class D, class A, class B, class E>
KLAB_MSL_SIMT void simdgroup_multiply_accumulate(simdgroup_matrix<D, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
                                               const simdgroup_matrix<B, 8, 8>& b, const simdgroup_matrix<E, 8, 8>& c) {
  klab_simdgroup* group = klab_current->simdgroup;
  const uint at = d.row() * 8 + d.column();
  float(*mine)[KLAB_MATRIX_ELEMENTS] = group->matrix[group->epoch & 1];
  klab_msl::publish(mine[0], at, a.thread_elements());
  klab_msl::publish(mine[1], at, b.thread_elements());
  klab_msl::publish(mine[2], at, c.thread_elements());
  klab_simdgroup_meet(__builtin_frame_address(0), KLAB_KNOWN_FRAMES);
  klab_msl::compute_once(group, [&]() KLAB_MSL_LAMBDA { klab_msl::multiply_8x8(group->matrix[(group->epoch - 1) & 1], group->matrix_result); });
  d.thread_elements() = vec<D, 2>(D(group->matrix_result[at]), D(group->matrix_result[at + 1]));
}

}  // namespace metal
