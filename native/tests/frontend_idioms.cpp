// What public kernel files say in ways that C++ would take otherwise. Each is run, for compiling is not enough.
#include <array>

#include "frontend_run.h"

using namespace frontend_test;

namespace {

std::array<float, 8> outputs(const std::string& source, int argument = 0) {
  alignas(16) std::array<float, 8> out{};
  run(start + source, {out.data(), &argument});
  return out;
}

}  // namespace

TEST(vectors_in_volatile_memory) {
  const auto out = outputs("struct Pair { float4 a, b; };\nkernel void k(volatile device Pair& p [[buffer(0)]]) { p.a = float4(1, 2, 3, 4); float4 v = p.a; p.b = v * 2; }\n");
  CHECK_EQ(out[3], 4.0f);
  CHECK_EQ(out[7], 8.0f);
}

TEST(names_of_headers_shared_with_the_host) {
  const auto out = outputs(
      "#include <simd/simd.h>\ntypedef struct { matrix_float2x2 m; vector_float2 v; simd_uint2 n; } Uniforms;\n"
      "kernel void k(device float* o [[buffer(0)]]) { Uniforms u; u.m = simd::float2x2(simd_float2(1, 2), simd::float2(3, 4)); u.v = 1; u.n = simd_uint2(5); simd::float2 r = u.m * u.v; o[0] = r.x; o[1] = r.y; o[2] = u.n.y; }\n");
  CHECK_EQ(out[0], 4.0f);
  CHECK_EQ(out[1], 6.0f);
  CHECK_EQ(out[2], 5.0f);
}

TEST(kernels_that_are_extern_c_by_themselves) {
  CHECK_EQ(outputs("extern \"C\" kernel void k(device float* o) { o[0] = 3; }\n")[0], 3.0f);
  CHECK_EQ(outputs("extern \"C\" [[kernel]] void k(device float* o) { o[0] = 4; }\n")[0], 4.0f);
}

TEST(byte_order_marks_and_carriage_returns) {
  std::array<float, 2> out{};
  const std::string source = "\xef\xbb\xbf#include <metal_stdlib>\r\n#define TWICE(x) \\\r\n  ((x) * \\\r\n   2)\r\nkernel void k(device float* o) {\r\n  o[0] = TWICE(3.0);\r\n}\r\n";
  CHECK(run(source, {out.data()}));
  CHECK_EQ(out[0], 6.0f);
  const auto wrong = read("\xef\xbb\xbf#include <metal_stdlib>\r\nkernel void k(device float* o) {\r\n  o[0] = x;\r\n}\r\n");
  CHECK(says(info(*wrong).diagnostics, "k.metal:3:10: use of undeclared identifier 'x'"));
}

TEST(aggregates_with_a_defaulted_constructor) {
  const auto out = outputs(
      "template <typename T> struct Indexed { uint i; T value; constexpr Indexed<T>() threadgroup = default; };\n"
      "struct Own { float x; Own() = default; Own(float a) : x(a + 1) {} };\n"
      "kernel void k(device float* o) { threadgroup Indexed<float> shared[2]; shared[1] = Indexed<float>{7, 2.5}; o[0] = shared[1].value; Own own; own = Own{1}; o[1] = own.x; }\n");
  CHECK_EQ(out[0], 2.5f);
  CHECK_EQ(out[1], 2.0f);
}

TEST(address_spaces_told_apart_by_integer_widths) {
  // Metal picks by the pointer; the wide one must be what is left, in whatever order they come.
  const std::string wide = "template <typename T> uint at(const device T* p, uint i, bool b = false) { return i; }\n", narrow = "template <typename T> uint at(const threadgroup T* p, ushort i, bool b = false) { return i; }\n";
  const std::string kernel = "kernel void k(device float* o) { threadgroup half t[2]; o[0] = at(o, 70000); o[1] = at(t, 8); }\n";
  for (const std::string& source : {wide + narrow + kernel, narrow + wide + kernel}) {
    const auto out = outputs(source);
    CHECK_EQ(out[0], 70000.0f);
    CHECK_EQ(out[1], 8.0f);
  }
}

