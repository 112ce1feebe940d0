// What the vector tier's code is like, where results alone do not tell, and what its faster forms of memory access compute.
#include <fstream>
#include <iterator>

#include "vector_fixture.h"

using namespace vector_test;

namespace {

std::string machine_code(const std::string& source) {
  CompiledEntry compiled;
  CHECK_EQ(compile_vector_entry(*read(prologue + source, exact()), {"k", {}, 0}, {}, context(), compiled).message, "");
  std::ifstream in(compiled.library, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

#if defined(__x86_64__)

// prefetcht1: 0F 18 /2.
int prefetches(const std::string& source) {
  const std::string code = machine_code(source);
  int count = 0;
  for (size_t at = code.find("\x0f\x18"); at != std::string::npos; at = code.find("\x0f\x18", at + 1)) {
    count += at + 2 < code.size() && (code[at + 2] >> 3 & 7) == 2;
  }
  return count;
}

const std::string face = "kernel void k(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) ";

TEST(streams_are_fetched_ahead) {
  CHECK(prefetches(face + "{ float s = 0; for (uint k = lane * 4; k < count; k += 128) s += dot(*(device const float4*)(in + k), float4(1, 2, 3, 4)); out[i] = s; }") >= 8);
  CHECK(prefetches(face + "{ float s = 0; for (uint k = lane; k < count; k += 32) s += in[k]; out[i] = s; }") >= 2);
}

TEST(what_comes_back_or_leaps_is_not) {
  CHECK_EQ(prefetches(face + "{ float s = 0; for (uint k = 0; k < count; k++) s += in[k * count + lane]; out[i] = s; }"), 0);
  CHECK_EQ(prefetches(face + "{ float s = 0; for (uint k = 0; k < count; k++) s += in[lane] * in[k]; out[i] = s; }"), 0);
  CHECK_EQ(prefetches(face + "{ threadgroup float t[4096]; for (uint k = lane; k < 4096; k += 32) t[k] = float(k); threadgroup_barrier(mem_flags::mem_threadgroup); float s = 0; for (uint k = lane; k < count; k += 32) s += t[k]; out[i] = s; }"), 0);
}

#endif

const std::string rows_face = "kernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint index [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]]) { const uint i = group * 97 + index; ";

// Each lane along a row of its own, in loops that are unrolled, whose last rounds are not.
TEST(lanes_walk_along_rows) {
  for (const char* type : {"uchar", "half", "float", "ulong"}) {
    agree(rows_face + "typedef " + type + " T; device const T* rows = (device const T*)in; T s = T(1); const uint n = count - 4095 + group * 9; for (uint k = 0; k < n; k++) s = s * T(3) + rows[i % 61 * 29 + k] * T(in[k]); out[i] = uint(s); }");
  }
}

TEST(some_lanes_walk_along_rows) {
  agree(rows_face + "if (in[i] % 5 == 3) return; uint s = i; const uint n = count - 4096 + 21; if (in[i] & 1) for (uint k = 0; k < n; k++) s = s * 3 + in[i * 11 + k]; out[i] = s; }");
}

TEST(small_vectors_lie_apart) {
  agree(rows_face + "device const uint4* fours = (device const uint4*)in; uint4 v = fours[in[i] % 1000]; uint s = v.x + v.y * 3 + v.z * 5 + v.w * 7; if (in[i] & 2) { uint3 w = ((device const packed_uint3*)in)[in[i] % 1300]; s ^= w.x + w.y * 3 + w.z * 11; } out[i] = s; }");
  agree(rows_face + "const uint r = i % 7 * 40; uint s = 0; for (int j = 7; j >= 0; j--) s = s * 5 + in[r + j]; for (int j = 0; j < 5; j++) s = s * 3 + in[r * 3 - j + 9]; out[i] = s; }");
}

// What is written in between is read.
TEST(pieces_do_not_move_past_writes) {
  agree(rows_face + "const uint r = 2000 + i * 6; uint s = out[r] + out[r + 1]; out[r + 1] = s + i; out[r + 2] = i; s = s * 3 + out[r] + out[r + 1] * 5 + out[r + 2] * 7; out[i] = s; }");
}

// Fast math lets the compiler choose the order of a sum. It must not where the order is stated.
TEST(sums_have_one_order_under_fast_math) {
  const std::string matrix_face = "kernel void k(device const float* in [[buffer(0)]], device float* out [[buffer(1)]], uint index [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]], uint simdgroup [[simdgroup_index_in_threadgroup]]) { const uint i = group * 97 + index; const float x = float(as_type<uint>(in[i * 7 + 3]) % 100003) * 1e-3f - 17.3f; ";
  const ModuleRequest fast;
  CHECK(fast.math_mode != KLAB_MATH_SAFE);
  agree(matrix_face + "out[i] = simd_sum(x); out[i + 500] = simd_product(x * 0.1f); out[i + 1000] = simd_prefix_inclusive_sum(x); out[i + 1500] = float(simd_sum(half(x))); out[i + 2000] = quad_sum(x); }", fast);
  for (const char* type : {"float", "half", "bfloat"}) {
    agree(matrix_face + "typedef " + type + " T; threadgroup T tile[192]; for (uint e = index; e < 192; e += 32) tile[e] = T(float(as_type<uint>(in[e * 5 + 1]) % 100003) * 1e-4f - 4.7f); threadgroup_barrier(mem_flags::mem_threadgroup); if (simdgroup == 0) { simdgroup_matrix<T, 8, 8> a, b; simdgroup_matrix<float, 8, 8> c(0); simdgroup_load(a, tile, 8); simdgroup_load(b, tile + 64, 8); for (int k = 0; k < 3; k++) { simdgroup_multiply_accumulate(c, a, b, c); simdgroup_load(a, tile + k * 32, 8); } simdgroup_store(c, out + group * 64, 8); } }", fast);
  }
}

TEST(least_and_greatest_know_nan_and_zero) {
  for (const char* type : {"float", "half", "int", "bfloat"}) {
    agree(rows_face + "typedef " + type + " T; T x = T(as_type<float>(in[i * 3 + 2])); if (is_same_v<T, float> && in[i] % 9 == 1) x = T(NAN); if (in[i] % 5 == 0) x = in[i + 1] & 1 ? T(0) : T(-T(0)); if (in[i] % 7 == 3) return; T lo = simd_min(x), hi = simd_max(x); if (in[i + 2] & 1) lo = simd_max(simd_min(T(x * T(2)))) ; out[i] = as_type<uint>(float(lo)) * 3 + as_type<uint>(float(hi)); }");
  }
  agree(rows_face + "float x = i % 40 == 0 ? -0.0f : 0.0f; if (group == 1) x = NAN; out[i] = as_type<uint>(simd_min(x)); out[i + 500] = as_type<uint>(simd_max(x)); out[i + 1000] = as_type<uint>(simd_min(-x)); }");
}

}  // namespace

int main() { return run_all_or_skip(); }
