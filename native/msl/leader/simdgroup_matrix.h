// 8x8 matrices where one lane stands for its simdgroup: the whole matrix at once, a row a vector. Only kernels whose
// lanes all do the same are compiled so (cpu/frontend/uniform.h); there is no lane here, hence no thread_elements but a
// declaration, for the file's other kernels.
//
// Rows are kept as float, whose values are those of the matrix's type.
#pragma once
#include "../matrix_arithmetic.h"
#include "../simd.h"

namespace klab_msl {

typedef float Row __attribute__((vector_size(32), may_alias));
// Copied to and from memory: an alignment of alignof(T) in the type is lost when T is a template's parameter.
template <class T> using StoredRow = T __attribute__((vector_size(8 * sizeof(T))));

template <class T> KLAB_MSL_FN Row load_row(const T* from) {
  if constexpr (std::is_same_v<T, metal::bfloat>) {
    StoredRow<uint16_t> bits;
    __builtin_memcpy(&bits, from, sizeof bits);
    typedef uint32_t Wide __attribute__((vector_size(32)));
    return reinterpret_cast<Row>(__builtin_convertvector(bits, Wide) << 16);
  } else {
    StoredRow<T> row;
    __builtin_memcpy(&row, from, sizeof row);
    return __builtin_convertvector(row, Row);
  }
}

template <class T> KLAB_MSL_FN void store_row(T* to, const Row& row) {
  if constexpr (std::is_same_v<T, metal::bfloat>) {
    for (int i = 0; i < 8; i++) to[i] = T(row[i]);
  } else {
    const StoredRow<T> stored = __builtin_convertvector(row, StoredRow<T>);
    __builtin_memcpy(to, &stored, sizeof stored);
  }
}

template <class T> KLAB_MSL_FN Row rounded(const Row& row) {
  if constexpr (std::is_same_v<T, float>) return row;
  T kept[8];
  store_row(kept, row);
  return load_row(kept);
}

// 4x4 blocks change places, then 2x2 blocks within them, then elements.
KLAB_MSL_FN void transpose(Row (&r)[8]) {
  for (int i = 0; i < 4; i++) {
    const Row a = r[i], b = r[i + 4];
    r[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (int i : {0, 1, 4, 5}) {
    const Row a = r[i], b = r[i + 2];
    r[i] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
    r[i + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  for (int i : {0, 2, 4, 6}) {
    const Row a = r[i], b = r[i + 1];
    r[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
    r[i + 1] = __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
}

}  // namespace klab_msl

namespace metal {

template <class T, int Columns = 8, int Rows = Columns> struct simdgroup_matrix {
  static_assert(Columns == 8 && Rows == 8, "simdgroup_matrix is 8x8");
  static_assert(std::is_same_v<T, float> || std::is_same_v<T, half> || std::is_same_v<T, bfloat>,
                "simdgroup_matrix holds float, half or bfloat");
  using value_type = T;
  using storage_type = vec<T, 2>;

  simdgroup_matrix() = default;
  // The diagonal; zero elsewhere.
  KLAB_MSL_FN explicit simdgroup_matrix(T diagonal) {
    for (int i = 0; i < 8; i++) {
      rows_[i] = klab_msl::Row{};
      rows_[i][i] = float(diagonal);
    }
  }
  template <class S> requires(!std::is_same_v<S, T> && klab_msl::Scalar<S>)
  KLAB_MSL_FN explicit simdgroup_matrix(S diagonal) : simdgroup_matrix(T(diagonal)) {}

  storage_type& thread_elements();
  const storage_type& thread_elements() const;

  KLAB_MSL_FN klab_msl::Row (&klab_rows())[8] { return rows_; }
  KLAB_MSL_FN const klab_msl::Row (&klab_rows() const)[8] { return rows_; }

 private:
  klab_msl::Row rows_[8];
};

template <class T, int Columns, int Rows = Columns>
KLAB_MSL_FN simdgroup_matrix<T, Columns, Rows> make_filled_simdgroup_matrix(T value) {
  simdgroup_matrix<T, Columns, Rows> out;
  for (auto& row : out.klab_rows()) row = klab_msl::Row{float(value), float(value), float(value), float(value), float(value), float(value), float(value), float(value)};
  return out;
}

template <class T, int C, int R>
KLAB_MSL_FN void simdgroup_load(simdgroup_matrix<T, C, R>& d, const T* source, ulong elements_per_row = C, ulong2 origin = ulong2(0ul),
                                bool transpose = false) {
  source += origin.y * elements_per_row + origin.x;
  for (ulong i = 0; i < 8; i++) d.klab_rows()[i] = klab_msl::load_row(source + i * elements_per_row);
  if (transpose) klab_msl::transpose(d.klab_rows());
}

template <class T, int C, int R>
KLAB_MSL_FN void simdgroup_store(const simdgroup_matrix<T, C, R>& a, T* target, ulong elements_per_row = C, ulong2 origin = ulong2(0ul),
                                 bool transpose = false) {
  target += origin.y * elements_per_row + origin.x;
  klab_msl::Row rows[8];
  for (int i = 0; i < 8; i++) rows[i] = a.klab_rows()[i];
  if (transpose) klab_msl::transpose(rows);
  for (ulong i = 0; i < 8; i++) klab_msl::store_row(target + i * elements_per_row, rows[i]);
}

template <class D, class A, class B, class E>
KLAB_MSL_FN void simdgroup_multiply_accumulate(simdgroup_matrix<D, 8, 8>& d, const simdgroup_matrix<A, 8, 8>& a,
                                               const simdgroup_matrix<B, 8, 8>& b, const simdgroup_matrix<E, 8, 8>& c) {
  // a stays in memory: an element that every lane of a vector needs is then a broadcasting load, which runs beside the
  // multiply-add; taken out of a register it would be a shuffle, of which one processor port does one a cycle.
  const float* elements = reinterpret_cast<const float*>(a.klab_rows());
  asm("" : "+r"(elements) : "m"(a));
  klab_msl::Row b_rows[8], sums[8];
  for (int k = 0; k < 8; k++) b_rows[k] = b.klab_rows()[k];
  for (int i = 0; i < 8; i++) {
    klab_msl::Row sum = c.klab_rows()[i];
    for (int k = 0; k < 8; k++) sum = klab_msl::multiply_add(elements[8 * i + k], b_rows[k], sum);
    sums[i] = klab_msl::rounded<D>(sum);
  }
  for (int i = 0; i < 8; i++) d.klab_rows()[i] = sums[i];
}

}  // namespace metal
