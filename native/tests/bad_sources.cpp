// What Metal's compiler refuses is refused here, with a reason, on the user's line; and what is no source at all does no harm.
#include <fstream>

#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

struct Case {
  const char* source;  // behind the two lines of `head`
  const char* says;    // without "k.metal:"
};

const std::string head = "#include <metal_stdlib>\nusing namespace metal;\n";
const std::string kernel = "\nkernel void k(device int* x [[buffer(0)]]) { x[0] = 1; }\n";

void refuses(const Case& one) {
  ModuleRequest request;
  request.flags = KLAB_MODULE_NO_CHECK | KLAB_MODULE_NO_CACHE;
  const auto state = read(head + one.source, request);
  CHECK(says(info(*state).diagnostics, std::string("k.metal:") + one.says));
}

void accepts(const std::string& source) {
  ModuleRequest request;
  request.flags = KLAB_MODULE_NO_CHECK | KLAB_MODULE_NO_CACHE;
  const auto state = read(head + source, request);
  CHECK_EQ(describe(info(*state).diagnostics), "");
}

}  // namespace

TEST(recursion) {
  refuses({"int fact(int n) {\n  return n > 1 ? n * fact(n - 1) : 1;\n}\n", "4:22: 'fact' calls itself: recursion"});
  refuses({"int g(int n);\nint f(int n) { return g(n); }\nint g(int n) { return f(n - 1); }\n", "4:23: 'f' calls itself through 'g'"});
  refuses({"kernel void k(device int* x [[buffer(0)]]) {\n  if (x[0]) k(x);\n}\n", "4:13: 'k' calls itself"});
  refuses({"int f(int a, int b = 2) { return f(a); }\nint f() { return 1; }\n", "3:34: 'f' calls itself"});
}
TEST(recursion_through_overloads_and_templates) {
  refuses({"float f(float x, int n) {\n  return n ? f(x, n - 1) : x; }\nhalf f(half x, int n) { return x; }\n", "4:14: 'f' calls itself: recursion"});
  refuses({"float f(float x);\nfloat f(half x);\nfloat g(half y) { return f(y); }\nfloat f(float x) { return x; }\nfloat f(half x) { return g(x); }\n", "5:26: 'g' calls itself through 'f'"});
  refuses({"float f(thread const float& x) { return x; }\nfloat f(device float* x, uint i) {\n  return i ? f(x, i - 1) : 0; }\nfloat f(constant float* x, uint i) { return 0; }\n", "5:14: 'f' calls itself"});
  refuses({"template <typename T> T f(T x) {\n  return x > 1 ? f(x - 1) : x; }\n", "4:18: 'f' calls itself"});
  refuses({"template <typename T> T g(T x);\ntemplate <typename T> T f(T x) { return g(x); }\ntemplate <typename T>\nT g(T x) { return f(x); }\n", "4:41: 'f' calls itself through 'g'"});
}

TEST(what_ends_while_the_kernel_is_compiled) {
  accepts("template <typename T> float sum(T v) { if constexpr (is_scalar_v<T>) return v; else return sum(v.x); }" + kernel);
  accepts("template <typename T> float f(T v) { return f(v.x); }\nfloat f(float v) { return v; }" + kernel);
  accepts("template <int n> int f(int x) { return f<n - 1>(x); }\ntemplate <> int f<0>(int x) { return x; }" + kernel);
  accepts("template <typename T> constexpr T f(T x) { return x > 1 ? f(x - 1) : x; }" + kernel);
  accepts("float f(float x) { return x; }\ntemplate <typename T, typename... U> float f(T x, U... more) { return f(more...); }" + kernel);
  accepts("float f(float x, int n) { return x; }\nfloat f(half x, int n) { return f(float(x), n); }\nfloat f(float2 x, int n) { float y = x.x; return f(y, n); }" + kernel);
  accepts("float f(float x, int n) { return x; }\nfloat f(half h, int n) { for (float h = 0; h < 1; h++) return f(h, n); return 0; }" + kernel);
}

TEST(what_looks_like_recursion) {
  accepts("float f(float x) { return x; }\nfloat2 f(float2 x) { return float2(f(x.x), f(x.y)); }" + kernel);
  accepts("float max(float a, float b, float c) { return max(max(a, b), c); }\nfloat sin(half x) { return sin(float(x)); }" + kernel);
  accepts("constexpr int fact(int n) { return n > 1 ? n * fact(n - 1) : 1; }\nconstant int six = fact(3);" + kernel);
  accepts("template <int n> int f(int x) { if constexpr (n > 0) return f<n - 1>(x); else return x; }" + kernel);
  accepts("struct S { int f(int x) { return x; } };\nstruct T { S s; int f(int x) { return s.f(x); } };\nint g(int x) { S s; return s.f(x); }" + kernel);
  accepts("int f(int x) { auto f = [](int y) { return y; }; return f(x); }\nint g(int x) { int f(int); return x; }" + kernel);
}

