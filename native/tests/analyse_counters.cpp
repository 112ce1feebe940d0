// Counters, against numbers worked out by hand.
#include "analyse_fixture.h"

using namespace analyse_test;

namespace {

// One simdgroup reads element (lane · stride) of 1024 at line 4.
Result strided(const std::string& type, uint32_t stride) {
  Case c;
  c.source = "kernel void k(device const " + type + "* a [[buffer(0)]], device " + type + "* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  out[i] = a[i * " + std::to_string(stride) + "];\n"
             "}\n";
  c.arguments = {floats(0, 4096), undefined(1, 2048)};
  return analyse(c);
}

long long conflicts(uint32_t stride) {
  Case c;
  c.source = "kernel void k(device float* out [[buffer(0)]], uint i [[thread_index_in_threadgroup]]) {\n"
             "  threadgroup float t[33 * 32];\n"
             "  t[i * " + std::to_string(stride) + "] = 1;\n"
             "  out[i] = 2;\n"
             "}\n";
  c.arguments = {undefined(0, 128)};
  return analyse(c).counter(5, "bankConflictCycles");
}

}  // namespace

TEST(lines_of_128_bytes) {
  const Result together = strided("float", 1);
  CHECK(together.is_clean());
  CHECK_EQ(together.counter(4, "deviceReadBytes"), 128);
  CHECK_EQ(together.counter(4, "deviceReadLines"), 1);
  CHECK_EQ(together.counter(4, "deviceWriteLines"), 1);
  CHECK_EQ(together.counter(4, "deviceAccesses"), 2);
  CHECK_EQ(strided("float", 2).counter(4, "deviceReadLines"), 2);
  CHECK_EQ(strided("float", 32).counter(4, "deviceReadLines"), 32);
  CHECK_EQ(strided("float", 0).counter(4, "deviceReadLines"), 1);
  CHECK_EQ(strided("half", 1).counter(4, "deviceReadBytes"), 64);
  CHECK_EQ(strided("float4", 1).counter(4, "deviceReadLines"), 4);
}

TEST(banks) {
  CHECK_EQ(conflicts(1), 0);
  CHECK_EQ(conflicts(2), 1);
  CHECK_EQ(conflicts(32), 31);
  CHECK_EQ(conflicts(33), 0);
  CHECK_EQ(conflicts(0), 0);
}

TEST(arithmetic_branches_and_lanes) {
  Case c;
  c.source = "kernel void k(device float* x [[buffer(0)]], device half* h [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {\n"
             "  for (uint k = 0; k < n; k++)\n"
             "    x[i] = fma(x[i], 2.0f, float(h[i]));\n"
             "  h[i] = h[i] + 1.0h;\n"
             "  if (i % 2 == 0)\n"
             "    x[i] += exp(x[i]);\n"
             "}\n";
  c.arguments = {floats(0, 64, 0), floats(1, 32), constant(2, uint32_t{5})};
  c.grid[0] = 2;
  c.checks = KLAB_CHECK_COUNTERS;
  const Result r = analyse(c);
  CHECK_EQ(r.counter(5, "flopsF32"), 64 * 5 * 2);
  CHECK_EQ(r.counter(5, "executions"), 10);
  CHECK_EQ(r.counter(5, "activeLanes"), 320);
  CHECK_EQ(r.counter(6, "flopsF16"), 64);
  CHECK_EQ(r.counter(7, "branches"), 2);
  CHECK_EQ(r.counter(7, "divergentBranches"), 2);
  CHECK_EQ(r.counter(8, "activeLanes"), 32);
  CHECK_EQ(r.counter(8, "laneSlots"), 64);
  CHECK_EQ(r.counter(8, "specialOps"), 32);
  CHECK_EQ(r.counter(8, "flopsF32"), 32);
  CHECK_EQ(r.counter(0, "flopsF16"), 64);
}

TEST(loops_of_lanes_that_go_round_unevenly) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  float sum = 0;\n"
             "  for (uint k = 0; k <= i / 16; k++)\n"
             "    sum += a[k * 32 + i];\n"
             "  out[i] = sum;\n"
             "}\n";
  c.arguments = {floats(0, 64), undefined(1, 128)};
  const Result r = analyse(c);
  CHECK(r.is_clean());
  CHECK_EQ(r.counter(6, "deviceAccesses"), 2);
  CHECK_EQ(r.counter(6, "deviceReadBytes"), 192);
  CHECK_EQ(r.counter(6, "activeLanes"), 48);
}

TEST(simdgroup_operations) {
  Case c;
  c.source = "kernel void k(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
             "  x[i] = simd_sum(x[i]);\n"
             "  simdgroup_float8x8 a, b = simdgroup_float8x8(1.0f), c = simdgroup_float8x8(0.0f);\n"
             "  simdgroup_load(a, x, 8);\n"
             "  simdgroup_multiply_accumulate(c, a, b, c);\n"
             "  threadgroup_barrier(mem_flags::mem_device);\n"
             "  simdgroup_store(c, x, 8);\n"
             "}\n";
  c.arguments = {floats(0, 64)};
  c.checks = KLAB_CHECK_COUNTERS;
  const Result r = analyse(c);
  CHECK_EQ(r.counter(4, "simd_sum"), 1);
  CHECK_EQ(r.counter(7, "simdgroup_multiply_accumulate"), 1);
  CHECK_EQ(r.counter(7, "flopsF32"), 1024);
  CHECK_EQ(r.counter(8, "barriers"), 1);
  CHECK_EQ(r.counter(6, "deviceReadBytes"), 256);
  CHECK_EQ(r.counter(9, "deviceWriteBytes"), 256);
  CHECK_EQ(r.counter(0, "simdgroupOps"), 2);
}

