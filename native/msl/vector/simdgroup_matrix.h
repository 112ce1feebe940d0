// simdgroup_matrix for code in which the lanes of a simdgroup run together: one 8x8 in row order, the same for all
// lanes, in native vectors. What simdgroup_matrix.h says of arithmetic and of thread_elements() holds here, too.
#pragma once
#include "../matrix_arithmetic.h"
#include "../simd.h"

namespace klab_msl {

template <class T> using MatrixBits = std::conditional_t<std::is_same_v<T, bfloat>, uint16_t, T>;
template <class T> using Matrix = Native<MatrixBits<T>, 64>;
using FloatMatrix = Native<float, 64>;

// As MSL arranges elements: lane's first element, counted along rows. The second is its right neighbour.
KLAB_MSL_FN constexpr uint element_of_lane(uint lane) { return ((lane >> 2 & 4u) + (lane >> 1 & 3u)) * 8 + (lane >> 1 & 4u) + (lane << 1 & 2u); }
KLAB_MSL_FN constexpr int lane_of_element(int at) {
  const int row = at / 8, column = at % 8;
  return (row & 4) << 2 | (row & 3) << 1 | (column & 4) << 1 | (column & 2) >> 1;
}

template <class M, int... i> KLAB_MSL_FN M transposed(const M& m, Indices<i...>) { return __builtin_shufflevector(m, m, (i % 8 * 8 + i / 8)...); }
template <int k, int... i> KLAB_MSL_FN FloatMatrix column_everywhere(const FloatMatrix& m, Indices<i...>) { return __builtin_shufflevector(m, m, (i / 8 * 8 + k)...); }
template <int k, int... i> KLAB_MSL_FN FloatMatrix row_everywhere(const FloatMatrix& m, Indices<i...>) { return __builtin_shufflevector(m, m, (k * 8 + i % 8)...); }
template <int row, class M, int... i> KLAB_MSL_FN auto row_of(const M& m, Indices<i...>) { return __builtin_shufflevector(m, m, (row * 8 + i)...); }
template <class V, int... i> KLAB_MSL_FN auto joined(const V& low, const V& high, Indices<i...>) { return __builtin_shufflevector(low, high, i...); }
template <class V, int... i> KLAB_MSL_FN auto in_row_order(const V& first, const V& second, Indices<i...>) {
  return __builtin_shufflevector(first, second, (lane_of_element(i) + i % 2 * KLAB_SIMD_WIDTH)...);
}

template <class T> KLAB_MSL_FN FloatMatrix widened(const Matrix<T>& m) {
  if constexpr (std::is_same_v<T, bfloat>) return __builtin_bit_cast(FloatMatrix, __builtin_convertvector(m, Native<uint32_t, 64>) << 16);
  else return __builtin_convertvector(m, FloatMatrix);
}
template <class T> KLAB_MSL_FN Matrix<T> narrowed(const FloatMatrix& m) {
  if constexpr (std::is_same_v<T, bfloat>) {
    const auto bits = __builtin_bit_cast(Native<uint32_t, 64>, m);
    const auto is_nan = Native<uint32_t, 64>((bits & 0x7fffffffu) > 0x7f800000u);
    const auto rounded = (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
    return __builtin_convertvector((is_nan & (bits >> 16 | 0x40u)) | (~is_nan & rounded), Matrix<T>);
  } else {
    return __builtin_convertvector(m, Matrix<T>);
  }
}

template <class T, int rows> KLAB_MSL_FN auto load_rows(const T* from, ulong stride) {
  if constexpr (rows == 1) {
    Native<MatrixBits<T>, 8> row;
    __builtin_memcpy(&row, from, sizeof row);
    return row;
  } else {
    return joined(load_rows<T, rows / 2>(from, stride), load_rows<T, rows / 2>(from + rows / 2 * stride, stride), IndicesTo<rows * 8>{});
  }
}
template <class T, int row = 0> KLAB_MSL_FN void store_rows(const Matrix<T>& m, T* to, ulong stride) {
  const auto values = row_of<row>(m, IndicesTo<8>{});
  __builtin_memcpy(to, &values, sizeof values);
  if constexpr (row < 7) store_rows<T, row + 1>(m, to + stride, stride);
}

template <int k = 0> KLAB_MSL_FN FloatMatrix multiply_rows(const FloatMatrix& a, const FloatMatrix& b, const FloatMatrix& c) {
  if constexpr (k == 8) {
    return c;
  } else {
    return multiply_rows<k + 1>(a, b, multiply_add(column_everywhere<k>(a, IndicesTo<64>{}), row_everywhere<k>(b, IndicesTo<64>{}), c));
  }
}

// A kernel that uses thread_elements() declares klab_asks_for_elements for ElementsOf before it uses a matrix.
template <class T> struct ElementsOf {};
template <class T> constexpr bool asks_for_elements = requires(ElementsOf<T> tag) { klab_asks_for_elements(tag); };

// What a matrix is made of: rows alone. The file's other kernels are compiled, too, and may ask for elements: these are
// declared for them and are nowhere, so that a kernel which asks all the same is refused.
template <class T, bool HasElements> struct Held {
  metal::vec<T, 2>& elements();
  const metal::vec<T, 2>& elements() const;
  KLAB_MSL_FN Matrix<T> rows() const { return rows_; }
  KLAB_MSL_FN void set_rows(const Matrix<T>& rows) { rows_ = rows; }

 private:
  Matrix<T> rows_;
};

// Or rows until somebody asks for a lane's elements. Those are then what it holds: the reference may be kept.
template <class T> struct Held<T, true> {
  using Elements = metal::vec<T, 2>;

  KLAB_MSL_FN Held() {}
  KLAB_MSL_SIMT Elements& elements() {
    if (!holds_elements_) elements_ = elements_of(rows_);
    holds_elements_ = true;
    return elements_;
  }
  KLAB_MSL_SIMT const Elements& elements() const {
    if (!holds_elements_) elements_ = elements_of(rows_);
    return elements_;
  }
  KLAB_MSL_SIMT Matrix<T> rows() const {
    if (!holds_elements_) return rows_;
    alignas(64) MatrixBits<T> lanes[2][KLAB_SIMD_WIDTH];
    collect(reinterpret_cast<T*>(lanes[0]), T(elements_.x), T(0));
    collect(reinterpret_cast<T*>(lanes[1]), T(elements_.y), T(0));
    Native<MatrixBits<T>, KLAB_SIMD_WIDTH> first, second;
    __builtin_memcpy(&first, lanes[0], sizeof first);
    __builtin_memcpy(&second, lanes[1], sizeof second);
    return in_row_order(first, second, IndicesTo<64>{});
  }
  KLAB_MSL_SIMT void set_rows(const Matrix<T>& rows) {
    rows_ = rows;
    if (holds_elements_) elements_ = elements_of(rows);
  }

 private:
  KLAB_MSL_FN static Elements elements_of(const Matrix<T>& rows) {
    alignas(64) T all[64];
    __builtin_memcpy(all, &rows, sizeof all);
    const uint at = element_of_lane(klab_vector_lane());
    return Elements(all[at], all[at + 1]);
  }

  Matrix<T> rows_;
  mutable Elements elements_;
  bool holds_elements_ = false;
};

// Every lane holds it; the compiler need not see why.
template <class T> KLAB_MSL_SIMT T* same_pointer(T* p) { return reinterpret_cast<T*>(klab_vector_first(reinterpret_cast<uint64_t>(p))); }

}  // namespace klab_msl

namespace metal {

template <class T, int Columns = 8, int Rows = Columns> struct simdgroup_matrix {
  static_assert(Columns == 8 && Rows == 8, "simdgroup_matrix is 8x8");
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, half> || std::is_same_v<T, bfloat>, "simdgroup_matrix holds float, half or bfloat");
  using value_type = T;
  using storage_type = vec<T, 2>;

