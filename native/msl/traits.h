// metal's type traits, which know half and bfloat, and what the library itself asks about vectors.
#pragma once
#include <initializer_list>
#include <type_traits>

#include "scalar.h"

namespace metal {

// Only what Metal's own header has: libraries add the others (is_empty, void_t) to this namespace themselves.
using std::add_const;
using std::add_const_t;
using std::add_lvalue_reference;
using std::add_lvalue_reference_t;
using std::add_pointer;
using std::add_pointer_t;
using std::alignment_of;
using std::alignment_of_v;
using std::bool_constant;
using std::common_type;
using std::common_type_t;
using std::conditional;
using std::conjunction;
using std::conjunction_v;
using std::disjunction;
using std::disjunction_v;
using std::extent;
using std::extent_v;
using std::is_base_of;
using std::is_base_of_v;
using std::is_function;
using std::is_function_v;
using std::is_trivial;
using std::is_trivial_v;
using std::is_trivially_copyable_v;
using std::is_union;
using std::is_union_v;
using std::is_volatile;
using std::is_volatile_v;
using std::negation;
using std::negation_v;
using std::remove_all_extents;
using std::remove_all_extents_t;
using std::remove_extent;
using std::remove_extent_t;
using std::remove_volatile;
using std::remove_volatile_t;
using std::conditional_t;
using std::decay;
using std::decay_t;
using std::declval;
using std::enable_if;
using std::enable_if_t;
using std::false_type;
using std::initializer_list;
using std::integral_constant;
using std::is_array;
using std::is_array_v;
using std::is_class;
using std::is_class_v;
using std::is_const;
using std::is_const_v;
using std::is_constructible;
using std::is_constructible_v;
using std::is_convertible;
using std::is_convertible_v;
using std::is_enum;
using std::is_enum_v;
using std::is_integral_v;
using std::is_pointer;
using std::is_pointer_v;
using std::is_reference;
using std::is_reference_v;
using std::is_same;
using std::is_same_v;
using std::is_trivially_copyable;
using std::is_unsigned;
using std::is_unsigned_v;
using std::is_void;
using std::is_void_v;
using std::make_signed;
using std::make_signed_t;
using std::make_unsigned;
using std::make_unsigned_t;
using std::remove_const;
using std::remove_const_t;
using std::remove_cv;
using std::remove_cv_t;
using std::remove_pointer;
using std::remove_pointer_t;
using std::remove_reference;
using std::remove_reference_t;
using std::true_type;
using std::underlying_type;
using std::underlying_type_t;

template <class T, int N> struct vec;
template <class T, int N> struct packed_vec;

// Metal says so of vectors as well: sources choose overloads by it.
template <class T> struct is_integral : std::is_integral<T> {};
template <class T, int N> struct is_integral<vec<T, N>> : std::is_integral<T> {};
template <class T> struct is_floating_point
    : bool_constant<std::is_floating_point_v<T> || is_same_v<remove_cv_t<T>, half> || is_same_v<remove_cv_t<T>, bfloat>> {};
template <class T> inline constexpr bool is_floating_point_v = is_floating_point<T>::value;
template <class T> struct is_arithmetic : bool_constant<is_integral_v<T> || is_floating_point_v<T>> {};
template <class T> inline constexpr bool is_arithmetic_v = is_arithmetic<T>::value;
template <class T> struct is_signed : bool_constant<std::is_signed_v<T> || is_floating_point_v<T>> {};
template <class T> inline constexpr bool is_signed_v = is_signed<T>::value;
template <class T> struct is_scalar : bool_constant<is_arithmetic_v<T> || std::is_scalar_v<T>> {};
template <class T> inline constexpr bool is_scalar_v = is_scalar<T>::value;
template <class T> struct remove_addrspace { using type = std::remove_cv_t<std::remove_reference_t<T>>; };
template <class T> using remove_addrspace_t = typename remove_addrspace<T>::type;

template <class T> constexpr std::remove_reference_t<T>&& move(T&& value) noexcept {
  return static_cast<std::remove_reference_t<T>&&>(value);
}
template <class T> constexpr T&& forward(std::remove_reference_t<T>& value) noexcept { return static_cast<T&&>(value); }

template <class... B> struct _disjunction : std::disjunction<B...> {};
template <class... B> struct _conjunction : std::conjunction<B...> {};

// Bits of an IEEE number, which libraries take apart to write a type of their own.
template <class T> struct _fp_encoding_traits;
template <> struct _fp_encoding_traits<float> {
  using uint_type = uint;
  static constexpr uint sign_mask = 0x80000000u, exp_mask = 0x7f800000u, inf_mask = 0x7f800000u, frac_mask = 0x007fffffu, quiet_nan = 0x7fc00000u;
};
template <> struct _fp_encoding_traits<half> {
  using uint_type = ushort;
  static constexpr ushort sign_mask = 0x8000, exp_mask = 0x7c00, inf_mask = 0x7c00, frac_mask = 0x03ff, quiet_nan = 0x7e00;
};

// Components of a vector type; 1 for a scalar, 0 for anything else.
template <class T> struct vec_elements : integral_constant<short, is_arithmetic_v<T> ? 1 : 0> {};
template <class T, int N> struct vec_elements<vec<T, N>> : integral_constant<short, N> {};
template <class T, int N> struct vec_elements<packed_vec<T, N>> : integral_constant<short, N> {};
template <class T> inline constexpr short vec_elements_v = vec_elements<T>::value;

}  // namespace metal

