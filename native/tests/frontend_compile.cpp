// From source to a loaded kernel library, with a real compiler.
#include <array>
#include <dlfcn.h>

#include "frontend_fixture.h"
#include "msl/kernel_abi.h"

using namespace frontend_test;

TEST(a_loop_kernel_runs) {
  const auto state = read(scale);
  CHECK_EQ(describe(info(*state).diagnostics), "");
  CompiledEntry compiled;
  REQUIRE(!compile(*state, "scale", compiled));
  void* library = dlopen(compiled.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(library != nullptr);
  const auto* kernel = static_cast<const klab_kernel_desc*>(dlsym(library, "klab_kernel"));
  REQUIRE(kernel != nullptr);
  CHECK_EQ(kernel->abi, uint32_t(KLAB_KERNEL_ABI));
  CHECK_EQ(std::string(kernel->name), "scale");
  CHECK_EQ(kernel->uses_sync, 0u);
  float a[6] = {1, 2, 3, 4, 5, 6}, b[6] = {}, by = 3;
  klab_launch launch{};
  launch.buffer[0] = a, launch.buffer[1] = b, launch.buffer[2] = &by;
  launch.threads_per_threadgroup = {3, 1, 1};
  klab_threadgroup group{};
  group.launch = &launch;
  group.position = {1, 0, 0};
  group.size = {3, 1, 1};
  kernel->loop(&launch, &group);
  CHECK_EQ(b[0], 0.0f);
  CHECK_EQ(b[3], 12.0f);
  CHECK_EQ(b[5], 18.0f);
  kernel->thread(&launch, &group, {0, 0, 0}, 0);
  CHECK_EQ(b[3], 12.0f);
  std::vector<Binding> bindings = compiled.entry.bindings;
  for (Binding& binding : bindings) binding.element_bytes = 0;
  refine_bindings(library, bindings);
  CHECK_EQ(bindings.at(2).element_bytes, 4u);
  dlclose(library);
}

TEST(function_constants) {
  const auto state = read("#include <metal_stdlib>\nusing namespace metal;\nconstant int n [[function_constant(0)]];\nconstant bool on [[function_constant(1)]];\nconstant float half_n = n * 0.5;\n"
                          "constant int other [[function_constant(2)]];\nconstant bool has_other = is_function_constant_defined(other);\n"
                          "kernel void k(device float* x [[buffer(0)]]) { if (on) x[0] = half_n; else x[0] = -1; x[1] = has_other ? other : 7; }\n"
                          "kernel void free_of_them(device float* x [[buffer(0)]]) { x[0] = 1; }\n");
  CHECK_EQ(describe(info(*state).diagnostics), "");
  CompiledEntry compiled;
  Error error = compile(*state, "k", compiled, {integer("on", 1)});
  CHECK_EQ(error.status, KLAB_PIPELINE);
  CHECK(error.message.find("'n' (index 0, int)") != std::string::npos);
  CHECK_EQ(compile(*state, "k", compiled, {integer("nope", 1)}).status, KLAB_INVALID_ARGUMENT);
  CHECK_EQ(compile(*state, "free_of_them", compiled).status, KLAB_OK);
  const auto run = [&](std::vector<ConstantValue> values) {
    std::array<float, 2> x{};
    if (!CHECK(!compile(*state, "k", compiled, std::move(values)))) return x;
    void* library = dlopen(compiled.library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!CHECK(library != nullptr)) return x;
    klab_launch launch{};
    launch.buffer[0] = x.data();
    klab_threadgroup group{};
    static_cast<const klab_kernel_desc*>(dlsym(library, "klab_kernel"))->thread(&launch, &group, {}, 0);
    dlclose(library);
    return x;
  };
  CHECK_EQ(run({integer("on", 1), integer("n", 5)})[0], 2.5f);
  CHECK_EQ(run({integer("on", 0), integer("n", 5)})[0], -1.0f);
  CHECK_EQ(run({integer("on", 0), integer("n", 5)})[1], 7.0f);
  CHECK_EQ(run({integer("on", 0), integer("n", 5), integer("other", -2)})[1], -2.0f);
}

TEST(idioms_of_large_kernel_libraries) {
  const std::string source = R"msl(
#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;
#define CONST static constant constexpr const
template <int M> struct Tables {};
template <> struct Tables<3> { CONST int size = 3 + 1; CONST float lut[2][2] = {{1.0, -2.0 / 9.0}, {0.5, 1e-3}}; };
constant constexpr const float Tables<3>::lut[2][2];
struct alignas(16) Wide { uchar v[16]; };
template <typename T, short rows, bool is_first = (rows > 4)> struct Loader {
  const device T* src;
  threadgroup T* dst;
  const int stride;
  METAL_FUNC Loader(const device T* src_, const int stride_, threadgroup T* dst_, ushort lane [[thread_index_in_simdgroup]]) : src(src_ + lane), dst(dst_), stride(stride_) {}
  METAL_FUNC Loader(const constant T* src_, const int stride_, threadgroup T* dst_, ushort lane [[thread_index_in_simdgroup]]) : src((const device T*)src_ + lane), dst(dst_), stride(stride_) {}
  METAL_FUNC void load() const {
    _Pragma("clang loop unroll(full)") for (short i = 0; i < rows; i++) *((threadgroup Wide*)(&dst[i])) = *((const device Wide*)(&src[i * stride]));
  }
  METAL_FUNC void read(thread T (&out)[rows]) const thread { for (short i = 0; i < rows; i++) out[i] = src[i]; }
};
template <typename T> struct is_pointer_to { static constant constexpr bool value = false; };
template <typename T> struct is_pointer_to<device T*> { static constant constexpr bool value = true; };
template <typename T> struct is_pointer_to<threadgroup T*> { static constant constexpr bool value = true; };
template <typename T, metal::enable_if_t<sizeof(T) < 8, bool> = true> METAL_FUNC T small(T x) { return x; }
struct Add { template <typename T> T operator()(T a, T b) { return a + b; } template <typename T> T init() { return T(0); } };
)msl";
  const std::string body = R"msl(
constant float names[3] = {0.25, .5, 1.f};
template <typename T, typename Op, const int N, int M = 2>
[[kernel, max_total_threads_per_threadgroup(N * 32)]] void reduce(const device T* in [[buffer(0)]], device T* out [[buffer(1)]], const constant int& n [[buffer(2)]], constant const int* shape [[buffer(3)]],
    threadgroup T* memory [[threadgroup(0)]], uint3 gid [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  threadgroup T tile[N][N + 1];
  Loader<T, 8> loader(in, n, memory, lane);
  loader.load();
  T registers[8] = {T(0)};
  loader.read(registers);
  Op op;
  T total = op.template init<T>();
#pragma unroll(N)
  for (int i = 0; i < N; i++) total = op(total, registers[i % 8]);
  tile[lane % N][0] = small(total);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  auto first = [&](int i) { return tile[i][0]; };
  half4 h = half4(1.0h, 2, 3, 4.0);
  h.xy = h.zw * 2.0h;
  uint2 u = as_type<uint2>(h);
  if (n < M && shape[0] > 1) out[gid.x] = first(0) + T(h.x + Tables<3>::lut[0][1] + names[u.x & 1]);
  static_assert(is_pointer_to<device T*>::value, "a pointer");
}
#define INSTANTIATE(name, type) template [[host_name("reduce_" #name)]] [[kernel]] decltype(reduce<type, Add, 4>) reduce<type, Add, 4>;
#define ALL() INSTANTIATE(float32, float) INSTANTIATE(float16, half)
ALL();
template [[host_name("reduce_8")]] [[kernel]] void reduce<float, Add, 8>(const device float* in [[buffer(0)]], device float* out [[buffer(1)]], const constant int& n [[buffer(2)]], constant const int* shape [[buffer(3)]],
    threadgroup float* memory [[threadgroup(0)]], uint3 gid [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]);
)msl";
  const auto state = read(source + body);
  CHECK_EQ(describe(info(*state).diagnostics), "");
  REQUIRE(info(*state).entries.size() == 3);
  CHECK_EQ(info(*state).entries[2].max_total_threads, 256u);
  for (const Entry& entry : info(*state).entries) {
    CompiledEntry compiled;
    CHECK_EQ(compile(*state, entry.name, compiled).message, "");
  }
}

TEST(unknown_entry_lists_the_entries) {
  CompiledEntry compiled;
  const Error error = compile(*read(scale), "nope", compiled);
  CHECK_EQ(error.status, KLAB_NOT_FOUND);
  CHECK(error.message.find("it has: scale") != std::string::npos);
}

TEST(math_mode_and_debug_change_the_flags) {
  ModuleRequest request;
  request.math_mode = KLAB_MATH_SAFE;
  CompiledEntry fast, safe, debug;
  CHECK(!compile(*read(scale), "scale", fast));
  CHECK(!compile(*read(scale, request), "scale", safe));
  CHECK(!compile_entry(*read(scale), {"scale", {}, KLAB_MODULE_DEBUG}, context(), debug));
  CHECK(fast.flags_used.find("-ffast-math") != std::string::npos);
  CHECK(safe.flags_used.find("-ffast-math") == std::string::npos);
  CHECK(debug.flags_used.find("-O0") != std::string::npos);
  CHECK(fast.library != safe.library && fast.library != debug.library);
}

int main() { return klab_test::run_all(); }
