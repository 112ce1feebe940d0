// Messages in the user's terms, at the user's lines and columns, also for sources that are no sources.
#include <fstream>

#include "cpu/compile/diagnostics.h"
#include "cpu/module.h"
#include "frontend_fixture.h"

using namespace frontend_test;

TEST(errors_are_on_the_users_line_and_column) {
  const auto state = read("#include <metal_stdlib>\nusing namespace metal;\n#define TWICE(x) ((x) + (x))\n"
                          "kernel void k(device float*   out [[buffer(0)]],  uint i [[thread_position_in_grid]]) {\n"
                          "\tfloat   a = missing;\n"
                          "  float4 v = float4(1.0);  out[i] = v.xyz.w + other_missing;\n"
                          "  out[i] = clamp(1.0, 2.0)\n}\n"
                          "template <typename T> kernel void t(device T* x [[buffer(0)]]) { x[0] = x[0].nothing; }\n"
                          "template [[host_name(\"t_f\")]] kernel void t<float>(device float*);\n");
  const auto& diagnostics = info(*state).diagnostics;
  CHECK(has_errors(*state));
  CHECK(says(diagnostics, "k.metal:5:14: use of undeclared identifier 'missing'"));
  CHECK(says(diagnostics, "k.metal:6:43: no member named 'w'"));
  CHECK(says(diagnostics, "k.metal:6:47: use of undeclared identifier 'other_missing'"));
  CHECK(says(diagnostics, "k.metal:7:12: no matching function for call to 'clamp'"));
  CHECK(says(diagnostics, "k.metal:7:27: expected ';'"));
  CHECK(says(diagnostics, "k.metal:9:77: member reference base type 'float'"));
  for (const Diagnostic& d : diagnostics) {
    CHECK_EQ(d.file, "k.metal");
    CHECK(d.message.find("klab") == std::string::npos && d.message.find("_Float16") == std::string::npos);
  }
  CHECK_EQ(diagnostics.at(0).end_column, 21u);
}

TEST(conditions_of_parameters_are_checked) {
  const auto state = read("constant bool on [[function_constant(0)]];\nnamespace n { constant bool both = on; kernel void k(device float* a [[buffer(0), function_constant(on)]], device float* b [[buffer(1), function_constant(both)]]) {} }\n"
                          "kernel void bad(device float* x [[buffer(0), function_constant(nothing)]]) {}\n");
  CHECK(says(info(*state).diagnostics, "k.metal:3:64: use of undeclared identifier 'nothing'"));
  CHECK_EQ(info(*state).diagnostics.size(), 1u);
}

TEST(preprocessor_errors) {
  CHECK(says(info(*read("int a;\n#include \"nowhere.h\"\n")).diagnostics, "k.metal:2:10: 'nowhere.h' file not found"));
  CHECK(says(info(*read("#if 1\nint a;\n")).diagnostics, "k.metal:1:2: unterminated conditional directive"));
}

TEST(bad_input) {
  CHECK(says(info(*read("kernel void k(device float* x [[buffer(0)]]) {\n  x[0] = 1;\n")).diagnostics, "k.metal:2:12: expected '}'"));
  CHECK(says(info(*read("kernel void k(device float* x [[buffer(0)]]) {\n  x[0] = (1;\n}\n")).diagnostics, "k.metal:2:12: expected ')'"));
  CHECK(says(info(*read("}\n")).diagnostics, "k.metal:1:1: extraneous closing brace"));
  for (const std::string& source : {std::string(), std::string("\n"), std::string(1 << 20, ' '), std::string("// ") + std::string(1 << 20, 'x')}) {
    CHECK_EQ(describe(info(*read(source)).diagnostics), "");
    CHECK(info(*read(source)).entries.empty());
  }
  read(std::string("int a\0;\n", 8));
  read("\xef\xbb\xbf\xff\xfe kernel");
  CHECK(has_errors(*read(std::string(100000, '('))));
}

TEST(includes_carry_their_own_path) {
  const Folder folder;
  fs::create_directories(folder / "root");
  std::ofstream(folder / "near.h") << "inline float near_one() { return 1; }\n\ninline float bad() { return nothing; }\n";
  std::ofstream(folder / "root/far.h") << "#define FAR 2\n";
  ModuleRequest request;
  request.path = folder / "k.metal";
  request.include_roots = {folder / "root"};
  request.macros = {"BY=3", "ON"};
  const auto state = read("#include <metal_stdlib>\n#include \"near.h\"\n#include \"far.h\"\nkernel void k(device float* x [[buffer(0)]]) {\n#ifdef ON\n x[0] = near_one() * FAR * BY;\n#endif\n}\n", request);
  CHECK(says(info(*state).diagnostics, (folder / "near.h") + ":3:29: use of undeclared identifier 'nothing'"));
  CHECK_EQ(info(*state).diagnostics.size(), 1u);
}

TEST(messages_in_msl_terms) {
  CHECK_EQ(in_msl_terms("type '(lambda at <stdin>:12:3)' is odd"), "type '(lambda)' is odd");
  CHECK_EQ(in_msl_terms("'metal::vec<_Float16, 4>' (aka 'vec<half, 4>')"), "'half4'");
  CHECK_EQ(in_msl_terms("vec<unsigned int, 3> and myvec<int, 2>"), "uint3 and myvec<int, 2>");
  CHECK_EQ(parse_diagnostics("a:b.metal:3:4: error: x: note: y [-Wfoo]\nnoise\n1 error generated.\n").at(0).message, "x: note: y");
}

TEST(an_unchecked_module_fails_at_its_entry) {
  ModuleRequest request;
  request.flags = KLAB_MODULE_NO_CHECK;
  const auto state = read("#include <metal_stdlib>\nkernel void k(device float* x [[buffer(0)]]) {\n  x[0] = nope;\n}\n", request);
  CHECK(!has_errors(*state));
  CompiledEntry compiled;
  CHECK_EQ(compile(*state, "k", compiled).status, KLAB_COMPILE);
  CHECK(says(compiled.diagnostics, "k.metal:3:10: use of undeclared identifier 'nope'"));
}

TEST(module_adds_an_entrys_diagnostics) {
  ModuleRequest request;
  request.source = "kernel void k(device float* x [[buffer(0)]]) { x[0] = nope; }\n" + scale;
  request.path = "k.metal";
  request.flags = KLAB_MODULE_NO_CHECK;
  std::unique_ptr<Module> module;
  int made = 0;
  const auto make = [&](const OpSource& of, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>&) {
    CompiledEntry compiled;
    Error error = compile_entry(*of.state, of.request, of.context, compiled);
    diagnostics = compiled.diagnostics;
    made += !error;
    return error;
  };
  REQUIRE(!CpuModule::create(request, context(), make, module));
  std::unique_ptr<Op> op;
  CHECK_EQ(module->create_op({"k", {}, 0}, op).status, KLAB_COMPILE);
  CHECK(says(module->info().diagnostics, "k.metal:1:55: use of undeclared identifier 'nope'"));
  CHECK_EQ(made, 0);
}

TEST(source_hash_covers_includes_and_not_where_they_are) {
  const Folder a, b;
  const auto hash = [](const Folder& folder, const std::string& text) {
    std::ofstream(folder / "h.h") << text;
    ModuleRequest request;
    request.path = folder / "k.metal";
    return info(*read("#include \"h.h\"\nint x;\n", request)).source_hash;
  };
  CHECK_EQ(hash(a, "int y;\n"), hash(b, "int y;\n"));
  CHECK(hash(a, "int y;\n") != hash(b, "int z;\n"));
}

int main() { return klab_test::run_all(); }
