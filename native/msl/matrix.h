// float4x4 and its like: matrix<T, Columns, Rows>, stored by columns.
#pragma once
#include "geometric.h"

namespace metal {

template <class T, int Columns, int Rows> struct matrix {
  using column_type = vec<T, Rows>;
  column_type columns[Columns];

  matrix() = default;
  KLAB_MSL_FN constexpr explicit matrix(T diagonal) : columns{} {
    for (int c = 0; c < Columns; c++) columns[c] = column_type(klab_msl::Splat{}, T(0));
    for (int i = 0; i < (Columns < Rows ? Columns : Rows); i++) columns[i][i] = diagonal;
  }
  template <class... A> requires(sizeof...(A) == Columns && (klab_msl::Vector<A> && ...) && (std::is_convertible_v<A, column_type> && ...))
  KLAB_MSL_FN constexpr matrix(const A&... a) : columns{column_type(a)...} {}
  template <class... A> requires(sizeof...(A) == Columns * Rows && (klab_msl::Scalar<A> && ...))
  KLAB_MSL_FN constexpr matrix(A... a) : columns{} {
    const T all[] = {T(a)...};
    for (int c = 0; c < Columns; c++)
      for (int r = 0; r < Rows; r++) columns[c][r] = all[c * Rows + r];
  }
  template <class U> requires(!std::is_same_v<U, T>)
  KLAB_MSL_FN constexpr explicit matrix(const matrix<U, Columns, Rows>& other) : columns{} {
    for (int c = 0; c < Columns; c++) columns[c] = column_type(other.columns[c]);
  }

  KLAB_MSL_FN constexpr column_type& operator[](int c) { return columns[c]; }
  KLAB_MSL_FN constexpr const column_type& operator[](int c) const { return columns[c]; }
};

#define KLAB_MSL_BY_COLUMN(op)                                                                                   \
  template <class T, int C, int R>                                                                               \
  KLAB_MSL_FN constexpr matrix<T, C, R> operator op(const matrix<T, C, R>& a, const matrix<T, C, R>& b) {        \
    matrix<T, C, R> out = a;                                                                                     \
    for (int c = 0; c < C; c++) out.columns[c] = a.columns[c] op b.columns[c];                                   \
    return out;                                                                                                  \
  }                                                                                                              \
  template <class T, int C, int R>                                                                               \
  KLAB_MSL_FN constexpr matrix<T, C, R>& operator op##=(matrix<T, C, R>& a, const matrix<T, C, R>& b) { return a = a op b; }
KLAB_MSL_BY_COLUMN(+)
KLAB_MSL_BY_COLUMN(-)
#undef KLAB_MSL_BY_COLUMN

template <class T, int C, int R> KLAB_MSL_FN constexpr matrix<T, C, R> operator-(const matrix<T, C, R>& a) {
  matrix<T, C, R> out = a;
  for (int c = 0; c < C; c++) out.columns[c] = -a.columns[c];
  return out;
}
template <class T, int C, int R, class S> requires std::is_convertible_v<S, T>
KLAB_MSL_FN constexpr matrix<T, C, R> operator*(const matrix<T, C, R>& a, const S& s) {
  matrix<T, C, R> out = a;
  for (int c = 0; c < C; c++) out.columns[c] = a.columns[c] * T(s);
  return out;
}
template <class T, int C, int R, class S> requires std::is_convertible_v<S, T>
KLAB_MSL_FN constexpr matrix<T, C, R> operator*(const S& s, const matrix<T, C, R>& a) { return a * s; }
template <class T, int C, int R, class S> requires std::is_convertible_v<S, T>
KLAB_MSL_FN constexpr matrix<T, C, R>& operator*=(matrix<T, C, R>& a, const S& s) { return a = a * s; }

// Column vector on the right, row vector on the left.
template <class T, int C, int R> KLAB_MSL_FN constexpr vec<T, R> operator*(const matrix<T, C, R>& a, const vec<T, C>& v) {
  vec<T, R> sum = a.columns[0] * v[0];
  for (int c = 1; c < C; c++) sum += a.columns[c] * v[c];
  return sum;
}
template <class T, int C, int R> KLAB_MSL_FN constexpr vec<T, C> operator*(const vec<T, R>& v, const matrix<T, C, R>& a) {
  vec<T, C> out(klab_msl::Splat{}, T(0));
  for (int c = 0; c < C; c++) out[c] = dot(v, a.columns[c]);
  return out;
}
template <class T, int K, int R, int C>
KLAB_MSL_FN constexpr matrix<T, C, R> operator*(const matrix<T, K, R>& a, const matrix<T, C, K>& b) {
  matrix<T, C, R> out(T(0));
  for (int c = 0; c < C; c++) out.columns[c] = a * b.columns[c];
  return out;
}
template <class T, int N>
KLAB_MSL_FN constexpr matrix<T, N, N>& operator*=(matrix<T, N, N>& a, const matrix<T, N, N>& b) { return a = a * b; }

template <class T, int C, int R> KLAB_MSL_FN constexpr matrix<T, R, C> transpose(const matrix<T, C, R>& a) {
  matrix<T, R, C> out(T(0));
  for (int c = 0; c < C; c++)
    for (int r = 0; r < R; r++) out.columns[r][c] = a.columns[c][r];
  return out;
}
template <class T> KLAB_MSL_FN constexpr T determinant(const matrix<T, 2, 2>& m) { return m[0][0] * m[1][1] - m[1][0] * m[0][1]; }
template <class T> KLAB_MSL_FN constexpr T determinant(const matrix<T, 3, 3>& m) { return dot(m[0], cross(m[1], m[2])); }
template <class T> KLAB_MSL_FN constexpr T determinant(const matrix<T, 4, 4>& m) {
  T sum = T(0);
  for (int c = 0; c < 4; c++) {
    vec<T, 3> rest[3];
    for (int k = 0, n = 0; k < 4; k++)
      if (k != c) rest[n++] = vec<T, 3>(m[k][1], m[k][2], m[k][3]);
    const T minor = dot(rest[0], cross(rest[1], rest[2]));
    sum += (c & 1 ? -m[c][0] : m[c][0]) * minor;
  }
  return sum;
}

#define KLAB_MSL_MATRIX_NAMES(t)                                                                  \
  using t##2x2 = matrix<t, 2, 2>; using t##2x3 = matrix<t, 2, 3>; using t##2x4 = matrix<t, 2, 4>; \
  using t##3x2 = matrix<t, 3, 2>; using t##3x3 = matrix<t, 3, 3>; using t##3x4 = matrix<t, 3, 4>; \
  using t##4x2 = matrix<t, 4, 2>; using t##4x3 = matrix<t, 4, 3>; using t##4x4 = matrix<t, 4, 4>;
KLAB_MSL_MATRIX_NAMES(float)
KLAB_MSL_MATRIX_NAMES(half)
#undef KLAB_MSL_MATRIX_NAMES

}  // namespace metal