// As matrix libraries declare Apple's built-in copies, which no header of Metal does.
TEST(asynchronous_copies_that_a_source_declares_itself) {
  const auto out = outputs(R"msl(
struct event_t;
thread event_t* __metal_simdgroup_async_copy_2d(ulong, ulong, threadgroup void*, ulong, ulong, ulong2, const device void*, ulong, ulong, ulong2, long2, int) __asm("air.simdgroup_async_copy_2d.p3i8.p1i8");
thread event_t* __metal_simdgroup_async_copy_2d(ulong, ulong, device void*, ulong, ulong, ulong2, const threadgroup void*, ulong, ulong, ulong2, long2, int) __asm("air.simdgroup_async_copy_2d.p1i8.p3i8");
void __metal_wait_simdgroup_events(int, thread event_t**) __asm("air.wait_simdgroup_events");
struct Copy {
  thread event_t* event;
  template <typename T> void tile(threadgroup T* to, ushort to_row, ushort2 to_tile, const device T* from, uint from_row, ushort2 from_tile, int clamp = 0) thread {
    event = __metal_simdgroup_async_copy_2d(sizeof(T), alignof(T), reinterpret_cast<threadgroup void*>(to), to_row, 1, ulong2(to_tile), reinterpret_cast<const device void*>(from), from_row, 1, ulong2(from_tile), long2(0), clamp);
  }
  template <typename T> void tile(device T* to, uint to_row, ushort2 to_tile, const threadgroup T* from, ushort from_row, ushort2 from_tile) thread {
    event = __metal_simdgroup_async_copy_2d(sizeof(T), alignof(T), reinterpret_cast<device void*>(to), to_row, 1, ulong2(to_tile), reinterpret_cast<const threadgroup void*>(from), from_row, 1, ulong2(from_tile), long2(0), 0);
  }
  static void wait(int n, thread Copy* all) { __metal_wait_simdgroup_events(n, reinterpret_cast<thread event_t**>(all)); }
};
kernel void k(device float* o) {
  threadgroup float t[16];
  o[0] = 1; o[1] = 2; o[2] = 3; o[3] = 4;
  Copy copies[2];
  copies[0].tile(t, 4, ushort2(3, 2), o, 2, ushort2(2, 1));
  copies[1].tile(t + 8, 4, ushort2(3, 2), o, 2, ushort2(2, 1), 1);
  Copy::wait(2, copies);
  Copy back;
  back.tile(o + 2, 3, ushort2(3, 1), t, 4, ushort2(3, 1));
  back.tile(o + 5, 3, ushort2(3, 1), t + 12, 4, ushort2(3, 1));
  Copy::wait(1, &back);
}
)msl");
  const std::array<float, 8> expected{1, 2, 1, 2, 0, 1, 2, 2};
  for (size_t i = 0; i < out.size(); ++i) CHECK_EQ(out[i], expected[i]);
  const auto unknown = read(start + "int f(int) __asm(\"air.something\");\nkernel void k(device int* o) { o[0] = f(1); }\n");
  CHECK(says(info(*unknown).diagnostics, "k.metal:3:5: the built-in function \"air.something\" is not available on the cpu device"));
}

TEST(positions_at_namespace_scope) {
  const std::string variables = "uint gid [[thread_position_in_grid]];\nconst uint3 size [[threads_per_threadgroup]];\n";
  const std::string helper = "float twice(float gid) { return gid * 2; }\n";
  std::array<float, 4> out{};
  // A barrier between the uses: the threads take turns.
  CHECK(run(start + variables + helper + "kernel void k(device float* o) { threadgroup float t[4]; t[gid] = twice(gid); threadgroup_barrier(mem_flags::mem_threadgroup); o[gid] = t[size.x - 1 - gid] + gid * 10; }\n", {out.data()}, 4));
  CHECK(out == (std::array<float, 4>{6, 14, 22, 30}));
  CHECK(run(start + variables + "template <typename T> kernel void f(device T* o) { o[gid] = T(gid + size.x); }\ntemplate [[host_name(\"k\")]] kernel void f<float>(device float*);\n", {out.data()}, 4));
  CHECK(out == (std::array<float, 4>{4, 5, 6, 7}));
  CHECK(run(start + variables + "kernel void k(device float* o, uint gid [[thread_index_in_simdgroup]]) { o[gid] = 1; }\n", {out.data()}, 4));
  CHECK(out == (std::array<float, 4>{1, 1, 1, 1}));
  const auto state = read(start + variables + "float get() { return gid; }\nkernel void k(device float* o) { o[0] = get(); }\n");
  CHECK(says(info(*state).diagnostics, "k.metal:5:22: 'gid' has another value in every thread; on the cpu device only kernels can use such a variable, so pass it to 'get'"));
}

