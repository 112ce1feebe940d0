// Races within and between threadgroups, reads of what nobody wrote, barriers that not all threads reach.
#include "analyse_fixture.h"

using namespace analyse_test;

namespace {

// Lines 3 to 9; `between` stands at line 6.
Case staged(const std::string& between, const std::string& index = "63 - i", uint32_t threads = 64) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_index_in_threadgroup]]) {\n"
             "  threadgroup float tile[64];\n"
             "  tile[i] = a[i];\n" +
             between + "\n  out[i] = tile[" + index + "];\n}\n";
  c.arguments = {floats(0, 64), undefined(1, 256)};
  c.threads[0] = threads;
  return c;
}

}  // namespace

TEST(a_barrier_with_the_right_flag_orders) {
  CHECK(analyse(staged("  threadgroup_barrier(mem_flags::mem_threadgroup);")).is_clean());
  CHECK(analyse(staged("  threadgroup_barrier(mem_flags::mem_threadgroup | mem_flags::mem_device);")).is_clean());
  for (const char* between : {"", "  threadgroup_barrier(mem_flags::mem_none);", "  threadgroup_barrier(mem_flags::mem_device);", "  simdgroup_barrier(mem_flags::mem_threadgroup);"}) {
    const Result r = analyse(staged(between));
    CHECK_EQ(r.count("race", 7), 1);
    CHECK_EQ(r.count("race"), 1);
    CHECK_EQ(r.count("uninitialised"), 0);
    CHECK(r.has("\"line\":7,\"otherLine\":5,"));
    CHECK(r.has("\"bufferName\":\"tile\",\"space\":\"threadgroup\""));
  }
}

TEST(a_simdgroup_barrier_orders_its_simdgroup) {
  CHECK(analyse(staged("  simdgroup_barrier(mem_flags::mem_threadgroup);", "i ^ 31")).is_clean());
  CHECK_EQ(analyse(staged("  simdgroup_barrier(mem_flags::mem_none);", "i ^ 31")).count("race"), 1);
  CHECK_EQ(analyse(staged("  if (simd_sum(a[i]) < 0) return;", "i ^ 31")).count("race"), 1);
  CHECK(analyse(staged("", "i")).is_clean());
}

TEST(bytes_are_told_apart) {
  Case c;
  c.source = "kernel void k(device const uchar* a [[buffer(0)]], device uchar* out [[buffer(1)]], uint i [[thread_index_in_threadgroup]]) {\n"
             "  threadgroup uchar tile[64];\n"
             "  tile[i] = a[i];\n"
             "  tile[i] += 1;\n"
             "  out[i] = tile[i];\n"
             "}\n";
  c.arguments = {floats(0, 16), undefined(1, 64)};
  c.threads[0] = 64;
  CHECK(analyse(c).is_clean());
}

TEST(atomics_do_not_race_with_each_other) {
  Case c;
  c.source = "kernel void k(device atomic_uint* n [[buffer(0)]], device uint* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  atomic_fetch_add_explicit(n, 1u, memory_order_relaxed);\n"
             "  out[i] = i;\n"
             "}\n";
  c.arguments = {floats(0, 1, 0), undefined(1, 512)};
  c.grid[0] = 4;
  const Result clean = analyse(c);
  CHECK(clean.is_clean());
  CHECK_EQ(clean.counter(4, "atomics"), 4);
  c.source.replace(c.source.find("= i;"), 4, "= *(device uint*)n;");
  const Result r = analyse(c);
  CHECK_EQ(r.count("race", 5), 1);
  CHECK_EQ(r.count("cross-threadgroup-race", 5), 1);
}

TEST(threadgroups_are_not_ordered) {
  Case c;
  c.source = "kernel void k(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]], uint g [[threadgroup_position_in_grid]], uint t [[thread_index_in_threadgroup]]) {\n"
             "  x[t] = float(g);\n"
             "}\n";
  c.arguments = {floats(0, 32)};
  c.grid[0] = 3;
  const Result r = analyse(c);
  CHECK_EQ(r.count("cross-threadgroup-race", 4), 1);
  CHECK(r.has("\"thread\":[0,0,0],\"otherThread\":[0,0,0],\"threadgroup\":[1,0,0],\"otherThreadgroup\":[0,0,0],\"count\":64"));
  c.grid[0] = 1;
  CHECK(analyse(c).is_clean());
}

TEST(uninitialised_memory) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_index_in_threadgroup]]) {\n"
             "  threadgroup float tile[33];\n"
             "  tile[i] = a[i];\n"
             "  threadgroup_barrier(mem_flags::mem_threadgroup);\n"
             "  out[i] += tile[i + 1];\n"
             "}\n";
  c.arguments = {floats(0, 32), undefined(1, 128)};
  const Result r = analyse(c);
  CHECK_EQ(r.count("uninitialised", 7), 2);
  CHECK(r.has("\"bufferName\":\"tile\",\"space\":\"threadgroup\",\"offset\":128,\"bytes\":4,\"thread\":[31,0,0],\"threadgroup\":[0,0,0],\"count\":1,"));
  CHECK(r.has("\"bufferName\":\"out\",\"space\":\"device\",\"offset\":0,"));
  c.checks = KLAB_CHECK_BOUNDS | KLAB_CHECK_RACES;
  CHECK(analyse(c).is_clean());
}

TEST(barriers_that_not_all_reach) {
  const auto with = [](const std::string& body) {
    Case c;
    c.source = "kernel void k(device float* out [[buffer(0)]], uint i [[thread_index_in_threadgroup]]) {\n" + body + "\n  out[i] = 1;\n}\n";
    c.arguments = {undefined(0, 256)};
    c.threads[0] = 64;
    return analyse(c);
  };
  const Result early = with("  if (i >= 50) return;\n  threadgroup_barrier(mem_flags::mem_none);");
  CHECK_EQ(early.count("divergent-barrier", 5), 1);
  CHECK_EQ(early.count("divergent-barrier"), 1);
  CHECK(early.has("\"line\":5,\"otherLine\":4,\"thread\":[0,0,0],\"otherThread\":[50,0,0]"));
  const Result two = with("  if (i < 32) threadgroup_barrier(mem_flags::mem_none);\n  else threadgroup_barrier(mem_flags::mem_none);");
  CHECK_EQ(two.count("divergent-barrier", 5), 1);
  CHECK(two.has("\"otherLine\":4,\"thread\":[32,0,0],\"otherThread\":[0,0,0]"));
  CHECK(with("  if (out != nullptr) threadgroup_barrier(mem_flags::mem_none);").is_clean());
}

TEST(threads_and_runs_do_not_matter_but_the_seed_does) {
  Case c;
  c.source = "kernel void k(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
             "  x[i / 3] = float(i);\n"
             "  x[(i * 7) % 100] += 1;\n"
             "}\n";
  c.arguments = {floats(0, 100)};
  c.grid[0] = 4;
  const Result one = analyse(c);
  c.os_threads = "4";
  CHECK_EQ(analyse(c).json, one.json);
  c.seed = 5;
  const Result shuffled = analyse(c);
  CHECK_EQ(analyse(c).json, shuffled.json);
  CHECK(shuffled.buffers.at(0) != one.buffers.at(0));
}

int main(int argc, char** argv) { return klab_test::run_all(argc > 1 ? argv[1] : ""); }
