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
  CHECK_EQ(count_in("for (;;) for (;;) simdgroup_multiply_accumulate(c, a, b, c);"), 1u);
  CHECK_EQ(count_in("for (;;) for (int i = 0; i < 4; i++) { simd_sum(i); if (a) break; }"), 1u);
  CHECK_EQ(count_in("for (;;) for (int i = 0; i < lane; i++) simd_sum(i);"), 1u);
  CHECK_EQ(loops_that_count("template <int N> void f() {} void g(int N) { for (;;) for (int i = 0; i < N; i++) simd_sum(i); }"), 1u);
  CHECK_EQ(count_in("for (;;) for (;;) if (a) simdgroup_barrier(mem_flags::mem_none);"), 2u);
}

TEST(operations_in_what_a_loop_calls_count) {
  CHECK_EQ(loops_that_count("uint f() { return simd_sum(1u); } uint g() { return f(); } " + in_kernel("for (;;) g();")), 1u);
  CHECK_EQ(loops_that_count("uint f() { return 1; } " + in_kernel("for (;;) { f(); } simd_sum(1u);")), 0u);
  CHECK_EQ(loops_that_count("struct S { uint get() { return simd_sum(1u); } }; " + in_kernel("S s; for (;;) s.get();")), 1u);
  CHECK_EQ(loops_that_count("struct S { uint operator()(uint) { return simd_sum(1u); } }; " + in_kernel("S s; for (;;) s(1);")), 1u);
  CHECK_EQ(count_in("auto f = [&](uint r) { return simd_sum(r); }; for (;;) f(1);"), 1u);
  CHECK_EQ(loops_that_count("template <class F> void each(F f) { for (;;) f(1); } " + in_kernel("each([&](uint r) { simd_sum(r); });")), 1u);
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