TEST(loops_of_the_library_are_no_executions_of_the_line_that_calls_it) {
  Case c;
  c.source = "kernel void k(device float* x [[buffer(0)]], device atomic_uint* most [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {\n"
             "  simdgroup_float8x8 a, c = simdgroup_float8x8(0.0f);\n"
             "  simdgroup_load(a, x, 8);\n"
             "  for (uint k = 0; k < n; k++)\n"
             "    simdgroup_multiply_accumulate(c, a, a, c);\n"
             "  for (uint p = 0; p < 2; p++)\n"
             "    for (uint q = 0; q < n; q++)\n"
             "      simdgroup_multiply(c, a, c);\n"
             "  simdgroup_store(c, x, 8);\n"
             "  atomic_fetch_max_explicit(most, i, memory_order_relaxed);\n"
             "  x[i] = simd_prefix_inclusive_sum(x[i]);\n"
             "}\n";
  c.arguments = {floats(0, 64), floats(1, 1, 0), constant(2, uint32_t{3})};
  c.grid[0] = 2;
  c.checks = KLAB_CHECK_COUNTERS;
  const Result r = analyse(c);
  const auto runs = [&](uint32_t line, long long executions) {
    CHECK_EQ(r.counter(line, "executions"), executions);
    CHECK_EQ(r.counter(line, "activeLanes"), executions * 32);
    CHECK_EQ(r.counter(line, "laneSlots"), executions * 32);
  };
  runs(5, 2);
  runs(7, 2 * 3);
  runs(10, 2 * 2 * 3);
  runs(11, 2);
  runs(12, 2);
  runs(13, 2);
}

// An update is one access, however it is made.
TEST(traffic_of_atomics) {
  Case c;
  c.source = "kernel void k(device atomic_uint* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
             "  atomic_fetch_add_explicit(x + i, 1u, memory_order_relaxed);\n"
             "  atomic_exchange_explicit(x + i, 1u, memory_order_relaxed);\n"
             "  atomic_fetch_max_explicit(x, i, memory_order_relaxed);\n"
             "}\n";
  c.arguments = {floats(0, 32, 0)};
  c.checks = KLAB_CHECK_COUNTERS;
  const Result r = analyse(c);
  for (const uint32_t line : {4u, 5u, 6u}) {
    CHECK_EQ(r.counter(line, "atomics"), 1);
    CHECK_EQ(r.counter(line, "deviceWriteBytes"), 128);
    CHECK_EQ(r.counter(line, "deviceReadBytes"), 0);
    CHECK_EQ(r.counter(line, "deviceAccesses"), 1);
  }
}

TEST(unrolled_loops_count_every_round) {
  Case c;
  c.source = "kernel void k(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n"
             "  simdgroup_float8x8 a[3], c[3];\n"
             "  for (int j = 0; j < 3; j++)\n"
             "    a[j] = c[j] = simdgroup_float8x8(1.0f);\n"
             "  for (int j = 0; j < 3; j++)\n"
             "    simdgroup_multiply_accumulate(c[j], a[j], a[j], c[j]);\n"
             "  simdgroup_store(c[2], x, 8);\n"
             "  float sum[4] = {0, 1, 2, 3};\n"
             "  for (int j = 0; j < 4; j++)\n"
             "    sum[j] += x[i + j];\n"
             "  x[i] = sum[0] + sum[1] * sum[2] + sum[3];\n"
             "}\n";
  c.arguments = {floats(0, 64)};
  c.checks = KLAB_CHECK_COUNTERS;
  const Result r = analyse(c);
  CHECK_EQ(r.counter(8, "executions"), 3);
  CHECK_EQ(r.counter(8, "activeLanes"), 96);
  CHECK_EQ(r.counter(9, "executions"), 1);
  CHECK_EQ(r.counter(12, "executions"), 4);
  CHECK_EQ(r.counter(12, "flopsF32"), 128);
  CHECK_EQ(r.counter(13, "executions"), 1);
}

TEST(long_loops_are_counted_in_parts) {
  Case c;
  c.source = "kernel void k(device const float* a [[buffer(0)]], device float* out [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
             "  float sum = 0;\n"
             "  for (uint k = 0; k < 5000; k++) sum += a[(k * 32 + i) % 1024];\n"
             "  out[i] = sum;\n"
             "}\n";
  c.arguments = {floats(0, 1024), undefined(1, 128)};
  const Result r = analyse(c);
  CHECK(r.is_clean());
  CHECK_EQ(r.counter(5, "deviceAccesses"), 5000);
  CHECK_EQ(r.counter(5, "deviceReadLines"), 5000);
}

TEST(ops_for_analysing_are_for_nothing_else) {
  using namespace conformance;
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  auto desc = make<klab_op_desc>();
  desc.entry = "add";
  desc.flags = KLAB_OP_ANALYSE;
  Op watched;
  CHECK_EQ(klab_op_create(fixture.module, &desc, watched.out(), nullptr), KLAB_OK);
  const RunResult run = run_once(fixture.device, make_dispatch(watched, fixture.args));
  CHECK_EQ(run.status, KLAB_INVALID_ARGUMENT);
  CHECK(run.error.says("KLAB_OP_ANALYSE"));
  auto analysis_desc = make<klab_analysis_desc>();
  const klab_dispatch plain = fixture.dispatch();
  analysis_desc.dispatches = &plain;
  analysis_desc.dispatch_count = 1;
  Analysis analysis;
  Error error;
  CHECK_EQ(klab_analysis_create(fixture.device, &analysis_desc, analysis.out(), &error), KLAB_INVALID_ARGUMENT);
  CHECK(error.says("KLAB_OP_ANALYSE"));
}

int main(int argc, char** argv) { return klab_test::run_all(argc > 1 ? argv[1] : ""); }
