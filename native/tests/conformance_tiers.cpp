// Ops that change to a faster tier between runs: what settles, what is told, and what a kernel's results show of it.
#include <cmath>
#include <string>
#include <thread>

#include "tests/conformance.h"

using namespace conformance;

namespace {

const char* increment_source() {
  return "#include <metal_stdlib>\n"
         "using namespace metal;\n"
         "kernel void increment(device uint* c [[buffer(0)]], uint i [[thread_position_in_grid]]) { c[i] += 1; }\n";
}

// One simdgroup multiplies matrices and nothing else.
const char* matrix_source() {
  return "#include <metal_stdlib>\n"
         "#include <metal_simdgroup_matrix>\n"
         "using namespace metal;\n"
         "kernel void product(device const float* a [[buffer(0)]], device float* c [[buffer(1)]]) {\n"
         "  simdgroup_float8x8 x, y, sum(0.0f);\n"
         "  simdgroup_load(x, a, 8);\n"
         "  simdgroup_load(y, a + 64, 8, ulong2(0, 0), true);\n"
         "  for (int i = 0; i < 3; i++) simdgroup_multiply_accumulate(sum, x, y, sum);\n"
         "  simdgroup_store(sum, c, 8);\n"
         "}\n"
         "kernel void reduce(device const float* a [[buffer(0)]], device float* c [[buffer(1)]], uint i [[thread_position_in_grid]]) {\n"
         "  c[i] = simd_sum(a[i]);\n"
         "}\n";
}

klab_op_info info_of(klab_op* op) {
  auto info = make<klab_op_info>();
  CHECK_EQ(klab_op_get_info(op, &info), KLAB_OK);
  return info;
}

bool is_one_of(const char* tier, std::initializer_list<const char*> tiers) {
  for (const char* one : tiers) {
    if (std::strcmp(tier, one) == 0) return true;
  }
  std::printf("tier %s\n", tier);
  return false;
}

}  // namespace

TEST(a_settled_op_stays_in_its_tier) {
  AddFixture fixture;
  Error error;
  CHECK_EQ(klab_op_settle(fixture.op, 0, &error), KLAB_OK);
  CHECK_EQ(info_of(fixture.op).is_settled, 1u);
  std::string tier;
  for (int i = 0; i < 5; i++) {
    CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_OK);
    const klab_op_info info = info_of(fixture.op);
    CHECK_EQ(info.is_settled, 1u);
    if (i > 0) CHECK_EQ(std::string(info.tier), tier);
    tier = info.tier;
  }
  if (!is_cpu()) return;
  CHECK(is_one_of(tier.c_str(), {"loop", "vector"}));
  // A tier that is not the fastest there is has a reason.
  CHECK((tier == "loop") == (info_of(fixture.op).tier_reason[0] != 0));
  // Threadgroups of another shape: the run itself waits for the build that they need.
  for (uint32_t threads : {7u, 33u, 20u}) {
    CHECK_EQ(run_once(fixture.device, make_dispatch(fixture.op, fixture.args, 5, threads)).status, KLAB_OK);
    CHECK_EQ(info_of(fixture.op).is_settled, 1u);
  }
}

TEST(choosing_a_tier_leaves_no_trace_in_the_results) {
  if (!is_cpu()) return;
  Device device;
  Module module;
  Op op;
  Buffer buffer;
  open_device(device);
  CHECK_EQ(create_module(device, increment_source(), module), KLAB_OK);
  CHECK_EQ(create_op(module, "increment", op), KLAB_OK);
  constexpr uint32_t threads = 4096;
  CHECK_EQ(create_buffer(device, threads * 4, buffer, KLAB_BUFFER_GUARDED), KLAB_OK);
  const std::vector<klab_arg> args = {buffer_arg(0, buffer)};
  for (uint32_t run = 1; run <= 6; run++) {
    if (run == 3) CHECK_EQ(klab_op_settle(op, 0, nullptr), KLAB_OK);
    CHECK_EQ(run_once(device, make_dispatch(op, args, threads / 64, 64)).status, KLAB_OK);
    std::vector<uint32_t> values(threads);
    CHECK_EQ(klab_buffer_read(buffer, 0, values.data(), threads * 4, nullptr), KLAB_OK);
    uint32_t wrong = 0;
    for (const uint32_t value : values) wrong += value != run;
    CHECK_EQ(wrong, 0u);
  }
  auto check = make<klab_buffer_check_result>();
  CHECK_EQ(klab_buffer_check(buffer, &check), KLAB_OK);
  CHECK_EQ(check.bytes_damaged, 0u);
}

