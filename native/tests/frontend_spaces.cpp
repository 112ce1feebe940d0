// Address spaces are held against what Metal says of them, although the code that runs here has none.
#include <array>

#include "frontend_run.h"

using namespace frontend_test;

namespace {

std::array<int, 4> results(const std::string& source) {
  alignas(16) std::array<int, 4> out{};
  run(start + source, {out.data(), out.data()});
  return out;
}

bool refuses(const std::string& source, const std::string& diagnostic) {
  const auto state = read(start + source);
  return CHECK(has_errors(*state)) && CHECK(says(info(*state).diagnostics, "k.metal:" + diagnostic));
}

std::string problems(const std::string& source) { return describe(info(*read(start + source)).diagnostics); }

const std::string where =
    "static int where(device int* p) { return 1; }\nstatic int where(threadgroup int* p) { return 2; }\n"
    "static int where(thread int* p) { return 3; }\nstatic int where(constant int* p) { return 4; }\n";

}  // namespace

TEST(functions_that_differ_in_address_spaces_and_in_what_they_do) {
  const std::string body = "kernel void k(device int* a [[buffer(0)]], constant int* c [[buffer(1)]]) {\n  threadgroup int t[4]; int l[4]; auto q = &t[1]; int x;\n";
  const std::array<int, 4> first = results(where + body + "a[0] = where(a); a[1] = where(t); a[2] = where(l); a[3] = where(c + 1); }\n");
  CHECK(first == (std::array<int, 4>{1, 2, 3, 4}));
  const std::array<int, 4> second = results(where + body + "a[0] = where(&a[2]); a[1] = where(q); a[2] = where(&x); a[3] = where((device int*)a + 1); }\n");
  CHECK(second == (std::array<int, 4>{1, 2, 3, 1}));
}

TEST(variants_are_declared_ahead_and_are_templates) {
  const std::string declared =
      "static int where(device int* p); static int where(threadgroup int* p);\n"
      "kernel void k(device int* a [[buffer(0)]]) { threadgroup int t[2]; a[0] = where(a); a[1] = where(t); }\n"
      "static int where(device int* p) { return 5; }\nstatic int where(threadgroup int* p) { return 6; }\n";
  CHECK_EQ(results(declared)[0], 5);
  CHECK_EQ(results(declared)[1], 6);
  const std::array<int, 4> out = results(
      "template <typename T> T get(const device T* p, uint i) { return p[i]; }\ntemplate <typename T> T get(const threadgroup T* p, ushort i) { return p[i] * 10; }\n"
      "kernel void k(device int* a [[buffer(0)]]) { threadgroup int t[2]; t[1] = 3; a[0] = 7; a[1] = get<int>(t, 1); a[2] = get(a, 0); }\n");
  CHECK_EQ(out[1], 30);
  CHECK_EQ(out[2], 7);
}

TEST(a_call_whose_variant_cannot_be_told_is_named) {
  const std::string unknown = where + "template <typename P> int ask(P p) { return where(p); }\nkernel void k(device int* a [[buffer(0)]]) { a[0] = ask(a); }\n";
  refuses(unknown, "7:45: which 'where' is called depends on the memory that its argument is in");
  const auto state = read(start + "struct S { int v; int get() device { return 1; } int get() threadgroup { return 2; } };\nkernel void k(device S* a [[buffer(0)]]) { a->v = a->get(); }\n");
  CHECK(says(info(*state).diagnostics, "k.metal:3:54: methods 'get' that differ in address spaces alone and do different things"));
}

