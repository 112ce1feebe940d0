// Tools, processes and the compile cache: shared, bounded, cancelled, damaged.
#include <atomic>
#include <fstream>
#include <thread>

#include "cpu/compiler/process.h"
#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"
#include "frontend_fixture.h"

using namespace frontend_test;

TEST(second_compile_is_cached) {
  const auto state = read(scale + "// another source\n");
  CompiledEntry first, second;
  REQUIRE(!compile(*state, "scale", first));
  REQUIRE(!compile(*read(scale + "// another source\n"), "scale", second));
  CHECK(second.is_cached);
  CHECK_EQ(second.library, first.library);
  CHECK_EQ(second.optimise_ns, 0u);
  CHECK(first.flags_used.find("clang ") == 0);
  read(scale);
  CHECK(info(*read(scale)).is_cached);
}

TEST(cancel_ends_the_compiler) {
  std::atomic<bool> cancel{true};
  CompileContext cancelled = context();
  cancelled.cancel = &cancel;
  std::shared_ptr<ModuleState> state;
  CHECK_EQ(read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, cancelled, state).status, KLAB_CANCELLED);
  ProcessRequest request;
  request.arguments = {"/bin/sleep", "1000"};
  request.timeout_ns = 50'000'000;
  ProcessResult result;
  CHECK_EQ(run_process(request, result).status, KLAB_TIMEOUT);
  CHECK_EQ(result.exit_code, 128 + 9);
}

TEST(processes) {
  ProcessRequest request;
  const std::string input(1 << 20, 'x');
  request.arguments = {"/bin/cat"};
  request.input = input;
  ProcessResult result;
  CHECK(!run_process(request, result));
  CHECK(result.out == input);
  request.arguments = {"/bin/true"};  // ends without reading
  CHECK(!run_process(request, result));
  request.arguments = {"/nowhere/tool"};
  CHECK_EQ(run_process(request, result).status, KLAB_TOOL_MISSING);
}

TEST(several_threads_share_a_cache) {
  const auto state = read(scale + "// shared\n");
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      CompiledEntry compiled;
      if (compile(*state, "scale", compiled) || access(compiled.library.c_str(), R_OK) != 0) failures++;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_EQ(failures.load(), 0);
}

TEST(no_cache_leaves_nothing_behind) {
  const Folder folder;
  CompileContext uncached;
  uncached.cache = folder.path();
  uncached.is_cache_on = false;
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, 0}, uncached, state));
  CompiledEntry compiled;
  REQUIRE(!compile_entry(*state, {"scale", {}, 0}, uncached, compiled));
  CHECK(!compiled.is_cached);
  CHECK(fs::is_empty(folder.path()));
  CHECK(compiled.library.find(folder.path()) == std::string::npos);
}

TEST(trimming_removes_the_least_recently_used) {
  const Folder folder;
  for (int i = 0; i < 4; ++i) {
    CHECK(!write_file(folder / std::to_string(i), std::string(1000, 'x')));
    fs::last_write_time(folder / std::to_string(i), fs::file_time_type::clock::now() - std::chrono::minutes(10 - i));
  }
  CHECK(touch(folder / "0"));
  trim(folder.path(), 2500);
  CHECK(fs::exists(folder / "0"));
  CHECK(!fs::exists(folder / "1"));
  CHECK(!fs::exists(folder / "2"));
  CHECK(fs::exists(folder / "3"));
}

// The prefix hardly ever changes: what a killed build left beside it must not wait for the next one.
TEST(leftovers_beside_a_prefix_that_is_there_go) {
  read(scale);
  const Folder folder;
  fs::copy(cache() / "pch", folder / "pch");
  for (const char* name : {"pch/old.pch.tmp.1.0", "pch/new.pch.tmp.1.0"}) std::ofstream(folder / name) << "half";
  fs::last_write_time(folder / "pch/old.pch.tmp.1.0", fs::file_time_type::clock::now() - std::chrono::hours(2));
  CompileContext own = context();
  own.cache = folder.path();
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, own, state));
  CHECK(!fs::exists(folder / "pch/old.pch.tmp.1.0"));
  CHECK(fs::exists(folder / "pch/new.pch.tmp.1.0"));
}