TEST(every_tier_computes_the_same_product) {
  if (!is_cpu()) return;
  std::vector<float> operands(128), expected(64), found(64);
  for (size_t i = 0; i < operands.size(); i++) operands[i] = static_cast<float>(i * 37 % 101) * 0.0137f - 0.7f;
  for (const char* tier : {"fiber", "leader", "vector", "auto"}) {
    Device device;
    Module module;
    Op op;
    Buffer a, c;
    open_device(device);
    CHECK_EQ(set_option(device, "tier", tier), KLAB_OK);
    CHECK_EQ(create_module(device, matrix_source(), module), KLAB_OK);
    Error error;
    const klab_status status = create_op(module, "product", op, &error);
    if (status == KLAB_UNSUPPORTED && std::strcmp(tier, "vector") == 0) continue;
    CHECK_EQ(status, KLAB_OK);
    CHECK_EQ(klab_op_settle(op, 0, nullptr), KLAB_OK);
    CHECK_EQ(create_buffer(device, 512, a), KLAB_OK);
    CHECK_EQ(create_buffer(device, 256, c), KLAB_OK);
    CHECK_EQ(klab_buffer_write(a, 0, operands.data(), 512, nullptr), KLAB_OK);
    const std::vector<klab_arg> args = {buffer_arg(0, a), buffer_arg(1, c)};
    CHECK_EQ(run_once(device, make_dispatch(op, args, 1, 32)).status, KLAB_OK);
    CHECK_EQ(klab_buffer_read(c, 0, found.data(), 256, nullptr), KLAB_OK);
    if (std::strcmp(tier, "fiber") == 0) expected = found;
    // The leader keeps the order of every sum; the others stay within what rounding 24 terms of at most 0.5 can differ by.
    if (std::strcmp(tier, "leader") == 0) CHECK(std::memcmp(found.data(), expected.data(), 256) == 0);
    for (size_t i = 0; i < found.size(); i++) CHECK(std::fabs(found[i] - expected[i]) <= 24 * 12 * 0x1p-24f);
    if (std::strcmp(tier, "auto") != 0) CHECK_EQ(std::string(info_of(op).tier), std::string(tier));
    else CHECK(is_one_of(info_of(op).tier, {"leader", "vector", "fiber"}));
  }
}

