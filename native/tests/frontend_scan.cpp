// What the pre-pass reads from a source and makes of it: declarations, attributes, overloads, rewrites, bad input.
#include "check.h"
#include "cpu/frontend/entries.h"
#include "cpu/frontend/glue.h"
#include "cpu/frontend/reachable.h"
#include "cpu/frontend/scan.h"
#include "cpu/frontend/syntax.h"

using namespace klab;
using namespace klab::msl;

static std::unique_ptr<Program> read(const std::string& source) { return scan({"# 1 \"k.metal\"\n" + source, "k.metal", source}); }

// The emitted source on one line, single spaces, without the prologue.
static std::string cpp(const std::string& source, const std::vector<ConstantValue>* values = nullptr) {
  const auto program = read(source);
  const std::string text = emit_source(*program, values, false).text;
  std::string out;
  for (const char c : text.substr(text.find('\n') + 1)) {
    const bool is_space = c == ' ' || c == '\n';
    if (!is_space) out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

static bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(kernels_in_both_spellings) {
  const auto p = read("kernel void a(device float* x [[buffer(0)]]) {}\n[[kernel, max_total_threads_per_threadgroup(256)]] void b(constant int& n [[buffer(2)]]) {}\nnamespace q { kernel void c() {} }\n");
  const auto entries = entry_points(*p);
  REQUIRE(entries.size() == 3);
  CHECK_EQ(entries[0].name, "a");
  CHECK_EQ(entries[1].name, "b");
  CHECK_EQ(reflect(*p, entries[1]).max_total_threads, 256u);
  CHECK_EQ(reflect(*p, entries[1]).line, 2u);
  CHECK_EQ(entries[2].kernel->scope.size(), 1u);
}

TEST(host_name_of_a_plain_kernel) {
  const auto p = read("[[host_name(\"a\" \"_b\")]] kernel void f(device float* x [[buffer(0)]]) {}");
  CHECK_EQ(entry_points(*p).at(0).name, "a_b");
}

TEST(parameters) {
  const auto p = read(
      "constant bool on [[function_constant(3)]];\n"
      "struct P { int n; };\n"
      "kernel void k(const device half4* a [[buffer(1)]], device atomic_uint& b [[buffer(0)]], constant P* p [[buffer(7)]], device const float* o [[buffer(5), function_constant(on)]],\n"
      "  threadgroup float* s [[threadgroup(1)]], constant uint3& t, ushort2 tid [[thread_position_in_threadgroup]], uint i [[thread_index_in_simdgroup]]) {}");
  const Entry entry = reflect(*p, entry_points(*p).at(0));
  REQUIRE(entry.bindings.size() == 6);
  const auto check = [&](size_t i, uint32_t index, uint32_t kind, uint32_t access, const char* type, uint32_t bytes) {
    const Binding& binding = entry.bindings[i];
    CHECK_EQ(binding.index, index);
    CHECK_EQ(binding.kind, kind);
    CHECK_EQ(binding.access, access);
    CHECK_EQ(binding.type, type);
    CHECK_EQ(binding.element_bytes, bytes);
  };
  check(0, 1, KLAB_BINDING_BUFFER, KLAB_ACCESS_READ, "half4", 8);
  check(1, 0, KLAB_BINDING_BUFFER, KLAB_ACCESS_READ_WRITE, "atomic_uint", 4);
  check(2, 7, KLAB_BINDING_CONSTANT, KLAB_ACCESS_READ, "P", 0);
  check(3, 5, KLAB_BINDING_BUFFER, KLAB_ACCESS_READ, "float", 4);
  check(4, 1, KLAB_BINDING_THREADGROUP, KLAB_ACCESS_READ_WRITE, "float", 4);
  check(5, 2, KLAB_BINDING_CONSTANT, KLAB_ACCESS_READ, "uint3", 16);
  CHECK(!entry.bindings[1].is_pointer);
  CHECK(entry.bindings[2].is_pointer);
  CHECK(entry.bindings[3].is_optional);
  CHECK(!entry.bindings[0].is_optional);
  CHECK(p->problems.empty());
}

TEST(binding_indices_by_name) {
  const auto p = read("enum Slot { first, second, third = 9, fourth };\nconstant constexpr int base = 4;\n"
                      "kernel void k(device float* a [[buffer(second)]], device float* b [[buffer(fourth)]], device float* c [[buffer(base + 2 * 3)]]) {}");
  const Entry entry = reflect(*p, entry_points(*p).at(0));
  CHECK_EQ(entry.bindings.at(0).index, 1u);
  CHECK_EQ(entry.bindings.at(1).index, 10u);
  CHECK_EQ(entry.bindings.at(2).index, 10u);
  CHECK_EQ(p->problems.size(), 1u);  // two at index 10
}

TEST(instantiations_in_every_spelling) {
  const auto p = read(
      "template <typename T, int N> kernel void f(device T* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {}\n"
      "template [[host_name(\"full\")]] [[kernel]] void f<float, 2>(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]);\n"
      "template [[host_name(\"keyword\")]] kernel void f<half, 4>(device half*, uint);\n"
      "typedef decltype(f<float, 1>) f_t;\n"
      "template [[host_name(\"typedef\")]] kernel f_t f<float, 1>;\n"
      "template [[host_name(\"type\")]] [[kernel]] decltype(f<metal::vec<half, 4>, 1>) f<metal::vec<half, 4>, 1>;\n"
      "template <typename T> kernel void g(device T* x [[buffer(0)]]) {}\n"
      "template [[host_name(\"deduced\")]] [[kernel]] void g(device float* x [[buffer(0)]]);\n"
      "namespace n { template <typename T> kernel void h(device T* x [[buffer(0)]]) {} template kernel void h<int>(device int*); }\n"
      "template <typename T> T plain(T x) { return x; }\ntemplate int plain<int>(int);\n");
  const auto entries = entry_points(*p);
  REQUIRE(entries.size() == 6);
  const char* names[] = {"full", "keyword", "typedef", "type", "deduced", "h<int>"};
  const char* functions[] = {"f<float, 2>", "f<half, 4>", "f<float, 1>", "f<metal::vec<half, 4>, 1>", "g", "h<int>"};
  const char* types[] = {"float", "half", "float", "metal::vec<half, 4>", "T", "int"};
  for (size_t i = 0; i < entries.size(); ++i) {
    const Entry entry = reflect(*p, entries[i]);
    CHECK_EQ(entry.name, names[i]);
    CHECK_EQ(entry.function, functions[i]);
    CHECK_EQ(entry.bindings.at(0).type, types[i]);
  }
  CHECK(p->problems.empty());
  CHECK(has(emit_source(*p, nullptr, false).text, "template int plain<int>(int);"));
}

TEST(specialisations) {
  const auto p = read("template <typename T> kernel void f(device T* x [[buffer(0)]]) {}\n"
                      "template <> [[host_name(\"f_int\")]] kernel void f<int>(device int* x [[buffer(0)]]) {}\n"
                      "template <> kernel void f<half>(device half* x [[buffer(0)]]) {}\n"
                      "template [[host_name(\"f_half\")]] kernel void f<half>(device half*);\n");
  const auto entries = entry_points(*p);
  REQUIRE(entries.size() == 2);
  CHECK_EQ(entries[0].name, "f_int");
  CHECK_EQ(reflect(*p, entries[0]).function, "f<int>");
  CHECK_EQ(entries[1].name, "f_half");
  CHECK(entries[1].kernel->is_template);
}

TEST(instantiation_of_nothing_is_a_problem) {
  const auto p = read("template [[host_name(\"x\")]] kernel void nope<float>(device float*);");
  REQUIRE(p->problems.size() == 1);
  CHECK(has(p->problems[0].message, "'nope'"));
}

TEST(overloads_that_differ_in_address_space) {
  CHECK_EQ(cpp("float f(device const float* a) { return 1; } float f(threadgroup const float* b) { return 1; }"), "float f( const float* a) { return 1; }");
  CHECK(has(cpp("float f(device const float* a) { return a[0]; } float f(threadgroup const float* b) { return b[1]; }"), "f_in_threadgroup ( const float* b) { return b[1]; }"));
  CHECK(has(cpp("float f(device float* a) { return 1; } float f(device const float* a) { return 2; }"), "return 2"));
  CHECK(!has(cpp("float f(const device float* a) { return (device float*)a; } float f(constant float* b) { return (constant float*)b; }"), "b"));
  CHECK(has(cpp("float f(device float* a) { return 1; } float f(device half* a) { return 2; }"), "return 2"));
  CHECK(has(cpp("float f(device float* a) { return 1; } float f(device float* a) { return 2; }"), "return 2"));  // the compiler's to refuse
  CHECK(!has(cpp("template <typename T> T f(device T* a) { return 1; } template <typename U> U f(threadgroup U* b) { return 1; }"), "b"));
  CHECK(has(cpp("struct A { int g(device int* a) { return 1; } int h(threadgroup int* a) { return 2; } };"), "return 2"));
  CHECK(!has(cpp("struct A { A(device int* a) : x{1}, y(2) { } A(threadgroup int* a) : x{3}, y(4) { } int x, y; };"), "3"));
  CHECK(!has(cpp("struct A { A() thread = default; A() constant = default; };"), "const"));
  CHECK(!has(cpp("struct A { int g() const device { return 1; } int g() constant { return 2; } };"), "return 2"));
  CHECK(!has(cpp("template <typename T> struct S; template <typename T> struct S<device T*> { int a; }; template <typename T> struct S<threadgroup T*> { int b; };"), "int b"));
  CHECK(has(cpp("namespace a { int f(device int* x) { return 1; } } namespace b { int f(threadgroup int* x) { return 2; } }"), "return 2"));
}

TEST(address_spaces) {
  CHECK_EQ(cpp("constant float t[2] = {1.0, 2};"), "static const float t[2] = { 1.0f , 2};");
  CHECK_EQ(cpp("constant constexpr int n = 1;"), "static constexpr int n = 1;");
  CHECK_EQ(cpp("static constant int n = 1;"), "static const int n = 1;");
  CHECK_EQ(cpp("struct A { static const constant int n = 1; };"), "struct A { static const constexpr int n = 1; };");
  CHECK(has(cpp("void f(constant int& a, const constant int* b, constant const int* c) {}"), "const int& a, const int* b, const int* c"));
}

TEST(swizzles) {
  CHECK(has(cpp("void f() { a.xy = b.zw; c.xyz += d->rgb; e.r = f.x; }"), "a. xy_l() = b. zw() ; c. xyz_l() += d-> xyz() ; e. x = f.x"));
  CHECK(has(cpp("struct S { float2 xy; }; void f() { s.xy = t.yx; }"), "s.xy = t. yx()"));
  CHECK(has(cpp("void f() { a.x = b.w; c.xyzzy = 1; d.xy(); }"), "a.x = b.w; c.xyzzy = 1; d.xy();"));
}

TEST(threadgroup_variables) {
  const std::string plain = cpp("kernel void k() { threadgroup float a[4][8], b; threadgroup float* p = a[0]; threadgroup_barrier(mem_flags::mem_threadgroup); }");
  CHECK(has(plain, "auto& a = klab_msl::threadgroup_variable<float [ 4 ] [ 8 ]>(0); auto& b = klab_msl::threadgroup_variable<float >(1);"));
  CHECK(has(plain, "float* p = a[0];"));
  CHECK(has(cpp("template <int N> void k() { threadgroup vec<half, 4> a[N]; }"), "threadgroup_variable_of<klab__a_tag, klab__slots, vec < half , 4 > [ N ]>()"));
  CHECK(has(cpp("void k() { alignas(64) threadgroup char a[4]; }"), "threadgroup_variable<char [ 4 ], 64>(0)"));
  const auto p = read("kernel void k() { threadgroup int a = 3; }");
  REQUIRE(p->problems.size() == 1);
  CHECK(has(p->problems[0].message, "'a' is not initialised"));
  CHECK(p->problems[0].is_warning);
}

TEST(function_constants) {
  const std::string source = "constant bool on [[function_constant(0)]]; constant int n [[function_constant(7)]]; constant int m = is_function_constant_defined(n) ? n : 3;";
  const auto p = read(source);
  const auto constants = reflect_constants(*p);
  REQUIRE(constants.size() == 2);
  CHECK_EQ(constants[0].name, "on");
  CHECK(constants[0].is_required);
  CHECK_EQ(constants[1].index, 7u);
  CHECK(!constants[1].is_required);
  ConstantValue value;
  value.name = "on";
  value.type = KLAB_BOOL;
  value.bits = 1;
  std::vector<ConstantValue> values{value};
  CHECK_EQ(cpp(source, &values), "static constexpr bool on = (bool)(true); static constexpr int n = int(); static const int m = false ? n : 3;");
  value.name.clear();
  value.index = 7;
  value.type = KLAB_I32;
  value.bits = uint32_t(-5);
  values = {value};
  CHECK(has(cpp(source, &values), "n = (int)((-5l)); static const int m = true ? n : 3;"));
  CHECK(has(cpp(source), "static const int n = klab_msl::unknown_constant<int>();"));
  CHECK_EQ(read("constant int x = is_function_constant_defined(nope);")->problems.size(), 1u);
}

TEST(constant_values) {
  Constant constant;
  constant.type = "float";
  const auto expression = [&](uint32_t type, uint64_t bits) { return constant_expression(constant, {0, type, bits, ""}); };
  CHECK_EQ(expression(KLAB_F32, 0x3fc00000), "(float)(0x1.8p+0)");
  CHECK_EQ(expression(KLAB_F16, 0x3e00), "(float)(0x1.8p+0)");
  CHECK_EQ(expression(KLAB_F16, 0x0001), "(float)(0x1p-24)");
  CHECK_EQ(expression(KLAB_BF16, 0x3fc0), "(float)(0x1.8p+0)");
  CHECK_EQ(expression(KLAB_F32, 0xff800000), "(float)(-__builtin_inf())");
  CHECK_EQ(expression(KLAB_U8, 0x1ff), "(float)(255)");
  CHECK_EQ(expression(KLAB_I8, 0xff), "(float)(-1)");
  CHECK_EQ(expression(KLAB_I64, 1ull << 63), "(float)((-9223372036854775807l - 1))");
}

TEST(pragmas_and_asserts) {
  const std::string source = "void f() {\n#pragma unroll(N)\nfor (;;) {}\n#pragma METAL internals\nassert(nowhere == 1);\n}";
  const std::string text = emit_source(*read(source), nullptr, false).text;
  CHECK(has(text, "#pragma unroll\n"));
  CHECK(!has(text, "METAL"));
  CHECK(has(text, "((void)0)"));
  CHECK(!has(text, "nowhere"));
}

TEST(synchronisation) {
  const auto uses = [](const std::string& source) {
    const auto p = read(source);
    const Function& last = p->functions.back();
    return may_synchronise(*p, reachable_names(*p, last.body_first, last.body_last));
  };
  CHECK(!uses("void g() { simd_sum(1); } kernel void k(uint simd_id [[thread_index_in_simdgroup]]) { int simd_lane = simd_id; }"));
  CHECK(uses("void g() { simd_sum(1); } void h() { g(); } kernel void k() { h(); }"));
  CHECK(uses("struct S { void operator()() { threadgroup_barrier(x); } }; kernel void k() { S s; s(); }"));
  CHECK(uses("kernel void k() { simdgroup_float8x8 m; }"));
  CHECK(uses("kernel void k() { simd_shuffle<float>(1, 2); }"));
}

TEST(unsupported_features_have_names) {
  const auto p = read("kernel void k(texture2d<float> t [[texture(0)]]) { mpp::tensor_ops::matmul2d<d> op; }");
  std::string all;
  for (const Problem& problem : p->problems) all += problem.message + "\n";
  CHECK(has(all, "mpp::tensor_ops is not available on the cpu device"));
  CHECK(has(all, "textures and samplers are not available on the cpu device (parameter 't' of kernel 'k')"));
  CHECK_EQ(read("vertex float4 v(uint i [[vertex_id]]) { return 0; }")->problems.size(), 1u);
  const auto refused = read("struct A { A() = delete; virtual void f(); };\nvoid f() { double x; goto end; }");
  CHECK_EQ(refused->problems.size(), 3u);
  CHECK(has(refused->problems.at(1).message, "'double' is not supported in Metal"));
  CHECK_EQ(cpp("int requires = 1;"), "int requires_ = 1;");
  CHECK(read("struct tensor { int x; }; void f() { int texture2d; }")->problems.empty());
}

TEST(every_place_maps_back) {
  const std::string source = "kernel void k(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n  threadgroup float t[4];\n  x[i] = v.xyz + 1.0h;\n}\n";
  const auto p = read(source);
  const CppText text = emit_source(*p, nullptr, false);
  uint32_t line = 1, column = 1;
  for (size_t at = 0; at < text.text.size(); ++at, ++column) {
    const uint32_t token = text.place_at(line, column).token;
    CHECK(token < p->size());
    if (text.text.compare(at, 6, "xyz() ") == 0) CHECK_EQ((*p)[token].text, "xyz");
    if (text.text[at] == '\n') ++line, column = 0;
  }
  CHECK_EQ(text.place_at(1000000, 1000000).token, text.segments.back().token);
}

TEST(bad_input_never_crashes) {
  const std::string good =
      "template <typename T> struct A { A(device T* x) : y{1} {} int y; };\nconstant int n [[function_constant(0)]];\n"
      "template <typename T, int N = (1 > 0)> kernel void k(device T* x [[buffer(0)]], uint i [[thread_position_in_grid]]) { threadgroup T t[N]; x[i].xy = t[0]; is_function_constant_defined(n); }\n"
      "template [[host_name(\"k\")]] kernel void k<float, 2>(device float*, uint);\n";
  for (size_t length = 0; length <= good.size(); ++length) {
    for (const std::string& text : {good.substr(0, length), good.substr(length), good.substr(0, length) + "}" + good.substr(length)}) {
      const auto p = read(text);
      CppText out = emit_source(*p, nullptr, false);
      for (const EntryPoint& entry : entry_points(*p)) append_entry(out, *p, entry, thread_functions(true));
      CHECK(p->map.locate(p->stream, p->size()).line >= 1);
    }
  }
  const auto repeated = [](const std::string& text) {
    std::string out;
    while (out.size() < (1 << 19)) out += text;
    return out;
  };
  for (const std::string& text : {repeated("{}"), repeated("a<"), repeated("f(x){}"), repeated("a b,"), repeated("template<"), repeated("struct a{"), repeated("x[[a]]"), std::string(1 << 20, '('), std::string(1 << 20, 'a'), std::string(1 << 20, '<'), std::string(4096, '\0'), std::string("\xff\xfe[[[[((("),
                                  std::string("template"), std::string("template<"), std::string("[[kernel"), std::string("kernel void"), std::string("operator"), std::string("threadgroup")}) {
    CHECK(!emit_source(*read(text), nullptr, false).text.empty());
  }
}

int main() { return klab_test::run_all(); }
