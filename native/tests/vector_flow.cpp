// The vector tier's control flow: lanes that part, meet, leave loops and return in their own time.
#include "vector_fixture.h"

using namespace vector_test;

namespace {
const std::string head = "kernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint index [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) { const uint i = group * 80 + index; ";
void agree_on(const std::string& body) { agree(head + body + "}"); }
}  // namespace

TEST(branches) {
  agree_on("{ uint v = in[i]; if (v % 3 == 0) { v *= 5; if (v & 8) v += in[v % 100]; else v -= 1; } else if (v % 3 == 1) { out[i + 1000] = v; v ^= 77; } out[i] = (i & 1) ? v : v / (in[i] % 4 + 1); }");
}

TEST(early_return_and_guards) {
  agree_on("{ if (i > 40) return; uint s = 0; for (uint k = 0; k < 9; k++) s += in[k * 16 + i]; if (in[i] % 5 == 2) { out[i] = s; return; } out[i] = s + 1; if (i < 11) out[i + 500] = simd_sum(i); }");
}

TEST(loops_that_lanes_leave_apart) {
  agree_on(R"msl({
    uint s = 0, n = in[i * 3 + 1] + 2;
    for (uint k = 0; k < n; k++) {
      if (in[k + i] % 11 == 3) continue;
      for (uint j = lane; j < 40; j += 7) { s += in[j] ^ k; if (s % 17 == 0) break; }
      if (s % 29 == 4) break;
      s = s * 3 + k;
    }
    while (s > 1000) { s /= 3; if (s == 1234) { out[i + 2000] = s; return; } }
    out[i] = s;
  })msl");
}

// What a lane takes out of a loop is of its last round, not of the one that others go on to.
TEST(values_carried_round_a_loop) {
  agree_on(R"msl({
    uint x = in[i], y = in[i + 9], z = lane, last = 5;
    for (uint k = 0; k < lane % 7; k++) { last = z; const uint old = x; x = z; z = y ^ k; y = old + (in[k] & 3); }
    out[i] = last; out[i + 300] = x; out[i + 600] = y; out[i + 900] = z;
  })msl");
}

TEST(switches_and_choices) {
  agree_on(R"msl({
    uint v = in[i * 3 + 1], r = 0;
    switch (v) { case 0: r = in[i]; break; case 1: r = 10; case 2: r += 100; break; case 5: for (uint k = 0; k <= lane; k++) r += k; break; default: r = simd_min(i); }
    do { r ^= r >> 3; v++; } while (v < 6);
    out[i] = r;
  })msl");
}

TEST(simd_operations_in_branches) {
  agree_on(R"msl({
    uint v = in[i];
    if (lane % 3 == 1) out[i] = simd_sum(v) + simd_shuffle_xor(v, 3); else out[i] = simd_max(v) ^ uint(simd_vote::vote_t(simd_ballot(v & 4)));
    for (uint k = 0; k < lane % 4; k++) out[i + 600] = simd_prefix_exclusive_sum(v + k);
    if (simd_any(v % 64 == 5)) out[i + 1200] = simd_broadcast_first(lane) + quad_sum(lane);
    out[i + 1800] = simd_is_first() ? 1 : simd_shuffle_up(v, 2) + simd_shuffle_down(v, ushort(v % 5));
  })msl");
}

// Rounds of a constant number are written out; in each other lanes take part.
TEST(sums_of_some_lanes_in_every_round) {
  const std::string source = prologue + head + R"msl(
    uint a = 0, b = 0;
    for (uint k = 0; k < 12; k++) { if (k % 3 == lane % 3) continue; a += simd_sum(k + lane); }
    for (uint k = 0; k < 12; k++) { if ((k + lane) & 1) b += simd_max(k * 32 + lane); else b ^= simd_sum(lane); simdgroup_barrier(mem_flags::mem_none); }
    out[i] = a; out[i + 1000] = b;
  })msl";
  const auto state = read(source, exact());
  CompiledEntry compiled;
  const Error error = compile_vector_entry(*state, {"k", {}, 0}, {true}, context(), compiled);
  CHECK_EQ(error.message, "");
  if (error) return;
  Words out(4096, 7);
  CHECK_EQ(run(*open(compiled), {{64, 1, 1}, 1}, input(4096), out).message, "");
  for (uint32_t i = 0; i < 64; ++i) {
    const uint32_t lane = i % 32;
    uint32_t a = 0, b = 0;
    for (uint32_t k = 0; k < 12; ++k) {
      uint32_t others = 0, odd = k * 32 + (k & 1 ? 30 : 31), even = 0;
      for (uint32_t l = 0; l < 32; ++l) others += k % 3 != l % 3 ? k + l : 0, even += (k + l) & 1 ? 0 : l;
      if (k % 3 != lane % 3) a += others;
      b = (k + lane) & 1 ? b + odd : b ^ even;
    }
    CHECK_EQ(out[i], a);
    CHECK_EQ(out[i + 1000], b);
  }
}