TEST(arrays_of_buffers) {
  std::array<float, 2> a{1, 2}, b{3, 4}, c{5, 6}, out{};
  const std::string source = start + "kernel void k(array<const device float*, 3> in [[buffer(0)]], device float* o [[buffer(3)]], device float* rest) { o[0] = in[0][0] + in[1][1] * 10 + in[2][0] * 100; o[1] = in.size(); }\n";
  CHECK(run(source, {a.data(), b.data(), c.data(), out.data()}));
  CHECK_EQ(out[0], 541.0f);
  CHECK_EQ(out[1], 3.0f);
  const auto state = read(source);
  const std::vector<Binding>& bindings = info(*state).entries.at(0).bindings;
  CHECK_EQ(bindings.size(), 5u);
  CHECK_EQ(bindings.at(2).name, "in[2]");
  CHECK_EQ(bindings.at(2).type, "float");
  CHECK_EQ(bindings.at(2).access, uint32_t(KLAB_ACCESS_READ));
  CHECK_EQ(bindings.at(4).index, 4u);
}

TEST(what_libraries_add_to_the_standard_one) {
  const auto out = outputs(
      "template <typename T> struct Key { T v; };\n"
      "namespace metal { template <typename T> struct _numeric_limits_impl<Key<T>> { static constexpr Key<T> max() { return {numeric_limits<T>::max()}; } }; }\n"
      "template <typename T, typename E = typename enable_if<is_integral<T>::value>::type> inline T sign(T x) { return select(select(select(x, T(0), x == T(0)), T(1), x > T(0)), T(-1), x < T(0)); }\n"
      "kernel void k(device float* o) { o[0] = numeric_limits<Key<short>>::max().v; o[1] = sign(int2(-3, 4)).x; o[2] = sign(float2(0, 4)).y; o[3] = numeric_limits<const half>::max(); }\n");
  CHECK_EQ(out[0], 32767.0f);
  CHECK_EQ(out[1], -1.0f);
  CHECK_EQ(out[2], 1.0f);
  CHECK_EQ(out[3], 65504.0f);
}

TEST(traits_that_libraries_add_to_metals) {
  const auto out = outputs(R"msl(
namespace metal {
template <typename T> struct is_empty : bool_constant<__is_empty(T)> {};
template <typename T> constexpr constant bool is_empty_v = is_empty<T>::value;
template <typename...> struct make_void { typedef void type; };
template <typename... T> using void_t = typename make_void<T...>::type;
template <typename T> struct element {};
template <typename T> struct element<thread T*> { using type = remove_cv_t<T>; };
template <typename T> struct element<device T*> { using type = remove_cv_t<T>; };
template <typename T> struct element<threadgroup T*> { using type = remove_cv_t<T>; };
}
struct None {};
template <typename T, typename = void> struct has_x { static constant constexpr bool value = false; };
template <typename T> struct has_x<T, void_t<decltype(declval<T>().x)>> { static constant constexpr bool value = true; };
kernel void k(device float* o) { o[0] = is_empty_v<None>; o[1] = is_empty<float>::value; o[2] = has_x<float4>::value; o[3] = has_x<None>::value; o[4] = sizeof(element<const device half*>::type); }
)msl");
  CHECK(out == (std::array<float, 8>{1, 0, 1, 0, 2, 0, 0, 0}));
}

