// Versions, statuses, struct sizes, handles.
#include "tests/conformance.h"

using namespace conformance;

TEST(version_and_statuses) {
  CHECK_EQ(klab_abi_version(), KLAB_ABI_VERSION);
  CHECK_EQ(std::string(klab_status_name(KLAB_OK)), "OK");
  CHECK_EQ(std::string(klab_status_name(KLAB_DEVICE_LOST)), "DEVICE_LOST");
  CHECK_EQ(std::string(klab_status_name(-1)), "UNKNOWN");
  CHECK_EQ(std::string(klab_status_name(9999)), "UNKNOWN");
  for (klab_status status = KLAB_OK; status <= KLAB_INTERNAL; status++) CHECK(std::strlen(klab_status_message(status)) > 5);
}

TEST(devices_are_listed) {
  uint32_t count = 0;
  CHECK_EQ(klab_device_count(&count), KLAB_OK);
  CHECK_EQ(klab_device_count(nullptr), KLAB_INVALID_ARGUMENT);
  bool is_listed = false;
  char id[32];
  for (uint32_t i = 0; i < count; i++) {
    CHECK_EQ(klab_device_id(i, id, sizeof id), KLAB_OK);
    is_listed |= device_id() == id;
  }
  CHECK(is_listed);
  CHECK_EQ(klab_device_id(count, id, sizeof id), KLAB_NOT_FOUND);
  CHECK_EQ(klab_device_id(0, nullptr, 0), KLAB_INVALID_ARGUMENT);
  char tiny[2];
  CHECK_EQ(klab_device_id(0, tiny, sizeof tiny), KLAB_OK);
  CHECK_EQ(std::strlen(tiny), 1u);
}

