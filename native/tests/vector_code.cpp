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
    for (const int rounds : {1, 8, 19}) {
      agree(rows_face + "typedef " + type + " T; device const T* rows = (device const T*)in; T s = T(1); const uint n = count - 4096 + " + std::to_string(rounds) +
            "; for (uint k = 0; k < n; k++) s = s * T(3) + rows[i % 61 * 29 + k] * T(in[k]); out[i] = uint(s); }");
    }
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

}  // namespace

int main() { return run_all_or_skip(); }
