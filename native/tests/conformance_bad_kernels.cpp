// Kernels that are wrong, and dispatches that ask for too much: each gets a result or a named error, and the device goes on.
#include "tests/conformance.h"

using namespace conformance;

namespace {

// Runs `source`'s kernel "k" with 16 ints in buffer 0 and returns them.
struct Ints {
  Device device;
  Module module;
  Op op;
  Buffer buffer;
  Error error;
  klab_status status = KLAB_OK;

  explicit Ints(const char* source, const std::vector<int32_t>& in = {}) {
    open_device(device);
    status = create_module(device, source, module, &error);
    if (!status) status = create_op(module, "k", op, &error);
    create_buffer(device, 64, buffer);
    if (!in.empty()) klab_buffer_write(buffer, 0, in.data(), in.size() * 4, nullptr);
  }

  std::vector<int32_t> run(uint32_t grid = 1, uint32_t threads = 1) {
    std::vector<int32_t> out(16);
    if (status) return std::printf("%s\n", error.message), out;
    const RunResult result = run_once(device, make_dispatch(op, args(), grid, threads));
    status = result.status;
    error = result.error;
    klab_buffer_read(buffer, 0, out.data(), 64, nullptr);
    return out;
  }

  const std::vector<klab_arg>& args() {
    args_ = {buffer_arg(0, buffer)};
    return args_;
  }

 private:
  std::vector<klab_arg> args_;
};

constexpr int32_t least = INT32_MIN;

}  // namespace

// division_fault.h says what comes out.
TEST(integer_division_never_traps) {
  if (!is_cpu()) return;
  Ints ints("#include <metal_stdlib>\nusing namespace metal;\n"
            "kernel void k(device int* c [[buffer(0)]]) {\n"
            "  const int zero = c[0], least = c[1], minus = c[2];\n"
            "  c[3] = 7 / zero; c[4] = 7 % zero; c[5] = least / minus; c[6] = least % minus;\n"
            "  c[7] = int(7u / uint(zero)); c[8] = int(7u % uint(zero)); c[9] = int(long(c[3] - 9) / long(zero)); c[10] = int(ulong(7) % ulong(zero));\n"
            "  c[11] = short(short(-7) / short(zero)); c[12] = uchar(uchar(200) % uchar(zero));\n"
            "  int4 v = int4(least, 7, 8, 9) / int4(minus, zero, 2, minus); c[13] = v.x; c[14] = v.y; c[15] = v.z;\n"
            "}\n", {0, least, -1});
  const auto out = ints.run();
  CHECK_EQ(ints.status, KLAB_OK);
  const std::vector<int32_t> expected = {0, least, -1, 0, 7, least, 0, 0, 7, 0, 7, 0, 200, least, 0, 4};
  for (size_t i = 0; i < expected.size(); i++) CHECK_EQ(out[i], expected[i]);
}

// Every thread of many threadgroups, on every OS thread of the pool.
TEST(integer_division_never_traps_in_other_threads) {
  if (!is_cpu()) return;
  Ints ints("kernel void k(device int* c [[buffer(0)]], uint i [[thread_position_in_grid]]) { c[i & 15] = int(i & 15) / (c[i & 15] & 0); }\n");
  const auto out = ints.run(64, 32);
  CHECK_EQ(ints.status, KLAB_OK);
  CHECK(out == std::vector<int32_t>(16, 0));
}

TEST(conversions_saturate) {
  if (!is_cpu()) return;
  const int32_t nan = 0x7fc00000, big = 0x7f000000, inf = 0x7f800000, negative = int32_t(0xff000000);
  Ints ints("#include <metal_stdlib>\nusing namespace metal;\n"
            "kernel void k(device int* c [[buffer(0)]]) {\n"
            "  const float nan = as_type<float>(c[0]), big = as_type<float>(c[1]), inf = as_type<float>(c[2]), negative = as_type<float>(c[3]);\n"
            "  c[4] = int(nan); c[5] = int(big); c[6] = int(negative); c[7] = int(uint(nan)); c[8] = int(uint(inf)); c[9] = int(uint(negative));\n"
            "  c[10] = short(big); c[11] = uchar(inf); c[12] = int2(float2(big, nan)).x; c[13] = int(half(big)); c[14] = int(-inf); c[15] = int(long(nan));\n"
            "}\n", {nan, big, inf, negative});
  const auto out = ints.run();
  CHECK_EQ(ints.status, KLAB_OK);
  const std::vector<int32_t> expected = {nan, big, inf, negative, 0, INT32_MAX, least, 0, -1, 0, 32767, 255, INT32_MAX, INT32_MAX, least, 0};
  for (size_t i = 0; i < expected.size(); i++) CHECK_EQ(out[i], expected[i]);
}

TEST(dispatches_that_ask_for_too_much) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  klab_dispatch dispatch = fixture.dispatch();
  dispatch.threads[0] = dispatch.threads[1] = 1024;
  RunResult result = run_once(fixture.device, dispatch);
  CHECK_EQ(result.status, KLAB_INVALID_ARGUMENT);
  CHECK(result.error.says("1024 × 1024 × 1"));
  dispatch = fixture.dispatch();
  dispatch.grid[1] = 0;
  result = run_once(fixture.device, dispatch);
  CHECK_EQ(result.status, KLAB_INVALID_ARGUMENT);
  CHECK(result.error.says("grid[1] is 0"));
  dispatch = fixture.dispatch();
  dispatch.grid[0] = UINT32_MAX;
  CHECK_EQ(run_once(fixture.device, dispatch).status, KLAB_INVALID_ARGUMENT);
  CHECK_EQ(run_once(fixture.device, fixture.dispatch()).status, KLAB_OK);
}

TEST(threadgroup_memory_beyond_the_limit) {
  if (!is_cpu()) return;
  Ints own("kernel void k(device int* c [[buffer(0)]]) { threadgroup int t[100000]; t[c[0]] = 1; c[1] = t[c[2]]; }\n");
  own.run();
  CHECK_EQ(own.status, KLAB_MISMATCH);
  CHECK(own.error.says("400000 bytes of threadgroup memory"));

  Ints lent("kernel void k(device int* c [[buffer(0)]], threadgroup int* t [[threadgroup(0)]]) { t[0] = 1; c[1] = t[0]; }\n");
  for (const uint64_t bytes : {uint64_t(1) << 20, uint64_t(1) << 40, ~uint64_t(15)}) {
    auto args = lent.args();
    klab_arg memory = make<klab_arg>();
    memory.kind = KLAB_ARG_THREADGROUP;
    memory.bytes = bytes;
    args.push_back(memory);
    const RunResult result = run_once(lent.device, make_dispatch(lent.op, args));
    CHECK_EQ(result.status, KLAB_MISMATCH);
    CHECK(result.error.says("exceed the device's"));
  }
}

TEST(a_function_without_a_body) {
  if (!is_cpu()) return;
  Ints ints("int nowhere(int);\nkernel void k(device int* c [[buffer(0)]]) { c[0] = nowhere(1); }\n");
  CHECK_EQ(ints.status, KLAB_COMPILE);
  CHECK(ints.error.says("nowhere"));
}

TEST(variables_with_destructors) {
  if (!is_cpu()) return;
  Ints ints("struct Holder { int a; Holder() { a = 3; } ~Holder() { a = 0; } };\nconstant Holder holder;\nkernel void k(device int* c [[buffer(0)]]) { c[0] = holder.a; }\n");
  CHECK_EQ(ints.run()[0], 3);
  CHECK_EQ(ints.status, KLAB_OK);
}

int main(int argc, char** argv) { return main_of(argc, argv); }
