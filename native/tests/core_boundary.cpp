// Structs of older and newer callers, exceptions, text, the tables of the crash report, the thread team.
#include "core/boundary.h"

#include <stdexcept>
#include <thread>

#include "core/crash_report.h"
#include "core/signal_writer.h"
#include "tests/check.h"

// A struct as its first version had it, and as it is after growing by `added`.
struct Old {
  uint32_t struct_size;
  uint32_t value;
};
struct Grown {
  uint32_t struct_size;
  uint32_t value;
  uint64_t added;
};
template <>
inline constexpr uint32_t klab::first_size<Grown> = sizeof(Old);

using namespace klab;

TEST(an_older_caller_reads_as_zero) {
  Old old{sizeof(Old), 5};
  Grown grown{1, 2, 3};
  CHECK(!read_struct(reinterpret_cast<const Grown*>(&old), grown, "Grown"));
  CHECK_EQ(grown.value, 5u);
  CHECK_EQ(grown.added, 0u);
  CHECK_EQ(grown.struct_size, sizeof(Grown));
}

TEST(an_older_caller_is_not_written_beyond) {
  struct {
    Old old{sizeof(Old), 0};
    uint64_t after = 0x1234;
  } memory;
  CHECK(!write_struct(reinterpret_cast<Grown*>(&memory.old), Grown{0, 7, 99}, "Grown"));
  CHECK_EQ(memory.old.value, 7u);
  CHECK_EQ(memory.old.struct_size, sizeof(Old));
  CHECK_EQ(memory.after, 0x1234u);
}

TEST(arrays_of_older_structs_keep_their_distance) {
  const Old old[3] = {{sizeof(Old), 1}, {sizeof(Old), 2}, {sizeof(Old), 3}};
  std::vector<Grown> grown;
  CHECK(!read_array(reinterpret_cast<const Grown*>(old), 3, grown, "Grown"));
  CHECK_EQ(grown[0].value + grown[1].value * 10 + grown[2].value * 100, 321u);
  const Old mixed[2] = {{sizeof(Old), 1}, {sizeof(Grown), 2}};
  CHECK_EQ(read_array(reinterpret_cast<const Grown*>(mixed), 2, grown, "Grown").status, KLAB_INVALID_ARGUMENT);
  CHECK_EQ(read_array(static_cast<const Grown*>(nullptr), 1, grown, "Grown").status, KLAB_INVALID_ARGUMENT);
  CHECK(!read_array(static_cast<const Grown*>(nullptr), 0, grown, "Grown"));
}

TEST(nothing_is_thrown_across) {
  klab_error error = {};
  error.struct_size = sizeof error;
  CHECK_EQ(boundary(&error, []() -> Error { throw std::bad_alloc(); }), KLAB_OUT_OF_MEMORY);
  CHECK(error.message[0] != 0);
  CHECK_EQ(boundary(&error, []() -> Error { throw std::runtime_error("because"); }), KLAB_INTERNAL);
  CHECK_EQ(std::string(error.message), "because");
  CHECK_EQ(boundary(&error, []() -> Error { throw 1; }), KLAB_INTERNAL);
  CHECK_EQ(boundary(nullptr, []() -> Error { return {KLAB_IO, "x"}; }), KLAB_IO);
}

TEST(text_ends_on_a_code_point) {
  char out[6];
  copy_text(out, "abcdef");
  CHECK_EQ(std::string(out), "abcde");
  copy_text(out, "abcd\xc3\xa9");
  CHECK_EQ(std::string(out), "abcd");
  copy_text(out, "abc\xc3\xa9");
  CHECK_EQ(std::string(out), "abc\xc3\xa9");
  copy_text(out, "\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
  CHECK_EQ(std::string(out), "\xf0\x9f\x98\x80");
  CHECK_EQ(json_text("a\"\\\n"), "\"a\\\"\\\\\\u000a\"");
  CHECK_EQ(bytes_text(999), "999 bytes");
  CHECK_EQ(bytes_text(1500000000), "1.5 GB (1500000000 bytes)");
}

TEST(signal_writer_numbers) {
  crash::SignalWriter out;
  out.number(-120);
  out.hex(0);
  out.hex(0xdeadbeef);
  out.number(INT64_MIN);
  CHECK_EQ(std::string(out.data(), out.size()), "-120\"0x0\"\"0xdeadbeef\"-9223372036854775808");
  crash::SignalWriter full;
  for (int i = 0; i < 10000; i++) full.text("x");
  CHECK_EQ(full.size(), 8192u);
}

TEST(crash_tables) {
  static char memory[1000];
  const crash::BufferRange buffer{memory, memory + 500, memory + 100, 50};
  const crash::ModuleRange module{memory + 500, memory + 600, memory + 700};
  const auto address = reinterpret_cast<uintptr_t>(memory);
  crash::BufferRange found;
  crash::FoundModule found_module;
  CHECK(!crash::find_buffer(address, found));
  crash::add_buffer(buffer);
  crash::add_module("/tmp/a.so", module);
  CHECK(crash::find_buffer(address, found) && found.data == memory + 100 && found.bytes == 50);
  CHECK(crash::find_buffer(address + 499, found));
  CHECK(!crash::find_buffer(address + 500, found));
  CHECK(crash::find_module(address + 650, found_module) && found_module.offset == 150);
  CHECK_EQ(std::string(found_module.path), "/tmp/a.so");
  crash::remove_buffer(buffer);
  crash::remove_module(module);
  CHECK(!crash::find_buffer(address, found));
  CHECK(!crash::find_module(address + 650, found_module));
}

int main() { return klab_test::run_all(); }