TEST(pointers_to_other_memory_are_refused_where_they_are_given) {
  const std::string head = "static float sum(threadgroup float* t) { return t[0]; }\nstatic void bump(thread float& to, float x) { to += x; }\nkernel void k(device float* a [[buffer(0)]], constant float* c [[buffer(1)]]) {\nthreadgroup float t[4]; float l[2];\n";
  refuses(head + "a[0] = sum(a); }\n", "7:12: this is a pointer to device memory, and parameter 't' of 'sum' is a pointer to threadgroup memory");
  refuses(head + "a[0] = sum(&l[1]); }\n", "7:12: this is a pointer to thread memory, and parameter 't'");
  refuses(head + "bump(a[0], 1); }\n", "7:6: this is in device memory, and parameter 'to' of 'bump' is in thread memory");
  refuses(head + "threadgroup float* q = a + 1; t[0] = *q; }\n", "7:24: 'q' is a pointer to threadgroup memory, and this is one to device memory");
  refuses(head + "const device float* q = a; q = c; a[0] = *q; }\n", "7:32: 'q' is a pointer to device memory, and this is one to constant memory");
  refuses(head + "a[0] = *(threadgroup float*)a; }\n", "7:9: casts a pointer to device memory to one to threadgroup memory");
  refuses(head + "a[0] = *reinterpret_cast<thread float*>(&t[1]); }\n", "7:9: casts a pointer to threadgroup memory to one to thread memory");
  refuses("static float sum(threadgroup float* t) { return t[0]; }\nstatic float sum(threadgroup float* t, int n) { return t[n]; }\nstatic float sum(thread float* t) { return t[0]; }\nkernel void k(device float* a [[buffer(0)]]) { a[0] = sum(a); }\n",
          "6:59: this is a pointer to device memory, and no 'sum' takes that");
}

TEST(what_cannot_be_told_or_is_right_is_let_through) {
  CHECK_EQ(problems(R"msl(struct Tile { threadgroup float* at; device float* from; float v[2]; };
template <typename T> T head(T p) { return p; }
static float sum(threadgroup float* t) { return t[0]; }
static float sum(device float* t) { return t[0]; }
static float both(threadgroup float* t, const thread float& x, thread float* l) { return t[0] + x + l[0]; }
constant float table[2] = {1, 2};
static float look(constant float* t) { return t[1]; }
kernel void k(device float* a [[buffer(0)]], threadgroup float* dynamic [[threadgroup(0)]]) {
  threadgroup float t[4][4]; Tile tile; tile.at = dynamic; tile.from = a;
  a[0] = sum(tile.at) + sum(tile.from) + sum(t[0]) + sum(&t[1][1]) + sum(head(a)) + look(table) + look(&table[1]);
  a[1] = both(t[1], a[2], tile.v);
  { device float* p = a; threadgroup float* q = dynamic + 2; a[2] = sum(p) + sum(q); }
  { threadgroup float* p = dynamic; a[3] = sum(p); }
  device float* best = a[0] > 1 ? a : a + 1; a[4] = sum(best); ptrdiff_t n = best - a; a[5] = n;
  auto read = [&](threadgroup float* a) { return sum(a); }; a[6] = read(dynamic);
  device uchar* bytes = (device uchar*)a; bytes += 4; a[7] = *(device float*)bytes;
}
)msl"), "");
}

TEST(buffers_of_addresses_take_away_their_kernels_only) {
  const auto state = read(start + R"msl(struct Inner { device float* rows [[id(0)]]; uint n [[id(1)]]; };
struct Outer { float scale; Inner all[2]; };
struct Loader { const device float* from; Loader(const device float* f) : from(f) {} float get() { return from[0]; } };
struct Plain { float4 v; float at(device float* p) { return *p; } };
kernel void nested(constant Outer& o [[buffer(0)]]) { o.all[0].rows[0] = 1; }
kernel void direct(device const Inner* o [[buffer(0)]]) { o->rows[0] = 1; }
kernel void rows(device float* device* o [[buffer(0)]]) { o[0][0] = 1; }
kernel void fine(constant Plain& p [[buffer(0)]], device float* o [[buffer(1)]]) { Loader l(o); device float* q = o; thread device float* thread* r = &q; (*r)[1] = l.get() + p.v.x; }
)msl");
  CHECK(!has_errors(*state));
  CHECK(says(info(*state).diagnostics, "k.metal:7:36: parameter 'o' of kernel 'nested' is an argument buffer, as its member 'all' holds an address"));
  CHECK(says(info(*state).diagnostics, "k.metal:8:40: parameter 'o' of kernel 'direct' is an argument buffer, as its member 'rows' holds an address"));
  CHECK(says(info(*state).diagnostics, "k.metal:9:40: parameter 'o' of kernel 'rows' is a pointer to pointers"));
  CompiledEntry out;
  CHECK_EQ(compile(*state, "direct", out).status, KLAB_UNSUPPORTED);
  CHECK_EQ(compile(*state, "fine", out).message, "");
}

int main() { return klab_test::run_all(); }