  KLAB_MSL_FN simdgroup_matrix() {}
  KLAB_MSL_FN explicit simdgroup_matrix(T diagonal) {
    klab_msl::Matrix<T> rows = {};
    for (int i = 0; i < 64; i += 9) rows[i] = __builtin_bit_cast(klab_msl::MatrixBits<T>, diagonal);
    set_rows(rows);
  }
  template <class S> requires(!std::is_same_v<S, T> && klab_msl::Scalar<S>)
  KLAB_MSL_FN explicit simdgroup_matrix(S diagonal) : simdgroup_matrix(T(diagonal)) {}

  KLAB_MSL_SIMT storage_type& thread_elements() { return held_.elements(); }
  KLAB_MSL_SIMT const storage_type& thread_elements() const { return held_.elements(); }

  KLAB_MSL_SIMT klab_msl::Matrix<T> rows() const { return held_.rows(); }
  KLAB_MSL_SIMT void set_rows(const klab_msl::Matrix<T>& rows) { held_.set_rows(rows); }

  KLAB_MSL_FN static uint row() { return klab_msl::element_of_lane(klab_vector_lane()) / 8; }
  KLAB_MSL_FN static uint column() { return klab_msl::element_of_lane(klab_vector_lane()) % 8; }

 private:
  klab_msl::Held<T, klab_msl::asks_for_elements<T>> held_;
};

template <class T, int Columns, int Rows = Columns>
KLAB_MSL_FN simdgroup_matrix<T, Columns, Rows> make_filled_simdgroup_matrix(T value) {
  simdgroup_matrix<T, Columns, Rows> out;
  const klab_msl::Matrix<T> zero = {};
  out.set_rows(zero + __builtin_bit_cast(klab_msl::MatrixBits<T>, value));
  return out;
}

// elements_per_row: distance of rows in memory. origin: (column, row) in memory of the tile's first element.
// transpose: memory holds columns where the matrix has rows.
template <class T, int C, int R>
KLAB_MSL_SIMT void simdgroup_load(simdgroup_matrix<T, C, R>& d, const T* source, ulong elements_per_row = C, ulong2 origin = ulong2(0ul), bool transpose = false) {
  const ulong stride = klab_vector_first(elements_per_row);
  const klab_msl::Matrix<T> m = klab_msl::load_rows<T, 8>(klab_msl::same_pointer(source + origin.y * elements_per_row + origin.x), stride);
  d.set_rows(transpose ? klab_msl::transposed(m, klab_msl::IndicesTo<64>{}) : m);
}

template <class T, int C, int R>
KLAB_MSL_SIMT void simdgroup_store(const simdgroup_matrix<T, C, R>& a, T* target, ulong elements_per_row = C, ulong2 origin = ulong2(0ul), bool transpose = false) {
  const ulong stride = klab_vector_first(elements_per_row);
  const klab_msl::Matrix<T> m = a.rows();
  klab_msl::store_rows<T>(transpose ? klab_msl::transposed(m, klab_msl::IndicesTo<64>{}) : m, klab_msl::same_pointer(target + origin.y * elements_per_row + origin.x), stride);
}

template <class D, class A, class B, class E>
KLAB_MSL_SIMT void simdgroup_multiply_accumulate(simdgroup_matrix<D, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
                                                 const simdgroup_matrix<B, 8, 8>& b, const simdgroup_matrix<E, 8, 8>& c) {
  d.set_rows(klab_msl::narrowed<D>(klab_msl::multiply_rows(klab_msl::widened<A>(a.rows()), klab_msl::widened<B>(b.rows()), klab_msl::widened<E>(c.rows()))));
}

}  // namespace metal
