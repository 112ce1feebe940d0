// Loops whose rounds count: which they are, and what the pre-pass makes of them.
#include "check.h"
#include "cpu/frontend/glue.h"
#include "cpu/frontend/scan.h"

using namespace klab::msl;

namespace {

// The emitted source without white space and prologue.
std::string cpp(const std::string& source) {
  const std::string text = emit_source(*scan({source, "k.metal", source}), nullptr, false).text;
  std::string out;
  for (const char c : text.substr(text.find('\n') + 1)) {
    if (c != ' ' && c != '\n') out += c;
  }
  return out;
}

std::string in_kernel(const std::string& body) { return "kernel void k(device uint* out [[buffer(0)]]) { " + body + " }"; }

uint32_t loops_that_count(const std::string& source) {
  const std::string text = cpp(source);
  uint32_t count = 0;
  for (size_t at = 0; (at = text.find("KLAB_LOOP", at)) != std::string::npos; ++at) ++count;
  return count;
}
uint32_t count_in(const std::string& body) { return loops_that_count(in_kernel(body)); }

bool becomes(const std::string& body, const std::string& expected) {
  const std::string text = cpp(in_kernel(body));
  const bool holds = text.find("{" + expected + "}") != std::string::npos;
  if (!holds) std::printf("'%s' became '%s'\n", body.c_str(), text.c_str());
  return holds;
}

}  // namespace

TEST(loops_in_step_stay_as_they_are) {
  CHECK_EQ(count_in("for (;;) { if (a) continue; b(); }"), 0u);
  CHECK_EQ(count_in("for (int i = 0; i < 4; i++) x += simd_sum(x);"), 0u);
  CHECK_EQ(count_in("while (n--) { x = simd_sum(x); if (x) break; }"), 0u);
  CHECK_EQ(count_in("do { x = simd_sum(x); } while (x < 4);"), 0u);
  CHECK_EQ(count_in("while (simd_any(x)) x--; for (;;) if (a) b();"), 0u);
  CHECK_EQ(count_in("for (;;) for (int i = 0; i < 4; i++) for (int j = 0; j < 4; ++j) simdgroup_multiply_accumulate(c, a, b, c);"), 0u);
  CHECK_EQ(loops_that_count("template <int N> void f() { for (;;) for (int i = 0; i < N; i++) simd_sum(i); }"), 0u);
  CHECK_EQ(count_in("uint simd_lane = 0; for (;;) if (a) simd_lane++;"), 0u);
}

TEST(loops_that_pass_an_operation_by_count) {
  CHECK_EQ(count_in("for (;;) if (a) simd_sum(x);"), 1u);
  CHECK_EQ(count_in("for (;;) { if (a) continue; simd_sum(x); }"), 1u);
  CHECK_EQ(count_in("for (;;) { y = a ? simd_sum(x) : 0; }"), 1u);
  CHECK_EQ(count_in("for (;;) { y = a && quad_any(x); }"), 1u);
  CHECK_EQ(count_in("while (a || simd_any(x)) b();"), 1u);
  CHECK_EQ(count_in("for (;;) while (a) simdgroup_multiply_accumulate(c, a, b, c);"), 1u);
  CHECK_EQ(count_in("for (;;) for (int i = 0; i < 4; i++) { simd_sum(i); if (a) break; }"), 1u);
  CHECK_EQ(count_in("for (;;) for (int i = 0; i < lane; i++) simd_sum(i);"), 1u);
  CHECK_EQ(loops_that_count("template <int N> void f() {} void g(int N) { for (;;) for (int i = 0; i < N; i++) simd_sum(i); } " + in_kernel("g(out[0]);")), 1u);
  CHECK_EQ(count_in("for (;;) for (;;) if (a) simdgroup_barrier(mem_flags::mem_none);"), 2u);
}

TEST(operations_in_what_a_loop_calls_count) {
  CHECK_EQ(loops_that_count("uint f() { if (a) return 0; return simd_sum(1u); } uint g() { return f(); } " + in_kernel("for (;;) g();")), 1u);
  CHECK_EQ(loops_that_count("uint f() { return 1; } " + in_kernel("for (;;) { f(); } simd_sum(1u);")), 0u);
  CHECK_EQ(loops_that_count("struct S { uint get() { if (a) return 0; return simd_sum(1u); } }; " + in_kernel("S s; for (;;) s.get();")), 1u);
  CHECK_EQ(loops_that_count("struct S { uint operator()(uint) { return simd_sum(1u); } }; " + in_kernel("S s; for (;;) s(1);")), 1u);
  CHECK_EQ(count_in("auto f = [&](uint r) { return r ? simd_sum(r) : 0; }; for (;;) f(1);"), 1u);
  CHECK_EQ(loops_that_count("template <class F> void each(F f) { for (;;) f(1); } " + in_kernel("each([&](uint r) { simd_sum(r); });")), 1u);
}

