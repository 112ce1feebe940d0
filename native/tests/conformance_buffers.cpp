// Buffers: ranges, patterns, guards, sizes that do not fit.
#include <fstream>

#include "tests/conformance.h"

using namespace conformance;

TEST(starts_as_zero_and_keeps_what_is_written) {
  Device device;
  open_device(device);
  for (const uint64_t bytes : {1ull, 63ull, 64ull, 65ull, 4096ull, 100001ull}) {
    Buffer buffer;
    CHECK_EQ(create_buffer(device, bytes, buffer), KLAB_OK);
    std::vector<unsigned char> data(bytes, 9);
    CHECK_EQ(klab_buffer_read(buffer, 0, data.data(), bytes, nullptr), KLAB_OK);
    CHECK(data == std::vector<unsigned char>(bytes, 0));
    for (uint64_t i = 0; i < bytes; i++) data[i] = static_cast<unsigned char>(i * 7 + 1);
    CHECK_EQ(klab_buffer_write(buffer, 0, data.data(), bytes, nullptr), KLAB_OK);
    std::vector<unsigned char> back(bytes);
    CHECK_EQ(klab_buffer_read(buffer, 0, back.data(), bytes, nullptr), KLAB_OK);
    CHECK(back == data);
  }
}

TEST(ranges) {
  Device device;
  open_device(device);
  Buffer buffer;
  CHECK_EQ(create_buffer(device, 100, buffer), KLAB_OK);
  unsigned char data[200] = {};
  Error error;
  CHECK_EQ(klab_buffer_write(buffer, 90, data, 11, &error), KLAB_INVALID_ARGUMENT);
  CHECK(error.says("90") && error.says("100"));
  CHECK_EQ(klab_buffer_read(buffer, 101, data, 1, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_buffer_read(buffer, 1, data, UINT64_MAX, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_buffer_fill(buffer, 101, 0, 1, 1, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_buffer_write(buffer, 100, data, 0, &error), KLAB_OK);
  CHECK_EQ(klab_buffer_write(buffer, 0, nullptr, 1, &error), KLAB_INVALID_ARGUMENT);
}

TEST(fill) {
  Device device;
  open_device(device);
  Buffer buffer;
  CHECK_EQ(create_buffer(device, 30, buffer), KLAB_OK);
  for (const uint32_t width : {1u, 2u, 4u, 8u}) {
    CHECK_EQ(klab_buffer_fill(buffer, 0, 0, 0, 1, nullptr), KLAB_OK);
    CHECK_EQ(klab_buffer_fill(buffer, 3, 25, 0x8877665544332211, width, nullptr), KLAB_OK);
    unsigned char data[30];
    CHECK_EQ(klab_buffer_read(buffer, 0, data, 30, nullptr), KLAB_OK);
    int wrong = 0;
    for (unsigned i = 0; i < 30; i++) {
      const unsigned expected = i < 3 || i >= 28 ? 0 : 0x11 * ((i - 3) % width + 1);
      wrong += data[i] != expected;
    }
    CHECK_EQ(wrong, 0);
  }
  CHECK_EQ(klab_buffer_fill(buffer, 0, 0, 0, 3, nullptr), KLAB_INVALID_ARGUMENT);
}

TEST(sizes) {
  Device device;
  open_device(device);
  Buffer buffer;
  CHECK_EQ(create_buffer(device, 0, buffer), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(create_buffer(device, 64, buffer, 0x80), KLAB_INVALID_ARGUMENT);
  for (const uint64_t huge : {uint64_t(1) << 50, UINT64_MAX}) {
    Error error;
    auto desc = make<klab_buffer_desc>();
    desc.bytes = huge;
    CHECK_EQ(klab_buffer_create(device, &desc, buffer.out(), &error), KLAB_OUT_OF_MEMORY);
    CHECK(error.says(std::to_string(huge).c_str()));
    CHECK(error.says(is_cpu() ? "available" : "has"));
  }
}

TEST(new_guards_are_whole) {
  Device device;
  open_device(device);
  for (const uint64_t bytes : {40ull, 64ull, 4096ull}) {
    Buffer guarded, plain;
    CHECK_EQ(create_buffer(device, bytes, guarded, KLAB_BUFFER_GUARDED), KLAB_OK);
    CHECK_EQ(create_buffer(device, bytes, plain), KLAB_OK);
    klab_buffer_fill(guarded, 0, 0, 0xff, 1, nullptr);
    auto result = make<klab_buffer_check_result>();
    CHECK_EQ(klab_buffer_check(guarded, &result), KLAB_OK);
    CHECK_EQ(result.has_guards, 1u);
    CHECK_EQ(result.bytes_damaged, 0u);
    CHECK_EQ(klab_buffer_check(plain, &result), KLAB_OK);
    CHECK_EQ(result.has_guards, 0u);
  }
}

// Writes past the end and before the beginning by less than a guard page away.
TEST(guards_see_damage) {
  if (!is_cpu()) return;
  Device device;
  open_device(device);
  Module module;
  Op op;
  CHECK_EQ(create_module(device,
                         "kernel void stray(device int* c [[buffer(0)]], constant int& at [[buffer(1)]]) { c[at] = 1; }\n", module), KLAB_OK);
  CHECK_EQ(create_op(module, "stray", op), KLAB_OK);
  REQUIRE(op);
  for (const int at : {10, -1, 3}) {
    Buffer buffer;
    CHECK_EQ(create_buffer(device, 40, buffer, KLAB_BUFFER_GUARDED), KLAB_OK);
    const std::vector<klab_arg> args = {buffer_arg(0, buffer), bytes_arg(1, &at, 4)};
    const RunResult result = run_once(device, make_dispatch(op, args));
    if (!CHECK_EQ(result.status, KLAB_OK)) std::printf("%s\n", result.error.message);
    auto check = make<klab_buffer_check_result>();
    klab_buffer_check(buffer, &check);
    CHECK_EQ(check.bytes_damaged, at == 3 ? 0u : 4u);
    CHECK_EQ(check.first_offset, at == 3 ? 0 : at * 4);
  }
}

namespace {

// Mappings of this process for which huge pages were asked.
int huge_mappings() {
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  int count = 0;
  while (std::getline(maps, line)) count += line.starts_with("VmFlags:") && line.find(" hg") != std::string::npos;
  return count;
}

}  // namespace

// Each row of a large matrix lies on a page of its own otherwise, and the page tables do not fit the processor's caches.
TEST(large_ones_ask_for_huge_pages) {
  if (!is_cpu()) return;
  if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) return std::printf("skipped: this system has no huge pages\n"), void();
  Device device;
  open_device(device);
  const int before = huge_mappings();
  for (const uint32_t flags : {0u, uint32_t(KLAB_BUFFER_GUARDED)}) {
    Buffer small, large;
    CHECK_EQ(create_buffer(device, 1 << 20, small, flags), KLAB_OK);
    CHECK_EQ(huge_mappings(), before);
    CHECK_EQ(create_buffer(device, (5 << 20) + 3, large, flags), KLAB_OK);
    CHECK_EQ(huge_mappings(), before + 1);
    std::vector<unsigned char> data((5 << 20) + 3, 9);
    CHECK_EQ(klab_buffer_read(large, 0, data.data(), data.size(), nullptr), KLAB_OK);
    CHECK(data == std::vector<unsigned char>(data.size(), 0));
    CHECK_EQ(klab_buffer_fill(large, 0, data.size(), 0xff, 1, nullptr), KLAB_OK);
    auto result = make<klab_buffer_check_result>();
    CHECK_EQ(klab_buffer_check(large, &result), KLAB_OK);
    CHECK_EQ(result.bytes_damaged, 0u);
  }
}

int main(int argc, char** argv) { return main_of(argc, argv); }
