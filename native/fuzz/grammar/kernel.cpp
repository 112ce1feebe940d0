#include "kernel.h"

#include "statements.h"

namespace klab_fuzz {
namespace {

const char* const preamble = R"(#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;
#pragma clang fp contract(off)

struct Params { uint n; int a; float f; uint unused; };

// Keeps values finite, normal and away from zero, whatever arithmetic did to them.
inline float tame(float x) { return (fabs(x) < 1.0e5f && fabs(x) > 1.0e-5f) ? x : 0.5f; }
inline half tame(half x) { return (fabs(x) < 100.0h && fabs(x) > 0.01h) ? x : 0.5h; }
template <typename T, int N> vec<T, N> tame(vec<T, N> v) {
  vec<T, N> r;
  for (int k = 0; k < N; k++) r[k] = tame(v[k]);
  return r;
}
// Whole numbers whose products and sums of products are exact: a compiler that knows a product may round it before it is
// added, another fuses the two.
inline float exact(float x) { return rint(clamp(x, -64.0f, 64.0f)); }
inline half exact(half x) { return rint(clamp(x, -8.0h, 8.0h)); }
template <typename T, int N> vec<T, N> exact(vec<T, N> v) {
  vec<T, N> r;
  for (int k = 0; k < N; k++) r[k] = exact(v[k]);
  return r;
}
inline uint bits(float x) { return isnan(x) ? 0x7fc00000u : as_type<uint>(x); }
inline uint bits(half x) { return isnan(x) ? 0x7e00u : uint(as_type<ushort>(x)); }
inline uint bits(uint x) { return x; }
inline uint bits(int x) { return uint(x); }
inline uint bits(bool x) { return x ? 1u : 0u; }
inline uint bits(short x) { return uint(ushort(x)); }
inline uint bits(uchar x) { return uint(x); }
inline uint bits(ulong x) { return uint(x ^ (x >> 32)); }
template <typename T, int N> uint bits(vec<T, N> v) {
  uint h = 0;
  for (int k = 0; k < N; k++) h = h * 31u + bits(v[k]);
  return h;
}
)";

const char* const signature = R"(
kernel void fuzzed(device uint* out [[buffer(0)]], device const float* floats [[buffer(1)]], device const int* ints [[buffer(2)]],
                   constant Params& p [[buffer(3)]], device atomic_uint* counters [[buffer(4)]], device float* scratch [[buffer(5)]],
                   device float4* quads [[buffer(6)]], uint3 position [[thread_position_in_grid]], uint3 grid [[threads_per_grid]],
                   uint3 g [[threadgroup_position_in_grid]], uint l [[thread_index_in_threadgroup]], uint3 size [[threads_per_threadgroup]],
                   uint lane [[thread_index_in_simdgroup]]) {
)";

KernelShape random_shape(Random& random) {
  struct Threads {
    uint32_t x, y, z;
  };
  const Threads threads = random.chance(60) ? random.pick({Threads{32, 1, 1}, Threads{64, 1, 1}, Threads{32, 2, 1}, Threads{96, 1, 1}, Threads{128, 1, 1}})
                                            : random.pick({Threads{1, 1, 1}, Threads{17, 1, 1}, Threads{33, 1, 1}, Threads{16, 4, 1}, Threads{8, 8, 1}, Threads{4, 4, 4},
                                                           Threads{40, 2, 1}, Threads{5, 3, 2}, Threads{48, 1, 1}});
  KernelShape shape;
  shape.threads[0] = threads.x, shape.threads[1] = threads.y, shape.threads[2] = threads.z;
  shape.grid_is_threads = random.chance(30);
  const uint32_t groups = 1 + random.below(3);
  for (int axis = 0; axis < 3; axis++) shape.grid[axis] = axis == 0 ? groups : 1 + (random.chance(20) ? 1 : 0);
  if (!shape.grid_is_threads) return shape;
  for (int axis = 0; axis < 3; axis++) shape.grid[axis] = shape.threads[axis] * shape.grid[axis] - (random.chance(60) ? random.below(shape.threads[axis]) : 0);
  return shape;
}

std::string write_helper(Random& random, const KernelShape& shape, uint32_t number, Type& type) {
  Statements body(random, shape);
  type = body.expressions().any_type();
  const std::string t = type.name(), name = "helper" + std::to_string(number);
  const bool is_template = random.chance(40);
  body.scope().add({"w", uint_type, false, false, 0});
  body.scope().add({"x", type, true, false, 0});
  body.scope().add({"y", type, true, false, 0});
  std::string out = is_template ? "\ntemplate <typename T>\nT " + name + "(uint w, T x, thread T& y) {\n" : "\nstatic " + t + " " + name + "(uint w, " + t + " x, thread " + t + "& y) {\n";
  const uint32_t count = 1 + random.below(3);
  for (uint32_t k = 0; k < count; k++) body.line((random.chance(50) ? "x = " : "y = ") + body.expressions().value(type, 3) + ";");
  if (random.chance(30)) body.line("if (" + body.expressions().of(bool_type, 2) + ") return " + body.expressions().value(type, 2) + ";");
  body.line("return " + body.expressions().value(type, 2) + ";");
  return out + body.take() + "}\n";
}

// A word of the results for each of the last variables, and one for all of them.
void write_results(Statements& body, uint32_t& used) {
  body.line("uint h = 17u;");
  for (const Variable& v : body.scope().all()) {
    if (v.is_uniform) continue;
    body.line("h = h * 31u + bits(" + (v.array ? v.name + "[1]" : v.name) + ");");
    if (used + 1 < words_per_thread && v.name[0] == 'v') body.line("out[i * " + std::to_string(words_per_thread) + "u + " + std::to_string(++used) + "u] = bits(" + v.name + ");");
  }
  body.line("out[i * " + std::to_string(words_per_thread) + "u] = h;");
}

}  // namespace

