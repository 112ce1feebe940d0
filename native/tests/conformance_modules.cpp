// Source to reflection and diagnostics; entry points to ops.
#include <filesystem>

#include "tests/conformance.h"

using namespace conformance;

TEST(reflection) {
  Device device;
  open_device(device);
  Module module;
  CHECK_EQ(create_module(device, add_source(), module), KLAB_OK);
  auto info = make<klab_module_info>();
  CHECK_EQ(klab_module_get_info(module, &info), KLAB_OK);
  CHECK_EQ(info.entry_count, 1u);
  CHECK_EQ(info.has_errors, 0u);
  CHECK_EQ(std::strlen(info.source_hash), 64u);
  auto entry = make<klab_entry_info>();
  CHECK_EQ(klab_module_get_entry(module, 0, &entry), KLAB_OK);
  CHECK_EQ(std::string(entry.name), "add");
  CHECK_EQ(entry.line, 3u);
  CHECK_EQ(entry.binding_count, 3u);
  struct Expected {
    uint32_t kind, access, is_pointer;
    const char *type, *name;
  };
  const Expected expected[] = {{KLAB_BINDING_BUFFER, KLAB_ACCESS_READ, 1, "float", "a"},
                               {KLAB_BINDING_BUFFER, KLAB_ACCESS_READ_WRITE, 1, "float", "c"},
                               {KLAB_BINDING_CONSTANT, KLAB_ACCESS_READ, 0, "uint", "n"}};
  for (uint32_t i = 0; i < 3; i++) {
    auto binding = make<klab_binding_info>();
    CHECK_EQ(klab_module_get_binding(module, 0, i, &binding), KLAB_OK);
    CHECK_EQ(binding.index, i);
    CHECK_EQ(binding.kind, expected[i].kind);
    CHECK_EQ(binding.access, expected[i].access);
    CHECK_EQ(binding.is_pointer, expected[i].is_pointer);
    CHECK_EQ(std::string(binding.type), expected[i].type);
    CHECK_EQ(std::string(binding.name), expected[i].name);
  }
}

TEST(indices_out_of_range) {
  Device device;
  open_device(device);
  Module module;
  CHECK_EQ(create_module(device, add_source(), module), KLAB_OK);
  auto entry = make<klab_entry_info>();
  auto binding = make<klab_binding_info>();
  auto constant = make<klab_constant_info>();
  auto diagnostic = make<klab_diagnostic>();
  CHECK_EQ(klab_module_get_entry(module, 1, &entry), KLAB_NOT_FOUND);
  CHECK_EQ(klab_module_get_binding(module, 0, 3, &binding), KLAB_NOT_FOUND);
  CHECK_EQ(klab_module_get_binding(module, 7, 0, &binding), KLAB_NOT_FOUND);
  CHECK_EQ(klab_module_get_constant(module, 0, &constant), KLAB_NOT_FOUND);
  CHECK_EQ(klab_module_get_diagnostic(module, 1000, &diagnostic), KLAB_NOT_FOUND);
}

TEST(errors_come_as_diagnostics) {
  Device device;
  open_device(device);
  if (is_null()) set_option(device, "compile", "fail");
  Module module;
  Error error;
  CHECK_EQ(create_module(device, "kernel void broken(device float* a [[buffer(0)]]) {\n  a[0] = missing;\n}\n", module, &error), KLAB_COMPILE);
  REQUIRE(module);
  auto info = make<klab_module_info>();
  CHECK_EQ(klab_module_get_info(module, &info), KLAB_OK);
  CHECK_EQ(info.has_errors, 1u);
  REQUIRE(info.diagnostic_count > 0);
  auto diagnostic = make<klab_diagnostic>();
  CHECK_EQ(klab_module_get_diagnostic(module, 0, &diagnostic), KLAB_OK);
  CHECK_EQ(diagnostic.severity, static_cast<uint32_t>(KLAB_SEVERITY_ERROR));
  CHECK(std::strstr(diagnostic.file, "conformance.metal") != nullptr);
  if (is_cpu()) {
    CHECK_EQ(diagnostic.line, 2u);
    CHECK_EQ(diagnostic.column, 10u);
    CHECK(std::strstr(diagnostic.message, "missing") != nullptr);
  }
}

