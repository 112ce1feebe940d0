// Accesses outside of buffers, constants, threadgroup memory and variables of a thread: reported, and harmless.
#include "analyse_fixture.h"

using namespace analyse_test;

TEST(reads_and_writes_past_the_end_touch_nothing) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  float x = a[i + 4];\n"
             "  out[i + 1] = x;\n"
             "}\n";
  c.arguments = {floats(0, 32, 2), floats(1, 32, 7)};
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds"), 2);
  CHECK(r.has("\"line\":4,\"access\":\"read\",\"buffer\":0,\"bufferName\":\"a\",\"space\":\"device\",\"offset\":128,\"bytes\":4,\"thread\":[28,0,0],\"threadgroup\":[0,0,0],\"count\":4"));
  CHECK(r.has("\"line\":5,\"access\":\"write\",\"buffer\":1,\"bufferName\":\"out\",\"space\":\"device\",\"offset\":128,\"bytes\":4,\"thread\":[31,0,0]"));
  CHECK(r.has("0 bytes past the end of a"));
  const auto* out = reinterpret_cast<const float*>(r.buffers.at(1).data());
  CHECK_EQ(out[0], 7.0f);
  CHECK_EQ(out[1], 2.0f);
  CHECK_EQ(out[31], 0.0f);
}

TEST(indices_below_zero_and_far_away_are_attributed) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* b [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  b[i] = a[int(i) - 1];\n"
             "  b[i] += a[i - 1];\n"
             "  b[i] += a[i * 100000000];\n"
             "}\n";
  c.arguments = {floats(0, 32), floats(1, 32)};
  c.threads[0] = 8;
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds", 4), 1);
  CHECK_EQ(r.count("out-of-bounds", 5), 1);
  CHECK_EQ(r.count("out-of-bounds", 6), 1);
  CHECK(r.has("\"offset\":-4"));
  CHECK(r.has("4 bytes before the start of a"));
  CHECK(!r.has("\"bufferName\":\"b\""));
}

TEST(constants_and_threadgroup_memory_have_ends) {
  Case c;
  c.source = "struct P { uint n[4]; };\n"
             "kernel void k(constant uint* p [[buffer(0)]], device float* out [[buffer(1)]], threadgroup float* t [[threadgroup(0)]], uint i [[thread_position_in_grid]]) {\n"
             "  threadgroup float tile[16];\n"
             "  tile[i] = 1;\n"
             "  t[i + 1] = 2;\n"
             "  threadgroup_barrier(mem_flags::mem_threadgroup);\n"
             "  out[i] = float(p[i]) + tile[i / 2] + t[i / 2 + 1];\n"
             "}\n";
  Argument threadgroup{0, {}, 0};
  threadgroup.threadgroup_bytes = 128;
  c.arguments = {constant(0, std::array<uint32_t, 4>{1, 2, 3, 4}), floats(1, 32), threadgroup};
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds"), 3);
  CHECK(r.has("\"line\":6,\"access\":\"write\",\"bufferName\":\"tile\",\"space\":\"threadgroup\",\"offset\":64"));
  CHECK(r.has("\"line\":7,\"access\":\"write\",\"buffer\":0,\"bufferName\":\"t\",\"space\":\"threadgroup\",\"offset\":128"));
  CHECK(r.has("\"line\":9,\"access\":\"read\",\"buffer\":0,\"bufferName\":\"p\",\"space\":\"constant\",\"offset\":16"));
}

TEST(vectors_that_straddle_the_end) {
  Case c;
  c.source = "kernel void k(device const float4* a [[buffer(0)]], device float4* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  out[i] = a[i];\n"
             "}\n";
  c.arguments = {floats(0, 126), floats(1, 128)};
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds", 4), 1);
  CHECK(r.has("\"thread\":[31,0,0]"));
}

TEST(variables_of_a_thread_have_ends) {
  Case c;
  c.source = "kernel void k(device float* out [[buffer(0)]], constant uint& n [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  float acc[8];\n"
             "  for (uint k = 0; k < n; k++) acc[k] = float(k + i);\n"
             "  float sum = 0;\n"
             "  for (uint k = 0; k < 8; k++) sum += acc[(k * 3 + i) % 8];\n"
             "  out[i] = sum;\n"
             "}\n";
  c.arguments = {floats(0, 32), constant(1, uint32_t{9})};
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds", 5), 1);
  CHECK_EQ(r.count("out-of-bounds"), 1);
  CHECK(r.has("\"offset\":32"));
}

TEST(pointers_into_nothing) {
  Case c;
  c.source = "kernel void k(device float* out [[buffer(0)]], device const ulong* where [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  device const float* p = reinterpret_cast<device const float*>(where[i]);\n"
             "  out[i] = *p;\n"
             "}\n";
  c.arguments = {floats(0, 32), undefined(1, 256)};
  c.checks = KLAB_CHECK_BOUNDS;
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds", 5), 1);
  CHECK(r.has("through a pointer that is null"));
}

