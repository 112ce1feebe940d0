// What the vector tier's code is like, where results alone do not tell.
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

}  // namespace

int main() { return run_all_or_skip(); }
