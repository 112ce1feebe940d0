// What a build is known by: in rows and proofs (flags_used), and in the cache.
#include <fstream>

#include "cpu/compile/build_entry.h"
#include "cpu/compile/prefix.h"
#include "cpu/compiler/driver.h"
#include "cpu/compiler/storage.h"
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

bool holds(const std::string& text, const std::string& part) {
  const bool does = text.find(part) != std::string::npos;
  if (!does) std::printf("no '%s' in: %s\n", part.c_str(), text.c_str());
  return does;
}

Rewriting unchanged(const std::string& identity) {
  return {identity, [](const IntermediateCode& code, std::string& out) { return out = code.text, Error{}; }};
}

void write_script(const std::string& path, const std::string& text) {
  std::ofstream(path) << "#!/bin/sh\n" << text;
  fs::permissions(path, fs::perms::owner_all);
}

}  // namespace

TEST(a_vector_build_names_the_pass_that_made_it) {
  Toolchain toolchain;
  std::string plugin;
  REQUIRE(!find_toolchain(context(), toolchain));
  if (find_vector_compiler(toolchain, plugin)) return void(std::printf("no vector builds here: not tested\n"));
  CompiledEntry out;
  REQUIRE(!compile_vector_entry(*read(scale), {"scale", {}, 0}, {}, context(), out));
  const std::string mark = " -fpass-plugin=klab_vector@";
  REQUIRE(holds(out.flags_used, mark));
  const std::string sources = out.flags_used.substr(out.flags_used.find(mark) + mark.size());
  CHECK_EQ(sources.find_first_not_of("0123456789abcdef"), 64u);
  CHECK_EQ(content_hash(plugin).size(), 64u);
  CHECK(out.flags_used.find(fs::path(plugin).parent_path().string()) == std::string::npos);
}

TEST(a_rewritten_build_names_the_rewriting_and_what_followed) {
  const auto state = read(scale);
  CompiledEntry first, second;
  REQUIRE(!compile_analysis_entry(*state, {"scale", {}, 0}, unchanged("as it is, 1"), context(), first));
  CHECK(holds(first.flags_used, "(as it is, 1)"));
  REQUIRE(!compile_analysis_entry(*state, {"scale", {}, 0}, unchanged("as it is, 2"), context(), second));
  CHECK(!second.is_cached);
  CHECK(first.library != second.library);
  CHECK(first.flags_used != second.flags_used);
}

TEST(flags_that_are_too_long_for_the_interface_end_with_their_hash) {
  CompiledEntry out;
  EntryPlan plan;
  const auto state = read(scale);
  REQUIRE(!plan_entry(*state, {"scale", {}, 0}, plan, out));
  EntryRecipe recipe;
  recipe.text = "int a;\n";
  recipe.flags = std::string(2000, 'x');
  REQUIRE(!build_entry(*state, {"scale", {}, 0}, context(), recipe, out));
  const std::string first = out.flags_used;
  CHECK(first.size() < sizeof klab_op_info::flags_used);
  CHECK(holds(first, " ... sha256:"));
  recipe.flags.back() = 'y';
  REQUIRE(!build_entry(*state, {"scale", {}, 0}, context(), recipe, out));
  CHECK(out.flags_used != first);
}

TEST(another_msl_library_is_another_build) {
  const Folder folder;
  fs::copy(shim_folder(context()), folder / "msl", fs::copy_options::recursive);
  CompileContext own = context();
  own.shim = folder / "msl";
  for (const char* tier : {"loop", "fiber", "leader"}) {
    std::string first, second, third;
    REQUIRE(!flags_of_tier(context(), tier, first));
    REQUIRE(!flags_of_tier(own, tier, second));
    CHECK_EQ(first, second);
    std::ofstream(own.shim + "/msl.h", std::ios::app) << "// " << tier << "\n";
    REQUIRE(!flags_of_tier(own, tier, third));
    CHECK(third != second);
    fs::copy(shim_folder(context()) + "/msl.h", own.shim + "/msl.h", fs::copy_options::overwrite_existing);
  }
}

TEST(every_flag_is_given_once) {
  Toolchain toolchain;
  for (const uint32_t major : {16u, 18u, 19u, 22u}) {
    for (const Flavour flavour : {Flavour::threads, Flavour::leader, Flavour::vector, Flavour::analyse}) {
      toolchain.major = major;
      const std::vector<std::string> flags = compile_flags(toolchain, "msl", {KLAB_MATH_DEFAULT, false, flavour});
      std::set<std::string> seen;
      for (const std::string& flag : flags) CHECK(flag == "-mllvm" || flag == "-Xclang" || seen.insert(flag).second);
    }
  }
}

TEST(another_build_of_the_same_version_is_another_compiler) {
  const auto state = read(scale);
  ModuleState rebuilt = *state;
  rebuilt.toolchain.stamp += "1";
  CHECK(build_identity(rebuilt) != build_identity(*state));
  const Folder folder;
  CompileContext own = context();
  own.clang = folder / "clang";
  Toolchain first, second;
  write_script(own.clang, "echo clang version 22.1.0\n");
  REQUIRE(!find_toolchain(own, first));
  write_script(own.clang, "echo clang version 22.1.0 # rebuilt\n");
  REQUIRE(!find_toolchain(own, second));
  CHECK_EQ(first.version, second.version);
  CHECK(first.stamp != second.stamp);
  write_script(own.clang, "echo clang version 21.2.3\n");
  REQUIRE(!find_toolchain(own, second));
  CHECK_EQ(second.version, "clang 21.2.3");
}

TEST(a_file_is_known_by_its_content) {
  const Folder folder;
  for (const char* name : {"a", "b"}) std::ofstream(folder / name) << "abc";
  CHECK_EQ(content_hash(folder / "a"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQ(content_hash(folder / "a"), content_hash(folder / "b"));
  std::ofstream(folder / "b") << "another";
  CHECK(content_hash(folder / "a") != content_hash(folder / "b"));
  CHECK_EQ(content_hash(folder / "nothing"), "");
}

TEST(what_the_driver_said_is_not_kept_for_ever) {
  const Folder folder;
  CompileContext own = context();
  own.cache = folder.path();
  Toolchain toolchain;
  REQUIRE(!find_toolchain(own, toolchain));
  fs::create_directories(folder / "compilers");
  const std::string old = folder / "compilers/old";
  REQUIRE(!write_file(old, std::string(5 << 20, 'x')));
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(1));
  for (int i = 0; i < 40 && fs::exists(old); ++i) CHECK(!compiler_command(own, toolchain, {"-c", "-x", "c++", "-", "-o", "out.o", "-DKEY=" + std::to_string(i)}).empty());
  CHECK(!fs::exists(old));
  CHECK(!fs::is_empty(folder / "compilers"));
}

int main() { return klab_test::run_all(); }
