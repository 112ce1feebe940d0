// Which kernels one lane may run for its whole simdgroup.
#include "check.h"
#include "cpu/frontend/reachable.h"
#include "cpu/frontend/scan.h"
#include "cpu/frontend/uniform.h"

using namespace klab::msl;

namespace {

// Of the last kernel. The names are those that its body reaches.
Uniformity judge(const std::string& source) {
  const auto program = scan({source, "k.metal", source});
  const auto entries = entry_points(*program);
  if (entries.empty()) return {};
  const EntryPoint& entry = entries.back();
  uint32_t last = entry.kernel->token;
  for (const Function& function : program->functions) {
    if (function.name == entry.kernel->name) last = function.body_last;
  }
  return uniformity(*program, entry, reachable_names(*program, entry.kernel->token + 1, last));
}

const std::string operands = "device const float* A [[buffer(0)]], device float* C [[buffer(1)]]";

std::string kernel(const std::string& position, const std::string& body) {
  return "kernel void k(" + operands + (position.empty() ? "" : ", " + position) + ") { simdgroup_float8x8 a, sum[2]; " + body + " simdgroup_store(a, C, 8); }";
}

bool is_uniform(const std::string& position, const std::string& body, uint32_t width_multiple = 0) {
  const Uniformity found = judge(kernel(position, body));
  if (!found.is_uniform) std::printf("not uniform: %s\n", found.reason.c_str());
  return found.is_uniform && found.width_multiple == width_multiple;
}

bool is_refused(const std::string& source, const std::string& reason) {
  const Uniformity found = judge(source);
  const bool holds = !found.is_uniform && found.reason.find(reason) != std::string::npos;
  if (!holds) std::printf("'%s': expected '%s', got '%s'\n", source.c_str(), reason.c_str(), found.reason.c_str());
  return holds;
}

}  // namespace

TEST(matrices_alone_are_uniform) {
  CHECK(is_uniform("", "simdgroup_load(a, A, 8); simdgroup_multiply_accumulate(sum[0], a, a, sum[0]);"));
  CHECK(is_uniform("uint2 tile [[threadgroup_position_in_grid]]", "A += tile.y * 8; C += tile.x; sum[1] = sum[0];"));
  CHECK(is_uniform("uint s [[simdgroup_index_in_threadgroup]]", "threadgroup_barrier(mem_flags::mem_none); int n[4]; for (int i = 0; i < 4; i++) n[i] += int(s);"));
}

TEST(positions_count_by_what_is_read_of_them) {
  CHECK(is_uniform("uint3 t [[thread_position_in_threadgroup]]", "A += t.y * 8 + t.z;", 32));
  CHECK(is_uniform("uint2 t [[thread_position_in_grid]]", "A += t.y;", 32));
  CHECK(is_uniform("uint lane [[thread_index_in_simdgroup]]", ""));
  CHECK(is_uniform("uint i [[thread_index_in_threadgroup]]", "uint s = i / 32; A += s;"));
  CHECK(is_refused(kernel("uint3 t [[thread_position_in_threadgroup]]", "A += t.x;"), "thread_position_in_threadgroup"));
  CHECK(is_refused(kernel("uint3 t [[thread_position_in_threadgroup]]", "A += t.yx.y;"), "thread_position_in_threadgroup"));
  CHECK(is_refused(kernel("uint t [[thread_position_in_grid]]", "A += t;"), "thread_position_in_grid"));
  CHECK(is_refused(kernel("uint lane [[thread_index_in_simdgroup]]", "A += lane / 32;"), "thread_index_in_simdgroup"));
  CHECK(is_refused(kernel("uint i [[thread_index_in_threadgroup]]", "A += 2 * i / 32;"), "thread_index_in_threadgroup"));
  CHECK(is_refused(kernel("uint i [[thread_index_in_threadgroup]]", "A += i / 16;"), "thread_index_in_threadgroup"));
}

TEST(operations_between_lanes_are_not_uniform) {
  CHECK(is_refused(kernel("", "float x = simd_sum(A[0]);"), "simd_sum"));
  CHECK(is_refused(kernel("", "float2 e = a.thread_elements();"), "thread_elements"));
  CHECK(is_refused(kernel("", "simdgroup_event e; simdgroup_async_copy(e);"), "simdgroup_async_copy"));
  CHECK(is_refused("void add(device atomic_int* n) { atomic_fetch_add_explicit(n, 1, memory_order_relaxed); } kernel void k(device atomic_int* n [[buffer(0)]]) { simdgroup_float8x8 m; add(n); }", "atomic"));
  CHECK(is_refused("struct S { float v = quad_sum(1.0f); }; kernel void k(" + operands + ") { simdgroup_float8x8 m; S s; }", "quad_sum"));
  // A function that the kernel does not reach is no reason.
  CHECK(judge("void other() { simd_sum(1); } kernel void k(" + operands + ") { simdgroup_float8x8 m; simdgroup_store(m, C, 8); }").is_uniform);
  CHECK(is_refused("void other() { simd_sum(1); } kernel void k(" + operands + ") { simdgroup_float8x8 m; other(); }", "simd_sum"));
}

TEST(only_stores_of_matrices_write_memory) {
  const char* writes = "writes memory";
  CHECK(is_refused(kernel("", "C[0] = 1;"), writes));
  CHECK(is_refused(kernel("", "C[3] += A[0];"), writes));
  CHECK(is_refused(kernel("", "*C = 1;"), writes));
  CHECK(is_refused(kernel("", "*(C + 1) = 1;"), writes));
  CHECK(is_refused(kernel("", "++C[1];"), writes));
  CHECK(is_refused(kernel("", "C[1]--;"), writes));
  CHECK(is_refused(kernel("", "device float* out = C + 4; out[0] = 2;"), writes));
  CHECK(is_refused(kernel("", "auto out = C; out[0] = 2;"), writes));
  CHECK(is_refused(kernel("", "device float& out = C[0]; out = 2;"), writes));
  CHECK(is_refused(kernel("", "threadgroup float tile[64]; tile[0] = 2;"), writes));
  CHECK(is_refused(kernel("", "threadgroup float one; one = 2;"), writes));
  CHECK(is_refused("struct P { float x; }; kernel void k(device P* p [[buffer(0)]]) { simdgroup_float8x8 m; p->x = 1; }", writes));
  CHECK(is_refused("template <class T> void put(T& x) { x = 1; } kernel void k(" + operands + ") { simdgroup_float8x8 m; put(C[0]); }", writes));
  CHECK(is_uniform("", "float x = 0; x += 1; float v[3]; v[2] = x; float4 f; f.x = 1; struct { float y; } s; s.y = 2; const device float* p = A; p += 4; p = A;"));
  CHECK(is_uniform("", "for (int i = 0; i < 4; ++i) { int n = 0; n++; --n; }"));
}

int main() { return klab_test::run_all(); }