namespace {

// In a kernel of arguments of every kind.
uint32_t count_among(const std::string& body, const std::string& before = "") {
  return loops_that_count(before + "constant uint W = 4; constant bool fc [[function_constant(0)]]; kernel void k(device uint* out [[buffer(0)]], constant uint& n [[buffer(1)]], "
                          "constant P& p [[buffer(2)]], uint2 group [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]], uint s [[simdgroup_index_in_threadgroup]]) { " + body + " }");
}

}  // namespace

TEST(branches_that_all_lanes_take_alike_do_not_count) {
  for (const char* condition : {"n", "fc && n > W", "group.y < p.rows[s]", "m + 1 < min(n, W)", "uint(group.x) % 2", "simd_any(out[lane])", "sizeof(uint4) == 16", "i % 3"}) {
    CHECK_EQ(count_among("const uint m = group.x * W; for (uint i = 0; i < m; ++i) if (" + std::string(condition) + ") simd_sum(i);"), 0u);
  }
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) { if (i == W) continue; if (p.last) break; simd_sum(lane); }"), 0u);
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) { for (uint e = lane; e < 64; e += 32) { if (e == n) continue; out[e] = n ? e : 0; } simd_sum(lane); }"), 0u);
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) load(i + W, lane);", "void load(uint row, uint lane) { if (row < 4) { simd_sum(row); return; } for (uint i = lane; i < 8; i++) f(i); simd_sum(row); }"), 0u);
  CHECK_EQ(count_among("uint x = lane; bool done = false; while (!done) { done = simd_all(x < 4); if (done) break; x--; simd_sum(x); }"), 0u);
}

TEST(branches_that_may_part_lanes_count) {
  for (const char* condition : {"lane", "out[0]", "m < 4", "f(n)", "unknown", "p.at()", "t[n]", "a[0]", "r", "c", "b", "v"}) {
    CHECK_EQ(count_among("threadgroup uint t[4]; uint m = group.x + lane, c, b = 0, v = 0; uint a[2] = {0, 0}; a[lane] = 1; modf(lane, c); thread uint& r = b; r = lane; "
                         "if (lane < 3) v = 1; for (uint i = 0; i < n; ++i) if (" + std::string(condition) + ") simd_sum(i);"), 1u);
  }
  CHECK_EQ(count_among("uint lanes = 0; set(lanes); for (uint i = 0; i < n; i++) if (lanes) simd_sum(i);", "void set(thread uint& x) { x = 3; }"), 1u);
  CHECK_EQ(count_among("uint x = 0; auto f = [&] { x++; }; if (lane) f(); for (uint i = 0; i < n; i++) if (x) simd_sum(i);"), 1u);
  CHECK_EQ(count_among("uint r = 0; for (;; r++) { if (r == lane) break; } for (uint i = 0; i < n; i++) if (r == 3) simd_sum(i);"), 1u);
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) load(i + W, lane);", "void load(uint row, uint i) { if (i < 4) return; simd_sum(row); }"), 1u);
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) load(i); load(lane);", "void load(uint row) { if (row < 4) return; simd_sum(row); }"), 1u);
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) while (true) { simd_sum(i); if (lane == i) break; }"), 1u);
  CHECK_EQ(count_among("for (uint i = 0; i < n; i++) { uint last = i; for (uint lane = 0; lane < last; lane++) simd_sum(i); }"), 1u);
}

TEST(every_kind_of_loop_is_wrapped) {
  CHECK(becomes("for (;;) if (a) simd_sum(x); else b(); c();", "{KLAB_LOOPfor(;;){KLAB_ROUNDif(a)simd_sum(x);elseb();}}c();"));
  CHECK(becomes("while (a) { if (b) simd_sum(x); } c();", "{KLAB_LOOPwhile(a){KLAB_ROUND{if(b)simd_sum(x);}}}c();"));
  CHECK(becomes("do if (a) simd_sum(x); while (b); c();", "{KLAB_LOOPdo{KLAB_NEXT_ROUNDif(a)simd_sum(x);}while(b);}c();"));
  CHECK(becomes("do { do simd_sum(x); while (a); } while (b); c();", "{KLAB_LOOPdo{KLAB_NEXT_ROUND{dosimd_sum(x);while(a);}}while(b);}c();"));
  CHECK(becomes("for (;;) for (;;) if (a) simd_sum(x); c();", "{KLAB_LOOPfor(;;){KLAB_ROUND{KLAB_LOOPfor(;;){KLAB_ROUNDif(a)simd_sum(x);}}}}c();"));
  CHECK(becomes("for (uint e : all) switch (e) { case 1: continue; default: simd_sum(e); } c();",
                "{KLAB_LOOPfor(uinte:all){KLAB_ROUNDswitch(e){case1:continue;default:simd_sum(e);}}}c();"));
  CHECK(becomes("\n#pragma unroll\nfor (;;) if (a) simd_sum(x);\n", "{KLAB_LOOP_Pragma(\"unroll\")for(;;){KLAB_ROUNDif(a)simd_sum(x);}}"));
}

int main() { return klab_test::run_all(); }
