// Races within and between threadgroups, reads of what nobody wrote, barriers that not all threads reach.
#include <cstring>

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

namespace {

enum Fence : uint32_t { no_fence, full, acquire, release, relaxed, of_threadgroup, of_threadgroup_memory };

struct Handover {
  Fence before = full, after = full;
  bool has_barrier_before = true, has_barrier_after = true;
  enum Store : uint32_t { no_store, by_each, by_last } store = no_store;  // to the counter, which ends the sequence of updates
};

// The last of three threadgroups sums what each left in partials[].
Result last_sums(const Handover& how, uint64_t seed = 0) {
  Case c;
  c.source = "void fence(uint kind) {\n"
             "  if (kind == 1) atomic_thread_fence(mem_flags::mem_device, memory_order_seq_cst, thread_scope_device);\n"
             "  if (kind == 2) atomic_thread_fence(mem_flags::mem_device, memory_order_acquire);\n"
             "  if (kind == 3) atomic_thread_fence(mem_flags::mem_device, memory_order_release);\n"
             "  if (kind == 4) atomic_thread_fence(mem_flags::mem_device, memory_order_relaxed);\n"
             "  if (kind == 5) atomic_thread_fence(mem_flags::mem_device, memory_order_seq_cst, thread_scope_threadgroup);\n"
             "  if (kind == 6) atomic_thread_fence(mem_flags::mem_threadgroup);\n"
             "}\n"
             "struct How { uint before, after, barrierBefore, barrierAfter, store; };\n"
             "kernel void k(device float* partials [[buffer(0)]], device atomic_uint* done [[buffer(1)]], device float* out [[buffer(2)]], constant How& how [[buffer(3)]],\n"
             "    uint i [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]], uint groups [[threadgroups_per_grid]]) {\n"
             "  threadgroup bool isLast;\n"
             "  partials[group * 64 + i] = float(group + i);\n"
             "  if (how.barrierBefore) threadgroup_barrier(mem_flags::mem_device);\n"
             "  if (i == 0) {\n"
             "    if (how.store == 2 && group == 2) atomic_store_explicit(done, 2u, memory_order_relaxed);\n"
             "    fence(how.before);\n"
             "    isLast = atomic_fetch_add_explicit(done, 1u, memory_order_relaxed) == groups - 1;\n"
             "    if (how.store == 1) atomic_store_explicit(done, group + 1, memory_order_relaxed);\n"
             "    fence(how.after);\n"
             "  }\n"
             "  threadgroup_barrier(how.barrierAfter ? mem_flags::mem_device | mem_flags::mem_threadgroup : mem_flags::mem_threadgroup);\n"
             "  if (isLast) out[i] = partials[i] + partials[64 + i] + partials[128 + i];\n"
             "}\n";
  const std::array<uint32_t, 5> words{how.before, how.after, how.has_barrier_before, how.has_barrier_after, how.store};
  c.arguments = {undefined(0, 768), floats(1, 1, 0), undefined(2, 256), constant(3, words)};
  c.grid[0] = 3;
  c.threads[0] = 64;
  c.seed = seed;
  return analyse(c);
}

bool races(const Handover& how) {
  const Result r = last_sums(how);
  return r.count("cross-threadgroup-race", 25) == 1 && r.has("nothing orders these threadgroups");
}

}  // namespace

TEST(fences_around_an_atomic_order_threadgroups) {
  for (const uint64_t seed : {0, 7}) {
    const Result r = last_sums({}, seed);
    CHECK(r.is_clean());
    float sum = 0;
    std::memcpy(&sum, r.buffers.at(2).data() + 5 * sizeof sum, sizeof sum);
    CHECK_EQ(sum, 18);
  }
  CHECK(last_sums({release, acquire}).is_clean());
  CHECK(races({acquire, full}));
  CHECK(races({full, release}));
  for (const Fence none : {no_fence, relaxed, of_threadgroup, of_threadgroup_memory}) {
    CHECK(races({none, full}));
    CHECK(races({full, none}));
  }
}

TEST(a_fence_speaks_for_its_thread_and_for_those_a_barrier_ordered) {
  CHECK(races({full, full, false, true}));
  CHECK(races({full, full, true, false}));
}

TEST(a_store_ends_what_updates_pass_on) {
  CHECK(races({full, full, true, true, Handover::by_each}));
  CHECK(races({full, full, true, true, Handover::by_last}));
}

// All of them read before the first one writes through the cast: the shadow must know.
TEST(memory_declared_const_races) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  out[i] = a[31 - i];\n"
             "  simdgroup_barrier(mem_flags::mem_none);\n"
             "  if (i == 0) ((device float*)a)[31] = 2;\n"
             "}\n";
  c.arguments = {floats(0, 64), floats(1, 64)};
  c.threads[0] = 32;
  const Result one = analyse(c);
  CHECK_EQ(one.count("race"), 0);
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  out[i] = a[31 - i];\n"
             "  simdgroup_barrier(mem_flags::mem_none);\n"
             "  if (i == 1) ((device float*)a)[31] = 2;\n"
             "}\n";
  const Result two = analyse(c);
  CHECK_EQ(two.count("race", 6), 1);
  CHECK(two.has("\"otherLine\":4"));
  c.source = "kernel void k(device const float* a [[buffer(0)]], uint i [[thread_position_in_grid]]) { ((device float*)a)[0] = 1; }\n";
  c.grid[0] = 4;
  c.arguments.pop_back();
  CHECK_EQ(analyse(c).count("cross-threadgroup-race"), 1);
}

int main(int argc, char** argv) { return klab_test::run_all(argc > 1 ? argv[1] : ""); }