// Addresses that no index of a buffer leads to: in the analysis' own space, in the lab's memory, and nowhere.
TEST(pointers_far_away_and_into_the_lab) {
  Case c;
  c.source = "kernel void k(device float* out [[buffer(0)]], constant ulong* where [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  if (i == 3) out[where[0]] = 1;\n"
             "  if (i == 4) *reinterpret_cast<device uint*>(where[1]) = 2;\n"
             "  if (i == 5) out[0] = *reinterpret_cast<device float*>(where[2]);\n"
             "}\n";
  static uint32_t of_the_lab = 77;
  c.arguments = {floats(0, 32), constant(1, std::array<uint64_t, 3>{3'000'000'000'000, reinterpret_cast<uintptr_t>(&of_the_lab), 0x7ff8000000000000})};
  const Result r = analyse(c);
  CHECK_EQ(r.status, KLAB_OK);
  CHECK_EQ(r.count("out-of-bounds"), 3);
  CHECK_EQ(r.count("out-of-bounds", 4), 1);
  CHECK_EQ(r.count("out-of-bounds", 5), 1);
  CHECK_EQ(r.count("out-of-bounds", 6), 1);
  CHECK(r.has("through a pointer that is far outside of every buffer"));
  CHECK(r.has("write of 4 bytes through a pointer that is into no buffer"));
  CHECK_EQ(of_the_lab, 77u);
  const auto* out = reinterpret_cast<const float*>(r.buffers.at(0).data());
  CHECK_EQ(out[0], 0.0f);
  CHECK_EQ(out[3], 1.0f);
}

TEST(atomic_updates_past_the_end_are_writes) {
  Case c;
  c.source = "kernel void k(device atomic_uint* out [[buffer(0)]], device atomic_float* f [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  atomic_fetch_add_explicit(&out[i], 1u, memory_order_relaxed);\n"
             "  atomic_fetch_add_explicit(&f[i], 1.0f, memory_order_relaxed);\n"
             "  atomic_exchange_explicit(&out[i + 1], 5u, memory_order_relaxed);\n"
             "  if (atomic_load_explicit(&out[i + 2], memory_order_relaxed) == 9u) atomic_store_explicit(&out[0], 1u, memory_order_relaxed);\n"
             "}\n";
  c.arguments = {floats(0, 31, 0), floats(1, 31, 0)};
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds"), 4);
  CHECK(r.has("\"line\":4,\"access\":\"write\",\"buffer\":0"));
  CHECK(r.has("\"line\":5,\"access\":\"write\",\"buffer\":1"));
  CHECK(r.has("\"line\":6,\"access\":\"write\",\"buffer\":0"));
  CHECK(r.has("\"line\":7,\"access\":\"read\",\"buffer\":0"));
  CHECK_EQ(reinterpret_cast<const float*>(r.buffers.at(1).data())[30], 1.0f);
}

TEST(memory_declared_const_is_only_read) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], device float* again [[buffer(2)]], uint i [[thread_position_in_grid]]) {\n"
             "  device float* w = (device float*)a;\n"
             "  w[i] += 1;\n"
             "  again[i] += a[i];\n"
             "  out[i] = a[i];\n"
             "}\n";
  c.arguments = {floats(0, 32), floats(1, 32), floats(2, 32)};
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds", 5), 1);
  CHECK_EQ(r.count("out-of-bounds"), 1);
  CHECK_EQ(r.count("race"), 0);
  CHECK(r.has("\"access\":\"write\",\"buffer\":0,\"bufferName\":\"a\",\"space\":\"device\",\"offset\":0,\"bytes\":4"));
  CHECK(r.has("which the kernel declares const"));
  CHECK_EQ(reinterpret_cast<const float*>(r.buffers.at(0).data())[31], 2.0f);
  CHECK_EQ(reinterpret_cast<const float*>(r.buffers.at(2).data())[31], 3.0f);
}

TEST(findings_beyond_the_most_are_counted) {
  Case c;
  c.source = "kernel void k(device float* out [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
             "  out[i + 64] = 1;\n"
             "  out[i + 65] = 1;\n"
             "  out[i + 66] = 1;\n"
             "}\n";
  c.arguments = {floats(0, 32)};
  c.max_findings = 2;
  const Result r = analyse(c);
  CHECK_EQ(r.count("out-of-bounds"), 2);
  CHECK(r.has("\"omitted\":1"));
}

TEST(a_cancelled_analysis_leaves_everything_as_it_was) {
  for (const char* step : {"out[i] += k", "out[i] += simd_sum(k)", "threadgroup_barrier(mem_flags::mem_device), out[i] += k"}) {
    Case c;
    c.source = "kernel void k(device float* out [[buffer(0)]], constant uint& n [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
               "  for (uint k = 0; k < n; k++) " + std::string(step) + ";\n"
               "}\n";
    c.arguments = {floats(0, 32), constant(1, ~0u)};
    c.is_cancelled = true;
    const Result r = analyse(c);
    CHECK_EQ(r.status, KLAB_CANCELLED);
    CHECK(r.buffers.at(0) == floats(0, 32).bytes);
  }
}

int main(int argc, char** argv) { return klab_test::run_all(argc > 1 ? argv[1] : ""); }