TEST(the_device_tells_its_tiers_and_what_they_are_compiled_with) {
  Device device;
  open_device(device);
  auto tier = make<klab_tier_info>();
  if (!is_cpu()) {
    CHECK_EQ(klab_device_get_tier(device, 0, &tier), KLAB_NOT_FOUND);
    return;
  }
  const std::vector<std::string> names = {"loop", "fiber", "leader", "vector"};
  for (uint32_t i = 0; i < names.size(); i++) {
    tier = make<klab_tier_info>();
    CHECK_EQ(klab_device_get_tier(device, i, &tier), KLAB_OK);
    CHECK_EQ(std::string(tier.name), names[i]);
    CHECK_EQ(tier.missing[0] == 0, tier.flags[0] != 0);
    if (tier.missing[0]) continue;
    Device forced;
    Module module;
    Op op;
    open_device(forced);
    CHECK_EQ(set_option(forced, "tier", tier.name), KLAB_OK);
    CHECK_EQ(create_module(forced, i == 0 ? increment_source() : matrix_source(), module), KLAB_OK);
    CHECK_EQ(create_op(module, i == 0 ? "increment" : "product", op), KLAB_OK);
    // A proof is compared by them: what an op was compiled with is what the device says before there is one.
    CHECK_EQ(std::string(info_of(op).flags_used), std::string(tier.flags));
    auto only = make<klab_tier_info>();
    CHECK_EQ(klab_device_get_tier(forced, 0, &only), KLAB_OK);
    CHECK_EQ(std::string(only.name), names[i]);
    CHECK_EQ(klab_device_get_tier(forced, 1, &only), KLAB_NOT_FOUND);
  }
  CHECK_EQ(klab_device_get_tier(device, 4, &tier), KLAB_NOT_FOUND);
  CHECK_EQ(klab_device_get_tier(nullptr, 0, &tier), KLAB_INVALID_ARGUMENT);
}

TEST(a_tier_that_cannot_be_had_says_why) {
  if (!is_cpu()) return;
  Device device;
  Module module;
  Op op;
  Error error;
  open_device(device);
  CHECK_EQ(set_option(device, "tier", "leader"), KLAB_OK);
  CHECK_EQ(create_module(device, matrix_source(), module), KLAB_OK);
  CHECK_EQ(create_op(module, "reduce", op, &error), KLAB_UNSUPPORTED);
  CHECK(error.says("simd_sum") && error.says("conformance.metal:12") && error.says("reduce"));
  CHECK_EQ(create_op(module, "product", op, &error), KLAB_OK);
  CHECK_EQ(std::string(info_of(op).tier), "leader");
  // One simdgroup and a half: the leader would do the work of lanes that are not there.
  Buffer a, c;
  CHECK_EQ(create_buffer(device, 512, a), KLAB_OK);
  CHECK_EQ(create_buffer(device, 256, c), KLAB_OK);
  const std::vector<klab_arg> args = {buffer_arg(0, a), buffer_arg(1, c)};
  const RunResult refused = run_once(device, make_dispatch(op, args, 1, 48));
  CHECK_EQ(refused.status, KLAB_UNSUPPORTED);
  CHECK(refused.error.says("leader") && refused.error.says("product"));
  CHECK_EQ(run_once(device, make_dispatch(op, args, 2, 64)).status, KLAB_OK);
}

TEST(builds_in_the_background_end_with_their_op_and_device) {
  for (int i = 0; i < 3; i++) {
    Device device;
    open_device(device);
    if (is_cpu()) set_option(device, "cache", "");
    Module module;
    Op op, another;
    CHECK_EQ(create_module(device, matrix_source(), module), KLAB_OK);
    CHECK_EQ(create_op(module, is_cpu() ? "product" : "add", op), is_cpu() ? KLAB_OK : KLAB_NOT_FOUND);
    if (is_cpu()) CHECK_EQ(create_op(module, "reduce", another), KLAB_OK);
    if (i != 1) continue;
    // A cancel ends the waiting, not the op.
    std::thread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      klab_device_cancel(device);
    });
    const klab_status status = op ? klab_op_settle(op, 0, nullptr) : KLAB_OK;
    CHECK(status == KLAB_OK || status == KLAB_CANCELLED);
    canceller.join();
    if (op) info_of(op);
  }
}

TEST(settling_takes_no_longer_than_it_is_given) {
  AddFixture fixture;
  const klab_status status = klab_op_settle(fixture.op, 1, nullptr);
  CHECK(status == KLAB_OK || status == KLAB_TIMEOUT);
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_OK);
  CHECK_EQ(klab_op_settle(nullptr, 0, nullptr), KLAB_INVALID_ARGUMENT);
}

int main(int argc, char** argv) { return main_of(argc, argv); }