TEST(brain_floats_beside_a_class_that_takes_every_number) {
  const auto out = outputs(
      "struct Complex { float re, im; template <typename T, typename = typename enable_if<is_convertible_v<T, float>>::type> constexpr Complex(T x) : re(x), im(0) {} };\n"
      "constexpr bool operator<(Complex a, Complex b) { return a.re < b.re; }\nconstexpr bool operator>(Complex a, Complex b) { return a.re > b.re; }\nconstexpr bool operator==(Complex, Complex) { return false; }\n"
      "kernel void k(device float* o) { bfloat a = bfloat(1.5f), b = bfloat(2.5f); o[0] = a < b; o[1] = a > b; o[2] = a == bfloat(1.5f); o[3] = a < 2; o[4] = 1.5f == a; o[5] = a != half(1.5h); o[6] = 3u >= b; o[7] = a <= bfloat(NAN); }\n");
  CHECK(out == (std::array<float, 8>{1, 0, 1, 1, 1, 0, 1, 0}));
}

TEST(uniforms_beside_a_class_that_takes_every_number) {
  const auto out = outputs(R"msl(
struct Complex { float re, im; template <typename T, typename = typename enable_if<is_convertible_v<T, float>>::type> constexpr Complex(T x) : re(x), im(0) {} };
constexpr Complex operator+(Complex a, Complex) { return a; }
constexpr Complex operator-(Complex a, Complex) { return a; }
constexpr Complex operator*(Complex a, Complex) { return a; }
constexpr Complex operator/(Complex a, Complex) { return a; }
constexpr bool operator<(Complex, Complex) { return false; }
constexpr Complex operator-(Complex a) { return a; }
kernel void k(device float* o, constant int& size [[buffer(1)]]) {
  constexpr const uniform<int> block = make_uniform(4);
  const uniform<int> n = make_uniform(size), times = n / block, last = block * times, rest = n - last;
  for (int i = 0; i < times; ++i) o[0] += 1;
  if (rest > 0) o[1] = rest;
  o[2] = block < n; o[3] = (n + block) % make_uniform(5u); o[4] = -n; uniform<float> x = 2.5f; x += n; x *= 2; o[5] = x; o[6] = n * 2 + 1;
}
)msl", 11);
  CHECK(out == (std::array<float, 8>{2, 3, 1, 0, -11, 27, 23, 0}));
}

TEST(a_number_type_of_a_librarys_own) {
  const auto out = outputs(R"msl(
#pragma METAL internals : enable
constexpr uint16_t bits_of(float x) { return (as_type<uint>(x) & ~_fp_encoding_traits<float>::sign_mask) > _fp_encoding_traits<float>::inf_mask ? 0x7fc0 : as_type<uint>(x) >> 16; }
struct Brain { uint16_t bits; };
namespace metal {
template <> struct _numeric_limits_impl<Brain> : _fp_numeric_limits_impl_base { static constexpr Brain max() { return {0x7f7f}; } };
}
kernel void k(device float* o) { o[0] = bits_of(1.0f); o[1] = bits_of(NAN); o[2] = numeric_limits<Brain>::is_signed; o[3] = numeric_limits<Brain>::max().bits; }
)msl");
  CHECK_EQ(out[0], float(0x3f80));
  CHECK_EQ(out[1], float(0x7fc0));
  CHECK_EQ(out[2], 1.0f);
  CHECK_EQ(out[3], float(0x7f7f));
}

TEST(memory_that_is_coherent_with_the_host) {
  std::array<uint32_t, 2> stamp{0, 7};
  const std::string source = "#include <metal_atomic>\nkernel void k(volatile coherent(system) device uint* stamp [[buffer(0)]], coherent device uint* by) { stamp[0] = stamp[1] + by[0]; metal::atomic_thread_fence(metal::mem_flags::mem_device); }\n";
  CHECK(run(source, {stamp.data(), stamp.data()}));
  CHECK_EQ(stamp[0], 7u);
  CHECK_EQ(info(*read(source)).entries.at(0).bindings.at(0).name, "stamp");
  CHECK_EQ(info(*read(source)).entries.at(0).bindings.at(0).type, "uint");
}

TEST(a_forgotten_namespace_is_named) {
  const auto state = read("#include <metal_stdlib>\nkernel void k(device float* o) { o[0] = clamp(o[0], 0.0, 1.0); }\n");
  CHECK(says(info(*state).diagnostics, "k.metal:2:41: use of undeclared identifier 'clamp'; did you mean 'metal::clamp'?"));
}

int main() { return klab_test::run_all(); }