TEST(a_damaged_prefix_is_built_again) {
  const Folder folder;
  CompileContext own = context();
  own.cache = folder.path();
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, own, state));
  for (const auto& file : fs::directory_iterator(folder / "pch")) std::ofstream(file.path()) << "damaged";
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, own, state));
  CHECK_EQ(describe(info(*state).diagnostics), "");
}

TEST(sha256_of_the_standard) {
  CHECK_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(missing_tools_are_named) {
  CompileContext missing = context();
  missing.clang = "/nowhere/clang";
  std::shared_ptr<ModuleState> state;
  const Error error = read_module({scale, "k.metal", {}, {}, 0, 0, 0}, missing, state);
  CHECK_EQ(error.status, KLAB_TOOL_MISSING);
  CHECK(error.message.find("apt-get install clang-22") != std::string::npos);
  CompileContext elsewhere = context();
  elsewhere.shim = "/nowhere";
  CHECK(read_module({scale, "k.metal", {}, {}, 0, 0, 0}, elsewhere, state).message.find("msl.h") != std::string::npos);
}

namespace {

// A clang that does `instead` on every run that makes a file, and is the real one otherwise.
std::string wrapped_clang(const Folder& folder, const std::string& instead) {
  Toolchain real;
  if (find_toolchain(context(), real)) std::abort();
  const std::string path = folder / "clang";
  std::ofstream(path) << "#!/bin/sh\ncase \" $* \" in *\" -o \"*) " << instead << ";; esac\nexec '" << real.clang << "' \"$@\"\n";
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

CompileContext wrapped(const Folder& folder, const std::string& instead) {
  CompileContext own = context();
  own.cache = folder / "cache";
  own.clang = wrapped_clang(folder, instead);
  own.is_compiler_resident = false;
  return own;
}

constexpr const char* full_disk = "echo \"error: unable to open output file '/cache/a.tmp': 'No space left on device'\" >&2; exit 1";

}  // namespace

TEST(a_full_disk_is_no_fault_of_the_library) {
  const Folder folder;
  const CompileContext own = wrapped(folder, full_disk);
  std::shared_ptr<ModuleState> state;
  const Error error = read_module({scale, "k.metal", {}, {}, 0, 0, 0}, own, state);
  CHECK_EQ(error.status, KLAB_IO);
  CHECK(error.message.find("cannot write to the compile cache " + (folder / "cache/pch") + ": No space left on device; make room") == 0);
}

TEST(a_full_disk_is_no_fault_of_the_kernel) {
  const Folder folder;
  const CompileContext own = wrapped(folder, "case \"$*\" in *c++-header*) ;; *) " + std::string(full_disk) + ";; esac");
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, 0}, own, state));
  CompiledEntry compiled;
  const Error error = compile_entry(*state, {"scale", {}, 0}, own, compiled);
  CHECK_EQ(error.status, KLAB_IO);
  CHECK(error.message.find((folder / "cache/entries") + ": No space left on device") != std::string::npos);
}

TEST(a_cache_that_is_emptied_during_a_build_is_made_again) {
  const Folder folder;
  const std::string once = "for a in \"$@\"; do case \"$a\" in *.tmp.*) f=${a%/*}; m='" + folder.path() + "'/emptied-${f##*/}; [ -e \"$m\" ] || { : > \"$m\"; rm -rf \"$f\"; };; esac; done";
  const CompileContext own = wrapped(folder, once);
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, 0}, own, state));
  CompiledEntry compiled;
  REQUIRE(!compile_entry(*state, {"scale", {}, 0}, own, compiled));
  CHECK(fs::exists(compiled.library));
  CHECK(fs::exists(folder / "emptied-pch"));
  CHECK(fs::exists(folder / "emptied-entries"));
}

TEST(failures_of_the_output_are_told_from_others) {
  CHECK_EQ(output_failure("LLVM ERROR: IO failure on output stream: No space left on device\n"), "No space left on device");
  CHECK_EQ(output_failure("k.metal:3:1: error: x\nld: final link failed: Read-only file system\n"), "Read-only file system");
  CHECK_EQ(output_failure("error: unable to rename temporary '/c/a-1.tmp' to output file '/c/a': 'No such file or directory'"), "No such file or directory");
  CHECK_EQ(output_failure("k.metal:3:1: error: No space left on device\n"), "");
}

int main() { return klab_test::run_all(); }