TEST(pointers_that_metal_has_not) {
  refuses({"int f(int n) { return n; }\nkernel void k(device int* x [[buffer(0)]]) { int (*p)(int) = f; x[0] = p(1); }\n", "4:50: function pointers are not supported"});
  refuses({"struct S { void (*f)(int); };\n", "3:17: function pointers"});
  refuses({"int call(int (*f)(int), int x) { return f(x); }\n", "3:14: function pointers"});
  refuses({"struct S { int a; int b() { return a; } };\nint S::* member = &S::a;\n", "4:5: pointers to members"});
  refuses({"kernel void k(int* x [[buffer(0)]]) {}\n", "3:20: parameter 'x' of kernel 'k' must say in which memory"});
  refuses({"kernel void k(device int** x [[buffer(0)]]) {}\n", "3:28: parameter 'x' of kernel 'k' is a pointer to pointers"});
  accepts("typedef int (*callback)(int);\nusing other = int (*)(int);\ntemplate <int (*f)(int), callback g>\nint call(int x) { return f(x) + g(x); }" + kernel);
  accepts("void f(device float (*rows)[4], thread float (&row)[4]) { row[0] = (*rows)[0] * (rows[1])[2]; int n = sizeof(int) * (2) * (3); }" + kernel);
}

TEST(words_that_metal_has_not) {
  refuses({"void f() {\n  long double a = 1; }\n", "4:8: 'double' is not supported in Metal: use float"});
  refuses({"void f() {\n  unsigned long long a = 1; }\n", "4:12: 'long long' is not supported in Metal"});
  refuses({"void f() { asm(\"nop\"); }\n", "3:12: 'asm' is not supported"});
  refuses({"struct S { virtual int f(); };\n", "3:12: 'virtual' is not supported"});
  refuses({"void f() { try { throw 1; } catch (...) {} }\n", "3:18: 'throw' is not supported"});
  refuses({"int klab_current;\n", "3:5: names that begin with klab_"});
}

TEST(variables_in_the_wrong_place) {
  refuses({"int count = 0;\n", "3:5: 'count' is outside of functions"});
  refuses({"static float4 table[4];\n", "3:15: 'table' is outside of functions"});
  refuses({"namespace n {\nthreadgroup float tile[16];\n}\n", "4:19: 'tile' is outside of functions"});
  refuses({"kernel void k(device int* x [[buffer(0)]]) {\n  static int n = 0; x[0] = n++; }\n", "4:3: a static variable of a function must be constant"});
  accepts("constant int a = 1; constant float t[] = {1, 2}; static constant constexpr int c = 4; constexpr int d = 5; struct S { int e; static constant int f = 2; };\n"
          "int g(int h);\nfloat4 i(float j) { static const int l = 3; static constexpr int m = 4; return float4(l + m); }" + kernel);
}

TEST(kernels_that_cannot_be) {
  refuses({"kernel int k(device int* x [[buffer(0)]]) { return 1; }\n", "3:12: kernel 'k' must return void"});
  refuses({"kernel void main(device int* x [[buffer(0)]]) {}\n", "3:13: a kernel cannot be named main"});
  refuses({"kernel void k(device int* x [[buffer(0)]]) {}\nkernel void k(device int* x [[buffer(0)]], device int* y [[buffer(1)]]) {}\n", "4:13: there is a kernel 'k' already"});
  refuses({"kernel void k(float i [[thread_position_in_grid]]) {}\n", "3:21: parameter 'i' of kernel 'k': [[thread_position_in_grid]] is a ushort or uint, or a vector"});
  refuses({"kernel void k(uint4 i [[thread_position_in_grid]]) {}\n", "3:21: parameter 'i'"});
  refuses({"kernel void k(uint2 i [[thread_index_in_simdgroup]]) {}\n", "3:21: parameter 'i' of kernel 'k': [[thread_index_in_simdgroup]] is a ushort or uint, not uint2"});
  refuses({"kernel void k(int n) {}\n", "3:19: parameter 'n' of kernel 'k' has no attribute"});
  refuses({"kernel void k(device int* x [[buffer(0)]], device int* y [[buffer(0)]]) {}\n", "3:56: parameter 'y' of kernel 'k' uses index 0"});
  refuses({"kernel void k(device int* x [[buffer(31)]]) {}\n", "3:27: [[buffer(31)]] is out of range"});
  refuses({"kernel void k(texture2d<float> t [[texture(0)]]) {}\n", "3:32: textures and samplers"});
  accepts("template <typename T> [[kernel]] void t(device T* x [[buffer(0)]], metal::ushort3 i [[thread_position_in_grid]]) {}\ntemplate [[host_name(\"t\")]] kernel void t<int>(device int*, ushort3);\n"
          "kernel\nvoid\nk(device int* x [[buffer(0)]], uint2 i [[threads_per_grid]], ushort l [[thread_index_in_simdgroup]]) {}\n");
}