bool KernelShape::is_whole() const {
  if (threads_per_group() % 32) return false;
  for (int axis = 0; axis < 3; axis++) {
    if (grid_is_threads && grid[axis] % threads[axis]) return false;
  }
  return true;
}

GeneratedKernel generate_kernel(uint64_t seed) {
  Random random(seed);
  GeneratedKernel kernel;
  kernel.shape = random_shape(random);
  kernel.source = "// fuzz_kernels --seed " + std::to_string(seed) + "\n" + preamble;
  Statements body(random, kernel.shape);
  const uint32_t helpers = random.below(3);
  for (uint32_t k = 0; k < helpers; k++) {
    Type type;
    kernel.source += write_helper(random, kernel.shape, k, type);
    body.add_helper("helper" + std::to_string(k), type);
  }
  for (const char* name : {"i", "l", "lane"}) body.scope().add({name, uint_type, false, false, 0});
  body.scope().add({"position", {Scalar::uint32, 3}, false, false, 0});
  body.scope().add({"p.n", uint_type, false, true, 0});
  body.scope().add({"g.x", uint_type, false, true, 0});
  for (int k = 0; k < 4; k++) body.declare({});
  body.write(4 + random.below(14), {});
  // Behind the last barrier some threads may go.
  if (random.chance(25)) body.line("if (" + body.expressions().of(bool_type, 2) + ") { out[i * " + std::to_string(words_per_thread) + "u] = 99u; return; }");
  Place tail;
  tail.is_uniform = false;
  body.write(random.below(5), tail);
  uint32_t used = 0;
  write_results(body, used);
  kernel.uses_sync = body.uses_sync();
  kernel.source += signature + body.declarations() +
                   "  const uint i = position.x + grid.x * (position.y + grid.y * position.z), count = size.x * size.y * size.z;\n" + body.take() + "}\n";
  return kernel;
}

}  // namespace klab_fuzz