TEST(unknown_entry_lists_the_known) {
  Device device;
  open_device(device);
  Module module;
  CHECK_EQ(create_module(device, add_source(), module), KLAB_OK);
  Op op;
  Error error;
  CHECK_EQ(create_op(module, "subtract", op, &error), KLAB_NOT_FOUND);
  CHECK(error.says("subtract") && error.says("add"));
  CHECK(static_cast<klab_op*>(op) == nullptr);
  CHECK_EQ(create_op(module, "", op, &error), KLAB_INVALID_ARGUMENT);
  CHECK_EQ(create_op(nullptr, "add", op, &error), KLAB_INVALID_ARGUMENT);
}

TEST(bad_descriptors) {
  Device device;
  open_device(device);
  Module module;
  auto desc = make<klab_module_desc>();
  desc.path = "conformance.metal";
  desc.source_bytes = 10;
  CHECK_EQ(klab_module_create(device, &desc, module.out(), nullptr), KLAB_INVALID_ARGUMENT);
  desc.source_bytes = 0;
  desc.language = 7;
  CHECK_EQ(klab_module_create(device, &desc, module.out(), nullptr), KLAB_UNSUPPORTED);
  desc.language = 0;
  desc.math_mode = 9;
  CHECK_EQ(klab_module_create(device, &desc, module.out(), nullptr), KLAB_INVALID_ARGUMENT);
  desc.math_mode = 0;
  desc.flags = 0x100;
  CHECK_EQ(klab_module_create(device, &desc, module.out(), nullptr), KLAB_INVALID_ARGUMENT);
  desc.flags = 0;
  desc.macro_count = 2;
  CHECK_EQ(klab_module_create(device, &desc, module.out(), nullptr), KLAB_INVALID_ARGUMENT);
}

TEST(a_missing_compiler_is_a_state) {
  if (!is_cpu()) return;
  Device device;
  open_device(device);
  CHECK_EQ(set_option(device, "clang", "/nonexistent/clang"), KLAB_OK);
  auto info = make<klab_device_info>();
  CHECK_EQ(klab_device_get_info(device, &info), KLAB_OK);
  CHECK_EQ(info.driver[0], 0);
  Module module;
  Error error;
  CHECK_EQ(create_module(device, add_source(), module, &error), KLAB_TOOL_MISSING);
  CHECK(error.says("/nonexistent/clang"));
  CHECK(static_cast<klab_module*>(module) == nullptr);
}

TEST(an_empty_file_is_no_error) {
  Device device;
  open_device(device);
  Module module;
  CHECK_EQ(create_module(device, "", module), KLAB_OK);
  auto info = make<klab_module_info>();
  CHECK_EQ(klab_module_get_info(module, &info), KLAB_OK);
  CHECK_EQ(info.entry_count, 0u);
}

TEST(op_info) {
  AddFixture fixture;
  REQUIRE(fixture.is_ready());
  auto info = make<klab_op_info>();
  CHECK_EQ(klab_op_get_info(fixture.op, &info), KLAB_OK);
  CHECK_EQ(std::string(info.name), "add");
  CHECK_EQ(info.max_threads, 1024u);
  CHECK_EQ(info.is_baseline, 0u);
  if (is_cpu()) CHECK_EQ(std::string(info.tier), "loop");
}

// With a cache of its own: one that other programs fill may already hold a faster build than the first one is.
int main(int argc, char** argv) {
  std::string cache = (std::filesystem::temp_directory_path() / "klab-modules-XXXXXX").string();
  if (!mkdtemp(cache.data()) || setenv("KLAB_CACHE", cache.c_str(), 1) != 0) return std::printf("no folder for the cache\n"), 1;
  const int code = main_of(argc, argv);
  std::filesystem::remove_all(cache);
  return code;
}