TEST(variable_lengths) {
  const auto state = read(head + "kernel void k(device int* x [[buffer(0)]]) {\n  int a[x[0]];\n  a[0] = 1; x[0] = a[0]; }\n");
  CHECK(says(info(*state).diagnostics, "k.metal:4:9: arrays of variable length are not supported in Metal"));
}

TEST(errors_in_the_library_are_of_the_users_line) {
  const auto state = read(head + "kernel void k(device uint* x [[buffer(0)]]) {\n  x[0] = as_type<ushort>(1.0f);\n}\n");
  CHECK(says(info(*state).diagnostics, "k.metal:4:10: "));
  CHECK(describe(info(*state).diagnostics).find("library") == std::string::npos);
}

TEST(endless_compile_time_work) {
  const auto nested = read(head + "template <int n> int f(int x) {\n  return f<n + 1>(x) + 1;\n}\nkernel void k(device int* x [[buffer(0)]]) { x[0] = f<5>(x[0]); }\n");
  CHECK(says(info(*nested).diagnostics, "k.metal:4:10: recursive template instantiation"));
  const auto loop = read(head + "constexpr int f() { int n = 0; while (true) n++; return n; }\nconstant int a[f()] = {};" + kernel);
  CHECK(says(info(*loop).diagnostics, "k.metal:4:16: "));
  const auto include = read("#include \"k.metal\"\n#include \"nowhere.h\"\n" + kernel);
  CHECK(has_errors(*include));
}

TEST(macros_that_explode) {
  std::string source = "#define A0 x\n";
  for (int i = 1; i < 28; i++) source += "#define A" + std::to_string(i) + " A" + std::to_string(i - 1) + " A" + std::to_string(i - 1) + "\n";
  CHECK(says(info(*read(source + "int a = A27;\n")).diagnostics, "k.metal:1:1: this source is more than"));
  std::string chain = "#define A0 1\n";
  for (int i = 1; i < 2000; i++) chain += "#define A" + std::to_string(i) + " A" + std::to_string(i - 1) + "\n";
  accepts(chain + "constant int a = A1999;" + kernel);
}

TEST(files_that_never_end) {
  CompileContext small = context();
  small.compiler_memory_bytes = 600 << 20;
  std::shared_ptr<ModuleState> state;
  CHECK_EQ(read_module({"#include \"/dev/zero\"\n" + kernel, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, small, state).message, "");
  CHECK(state != nullptr);  // a device has no size: clang takes it for an empty file
  CHECK(says(info(*read(std::string(100 << 20, ' ') + kernel)).diagnostics, "k.metal:1:1: this source is more than 32 MiB"));
}

TEST(files_that_include_one_another) {
  const Folder folder;
  for (const auto& [file, other] : {std::pair{"a.h", "b.h"}, {"b.h", "a.h"}}) std::ofstream(folder / file) << "#include \"" << other << "\"\n";
  ModuleRequest request;
  request.path = folder / "k.metal";
  CHECK(describe(info(*read("#include \"a.h\"\n" + kernel, request)).diagnostics).find("nested too deeply") != std::string::npos);
}

TEST(sources_that_are_none) {
  for (const std::string& source : {std::string("\0\0\0", 3), std::string("\xff\xfe\x00k", 4), std::string("kernel void k(device int* x [[buffer(0)]]) { x[0] = \x80; }"), std::string("\xef\xbb\xbf"), std::string("/*"),
                                    std::string("\""), std::string("#"), std::string("#include"), std::string("#define"), std::string("#if 1"), std::string("\\"), std::string("'"), std::string()}) {
    ModuleRequest request;
    request.source = source;
    request.path = "k.metal";
    std::shared_ptr<ModuleState> state;
    CHECK_EQ(read_module(request, context(), state).message, "");
  }
}

int main() { return klab_test::run_all(); }