TEST(barriers_in_uniform_code) {
  agree(R"msl(kernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint i [[thread_index_in_threadgroup]],
      uint g [[threadgroup_position_in_grid]], uint3 size3 [[threads_per_threadgroup]], threadgroup uint* more [[threadgroup(0)]]) {
    threadgroup uint tile[256];
    const uint size = size3.x * size3.y * size3.z;
    uint s = 0;
    for (uint round = 0; round < 3; round++) {
      tile[i] = in[g * 64 + i + round];
      more[i] = tile[i] * 2;
      threadgroup_barrier(mem_flags::mem_threadgroup);
      if (count > 5) { s += tile[(i + 1) % size] + more[size - 1 - i]; threadgroup_barrier(mem_flags::mem_threadgroup); }
    }
    if (i % 4 != 0) return;
    out[g * 300 + i] = s;
  })msl");
}

// A template that sorts with or without indices reads through a null pointer when there are none, and drops what it read.
TEST(dropped_reads_through_null_are_no_promise) {
  const auto state = read(prologue + R"msl(
    template <bool has_indices> void merge(const threadgroup uint* values, const threadgroup uint* indices, thread uint (&kept)[4], thread uint (&places)[4]) {
      const threadgroup uint* from = has_indices ? indices : nullptr;
      for (uint k = 0; k < 4; k++) { kept[k] += values[k]; places[k] = (kept[k] & 1) ? from[k] : from[3 - k]; }
    }
    kernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint index [[thread_index_in_threadgroup]]) {
      threadgroup uint tile[256];
      uint kept[4], places[4];
      for (uint k = 0; k < 4; k++) tile[index * 4 + k] = in[index + k], kept[k] = in[index * 3 + k];
      for (uint round = 1; round < 5; round *= 2) {
        for (uint k = 0; k < 3; k++) {
          if (kept[k + 1] < kept[k]) {
            uint t = kept[k]; kept[k] = kept[k + 1]; kept[k + 1] = t;
            t = places[k]; places[k] = places[k + 1]; places[k + 1] = t;
          }
        }
        if (in[index + round] % 3 == 0) merge<false>(tile + index * 4, nullptr, kept, places);
      }
      for (uint k = 0; k < 4; k++) out[index * 4 + k] = kept[k];
    })msl", exact());
  const Words in = input(4096);
  Words expected(4096, 7);
  for (uint32_t i = 0; i < 64; ++i) {
    uint32_t* kept = &expected[i * 4];
    for (uint32_t k = 0; k < 4; ++k) kept[k] = in[i * 3 + k];
    for (uint32_t round = 1; round < 5; round *= 2) {
      for (uint32_t k = 0; k < 3; ++k) {
        if (kept[k + 1] < kept[k]) std::swap(kept[k], kept[k + 1]);
      }
      for (uint32_t k = 0; k < 4 && in[i + round] % 3 == 0; ++k) kept[k] += in[i + k];
    }
  }
  for (const bool is_vector : {false, true}) {
    CompiledEntry compiled;
    const Error error = is_vector ? compile_vector_entry(*state, {"k", {}, 0}, {true}, context(), compiled) : compile(*state, "k", compiled);
    CHECK_EQ(error.message, "");
    if (error) continue;
    Words out(4096, 7);
    CHECK_EQ(run(*open(compiled), {{64, 1, 1}, 1}, in, out).message, "");
    CHECK_EQ(out == expected, true);
  }
}

TEST(refusals_name_the_line) {
  const std::string parted = refusal(head + "\n if (in[i] > 4)\n threadgroup_barrier(mem_flags::mem_threadgroup);\n else { out[i] = 1; threadgroup_barrier(mem_flags::mem_threadgroup); } }");
  CHECK_EQ(parted, "a barrier where threads of a simdgroup may part ways, k.metal:6");
}

int main() {
  return run_all_or_skip();
}