TEST(unknown_device_lists_the_known) {
  Device device;
  Error error;
  CHECK_EQ(klab_device_open("abacus", device.out(), &error), KLAB_NOT_FOUND);
  CHECK_EQ(error.status, KLAB_NOT_FOUND);
  CHECK(error.says("abacus") && error.says("null"));
  CHECK(static_cast<klab_device*>(device) == nullptr);
  CHECK_EQ(klab_device_open(nullptr, device.out(), &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_device_open("null", nullptr, &error), KLAB_INVALID_ARGUMENT);
}

TEST(info_is_filled) {
  Device device;
  open_device(device);
  auto info = make<klab_device_info>();
  CHECK_EQ(klab_device_get_info(device, &info), KLAB_OK);
  CHECK_EQ(std::string(info.id), device_id());
  CHECK_EQ(info.struct_size, sizeof info);
  CHECK_EQ(info.simd_width, 32u);
  CHECK(info.max_threads_per_threadgroup >= 256);
  CHECK(info.max_threadgroup_bytes >= 16384);
  CHECK(info.max_buffer_bytes > 0);
  CHECK(info.name[0] != 0);
  CHECK_EQ((info.capabilities & KLAB_CAP_BASELINE) != 0, info.baseline_missing[0] == 0);
  if (is_cpu()) CHECK_EQ(info.time_domain, static_cast<uint32_t>(KLAB_TIME_CPU));
}

TEST(struct_sizes_in) {
  Device device;
  open_device(device);
  Error error;
  Buffer buffer;
  auto desc = make<klab_buffer_desc>();
  desc.bytes = 64;
  for (const uint32_t size : {0u, 4u, static_cast<uint32_t>(sizeof desc) - 1, 0xcdcdcdcdu}) {
    desc.struct_size = size;
    CHECK_EQ(klab_buffer_create(device, &desc, buffer.out(), &error), KLAB_INVALID_ARGUMENT);
    CHECK(error.says("struct_size"));
  }
  struct Newer {
    klab_buffer_desc known;
    uint64_t added;
  } newer = {make<klab_buffer_desc>(), 0};
  newer.known.struct_size = sizeof newer;
  newer.known.bytes = 64;
  CHECK_EQ(klab_buffer_create(device, &newer.known, buffer.out(), &error), KLAB_OK);
  newer.added = 1;
  CHECK_EQ(klab_buffer_create(device, &newer.known, buffer.out(), &error), KLAB_INVALID_ARGUMENT);
  CHECK(error.says("does not know"));
  CHECK_EQ(klab_buffer_create(device, nullptr, buffer.out(), &error), KLAB_INVALID_ARGUMENT);
}

TEST(struct_sizes_out) {
  Device device;
  open_device(device);
  struct Newer {
    klab_device_info known;
    uint64_t added;
  } newer = {make<klab_device_info>(), 0x5555};
  newer.known.struct_size = sizeof newer;
  CHECK_EQ(klab_device_get_info(device, &newer.known), KLAB_OK);
  CHECK_EQ(newer.known.struct_size, sizeof newer);
  CHECK_EQ(newer.added, 0x5555u);
  klab_device_info zero = {};
  CHECK_EQ(klab_device_get_info(device, &zero), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_device_get_info(device, nullptr), KLAB_INVALID_ARGUMENT);
}

TEST(error_is_written_by_the_failing_call_only) {
  Device device;
  Error error;
  std::strcpy(error.message, "untouched");
  CHECK_EQ(klab_device_open(device_id().c_str(), device.out(), &error), KLAB_OK);
  CHECK_EQ(std::string(error.message), "untouched");
  klab_error unsized = {};
  CHECK_EQ(klab_device_open("abacus", device.out(), &unsized), KLAB_NOT_FOUND);
  CHECK_EQ(unsized.message[0], 0);
}

TEST(null_handles) {
  klab_device_close(nullptr);
  klab_module_destroy(nullptr);
  klab_op_destroy(nullptr);
  klab_buffer_destroy(nullptr);
  auto info = make<klab_device_info>();
  CHECK_EQ(klab_device_get_info(nullptr, &info), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_device_cancel(nullptr), KLAB_INVALID_ARGUMENT);
  auto module_info = make<klab_module_info>();
  CHECK_EQ(klab_module_get_info(nullptr, &module_info), KLAB_INVALID_ARGUMENT);
  auto op_info = make<klab_op_info>();
  CHECK_EQ(klab_op_get_info(nullptr, &op_info), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(klab_buffer_write(nullptr, 0, &info, 1, nullptr), KLAB_INVALID_ARGUMENT);
}

TEST(options) {
  Device device;
  open_device(device);
  Error error;
  CHECK_EQ(klab_device_set_option(device, "colour", "red", &error), KLAB_INVALID_ARGUMENT);
  CHECK(error.says("colour") && error.says(is_cpu() ? "threads" : "latencyNs"));
  CHECK_EQ(klab_device_set_option(device, nullptr, "1", &error), KLAB_INVALID_ARGUMENT);
  if (is_cpu()) {
    for (const char* bad : {"", "0", "-1", "2x", "100000"}) CHECK_EQ(set_option(device, "threads", bad), KLAB_INVALID_ARGUMENT);
    CHECK_EQ(set_option(device, "threads", "3"), KLAB_OK);
    auto info = make<klab_device_info>();
    klab_device_get_info(device, &info);
    CHECK_EQ(info.core_count, 3u);
    CHECK_EQ(set_option(device, "tier", "warp"), KLAB_INVALID_ARGUMENT);
    CHECK_EQ(set_option(device, "tier", "fiber"), KLAB_OK);
  }
  if (is_null()) {
    CHECK_EQ(klab_device_set_option(device, "run", "sideways", &error), KLAB_INVALID_ARGUMENT);
    CHECK(error.says("\"lost\""));
    CHECK_EQ(set_option(device, "latencyNs", "12x"), KLAB_INVALID_ARGUMENT);
    CHECK_EQ(set_option(device, "latencyNs", "2000"), KLAB_OK);
    for (const char* bad : {"1", "-0.1", "nan", "", "a half"}) CHECK_EQ(set_option(device, "drift", bad), KLAB_INVALID_ARGUMENT);
    for (const char* bad : {"-1", "0.5", "1e300"}) CHECK_EQ(set_option(device, "seed", bad), KLAB_INVALID_ARGUMENT);
    CHECK_EQ(set_option(device, "drift", "0.1"), KLAB_OK);
  }
}

TEST(handles_outlive_their_makers) {
  Buffer buffer;
  Op op;
  {
    Device device;
    open_device(device);
    Module module;
    CHECK_EQ(create_buffer(device, 16, buffer), KLAB_OK);
    CHECK_EQ(create_module(device, add_source(), module), KLAB_OK);
    CHECK_EQ(create_op(module, "add", op), KLAB_OK);
  }
  uint32_t value = 7, back = 0;
  CHECK_EQ(klab_buffer_write(buffer, 4, &value, 4, nullptr), KLAB_OK);
  CHECK_EQ(klab_buffer_read(buffer, 4, &back, 4, nullptr), KLAB_OK);
  CHECK_EQ(back, 7u);
  auto info = make<klab_op_info>();
  CHECK_EQ(klab_op_get_info(op, &info), KLAB_OK);
  CHECK_EQ(std::string(info.name), "add");
}

TEST(selftest) {
  Device device;
  open_device(device);
  uint64_t bytes = 0;
  char tiny[4];
  CHECK_EQ(klab_selftest(device, tiny, sizeof tiny, &bytes, nullptr), KLAB_INVALID_ARGUMENT);
  CHECK(bytes > 20);
  std::string json(bytes + 4096, 0);
  CHECK_EQ(klab_selftest(device, json.data(), json.size(), &bytes, nullptr), KLAB_OK);
  if (!CHECK(json.find("\"passed\":true,\"checks\"") != std::string::npos)) std::printf("%s\n", json.c_str());
}

int main(int argc, char** argv) { return main_of(argc, argv); }