// What Metal's own simd functions take; libraries ask it before they write their own.
template <class T> struct __is_valid_simdgroup_type : std::bool_constant<metal::is_arithmetic_v<T> && sizeof(T) <= 4 && !std::is_same_v<T, bool> && !std::is_same_v<T, bfloat>> {};
template <class T, int N> struct __is_valid_simdgroup_type<metal::vec<T, N>> : __is_valid_simdgroup_type<T> {};
template <class T> inline constexpr bool __is_valid_simdgroup_type_v = __is_valid_simdgroup_type<T>::value;

namespace klab_msl {

template <class T> struct vector_of { using element = T; using type = T; static constexpr int size = 0; };
template <class T, int N> struct vector_of<metal::vec<T, N>> { using element = T; using type = metal::vec<T, N>; static constexpr int size = N; };
template <class T, int N> struct vector_of<metal::packed_vec<T, N>> : vector_of<metal::vec<T, N>> {};

template <class T> concept Scalar = metal::is_arithmetic_v<T>;
template <class T> concept Real = metal::is_floating_point_v<T>;
template <class T> concept Integer = metal::is_integral_v<T>;
template <class T> concept Vector = vector_of<T>::size > 0;  // packed ones included
template <class T> using unpacked = typename vector_of<T>::type;
template <class T> using element = typename vector_of<T>::element;

// Components that an argument contributes to a vector constructor.
template <class T> inline constexpr int components = vector_of<T>::size ? vector_of<T>::size : 1;

// The vector type that scalars beside it are widened to; void when there is none or two differ.
template <class... A> struct common_vector { using type = void; };
template <class A, class... Rest> struct common_vector<A, Rest...> {
  using rest = typename common_vector<Rest...>::type;
  static constexpr bool is_vector = Vector<A>, has_rest = !std::is_void_v<rest>;
  using type = std::conditional_t<!is_vector, rest,
               std::conditional_t<!has_rest || std::is_same_v<rest, unpacked<A>>, unpacked<A>, void>>;
};
template <class... A> using common_vector_t = typename common_vector<A...>::type;

// At least one argument is a vector, all vectors are alike, and the others convert to its element.
template <class... A>
concept Broadcastable = (Vector<A> || ...) && !std::is_void_v<common_vector_t<A...>> &&
                        ((Vector<A> || std::is_convertible_v<A, element<common_vector_t<A...>>>) && ...);

}  // namespace klab_msl
