// The resident compiler against processes: the same objects, and what happens when either is ended.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "cpu/compile/prefix.h"
#include "cpu/compiler/storage.h"
#include "cpu/compiler/driver.h"
#include "cpu/compiler/resident.h"
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

CompileContext spawning() {
  CompileContext own = context();
  own.is_compiler_resident = false;
  return own;
}

std::string program() {
  Toolchain toolchain;
  find_toolchain(context(), toolchain);
  return toolchain.program;
}

// A source whose check takes the compiler the longer the deeper: each level instantiates the one below twice.
std::string bomb(int depth) {
  return "#include <metal_stdlib>\nusing namespace metal;\n"
         "template <int N, int M> struct Bomb { static constant constexpr int value = Bomb<N - 1, M * 2>::value + Bomb<N - 1, M * 2 + 1>::value; };\n"
         "template <int M> struct Bomb<0, M> { static constant constexpr int value = 1; };\n"
         "kernel void k(device int* out [[buffer(0)]], uint i [[thread_position_in_grid]]) { out[i] = Bomb<" + std::to_string(depth) + ", 1>::value; }\n";
}

Error read_bomb(const CompileContext& context, int depth, std::shared_ptr<ModuleState>& state) {
  return read_module({bomb(depth), "bomb.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, context, state);
}

std::string object_of(const ModuleState& state, const CompileContext& context, std::vector<std::string> arguments, const std::string& text) {
  const std::string object = cache() / "object.o";
  std::string bytes;
  ProcessResult result;
  arguments.insert(arguments.end(), {"-c", "-w", "-o", object});
  CHECK_EQ(run_compiler(state, context, arguments, text, result).message, "");
  CHECK_EQ(result.err, "");
  CHECK(read_file(object, bytes));
  unlink(object.c_str());
  return bytes;
}

bool has_children(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  std::string child;
  return bool(in >> child);
}

bool is_alive(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string id, name, state;
  return in >> id >> name >> state && state != "Z";
}

// Polls for what another process is about to do.
bool comes_true(const std::function<bool()>& holds) {
  for (int i = 0; i < 1000; ++i) {
    if (holds()) return true;
    usleep(10'000);
  }
  return false;
}

const std::string text = "template <typename T> static T twice(T x) { return x + x; }\nextern \"C\" void f(float* a, int n) { for (int i = 0; i < n; i++) a[i] = twice(a[i]); }\n";

}  // namespace

TEST(one_resident_compiler_serves_every_compile) {
  CompiledEntry compiled;
  REQUIRE(!compile(*read(scale), "scale", compiled));
  const int first = resident_process(program());
  CHECK(first > 0);
  REQUIRE(!compile(*read(scale + "// more\n"), "scale", compiled));
  CHECK_EQ(resident_process(program()), first);
  CHECK(comes_true([&] { return !has_children(first); }));
}

TEST(objects_are_those_of_the_driver) {
  const auto state = read(scale);
  const std::string resident = object_of(*state, context(), {}, text), spawned = object_of(*state, spawning(), {}, text);
  CHECK(resident.size() > 500);
  CHECK(resident == spawned);
  const std::string scalar = object_of(*state, context(), {"-fno-vectorize"}, text);
  CHECK(scalar == object_of(*state, spawning(), {"-fno-vectorize"}, text));
  CHECK(scalar != resident);
  // What the driver would have made of it, without anything of ours between.
  ProcessRequest request;
  request.arguments = {program(), "-c", "-O2", "-fPIC", "-gline-tables-only", "-o", cache() / "driver.o", "-x", "c++", "-"};
  request.input = text;
  ProcessResult result;
  REQUIRE(!run_process(request, result) && result.exit_code == 0);
  Toolchain toolchain;
  REQUIRE(!find_toolchain(context(), toolchain));
  const std::vector<std::string> arguments{"-c", "-O2", "-fPIC", "-gline-tables-only", "-o", cache() / "own.o", "-x", "c++", "-"};
  request.arguments = compiler_command(context(), toolchain, arguments);
  REQUIRE(request.arguments.size() > 10 && request.arguments[1] == "-cc1");
  Error error;
  CHECK(run_resident({toolchain.program, toolchain.stamp}, request, result, error) == ResidentAnswer::ran && !error);
  CHECK_EQ(result.exit_code, 0);
  std::string driver, own;
  REQUIRE(read_file(cache() / "driver.o", driver) && read_file(cache() / "own.o", own));
  CHECK(driver == own);
}

TEST(messages_are_the_same) {
  const auto state = read(scale);
  ProcessResult resident, spawned;
  const std::string broken = "int f() { return nothing; }\n#pragma unknown\nint f;\n";
  CHECK(!run_compiler(*state, context(), {"-fsyntax-only"}, broken, resident));
  CHECK(!run_compiler(*state, spawning(), {"-fsyntax-only"}, broken, spawned));
  CHECK_EQ(resident.exit_code, 1);
  CHECK_EQ(spawned.exit_code, 1);
  CHECK(resident.err.find("use of undeclared identifier 'nothing'") != std::string::npos);
  CHECK_EQ(resident.err, spawned.err);
}

TEST(an_ended_resident_compiler_is_started_again) {
  const auto state = read(scale);
  const int first = resident_process(program());
  REQUIRE(first > 0);
  kill(first, SIGKILL);
  CHECK(!object_of(*state, context(), {}, text).empty());
  CHECK(!object_of(*state, context(), {}, text).empty());
  CHECK(resident_process(program()) != first);
  CHECK(resident_process(program()) > 0);
}

TEST(a_cancelled_compile_ends_its_child_only) {
  read(scale);
  const int server = resident_process(program());
  REQUIRE(server > 0);
  std::atomic<bool> cancel{false};
  std::atomic<bool> saw_child{false};
  std::thread other([&] {
    saw_child = comes_true([&] { return has_children(server); });
    cancel = true;
  });
  CompileContext cancelled = context();
  cancelled.cancel = &cancel;
  std::shared_ptr<ModuleState> state;
  CHECK_EQ(read_bomb(cancelled, 22, state).status, KLAB_CANCELLED);
  other.join();
  CHECK(saw_child.load());
  CHECK(comes_true([&] { return !has_children(server); }));  // it is collected after the answer
  CHECK_EQ(resident_process(program()), server);
}

TEST(a_source_that_takes_too_long_is_named) {
  for (CompileContext limited : {context(), spawning()}) {
    limited.check_cpu_seconds = 1;
    std::shared_ptr<ModuleState> state;
    CHECK_EQ(read_bomb(limited, 22, state).message, "");
    REQUIRE(state != nullptr);
    CHECK(says(info(*state).diagnostics, "bomb.metal:1:1: clang"));
    CHECK(describe(info(*state).diagnostics).find("was ended after ") != std::string::npos);
  }
}

TEST(a_source_that_takes_too_much_memory_is_named) {
  for (CompileContext limited : {context(), spawning()}) {
    limited.compiler_memory_bytes = 450ull << 20;
    std::shared_ptr<ModuleState> state;
    CHECK_EQ(read_bomb(limited, 18, state).message, "");
    REQUIRE(state != nullptr);
    CHECK(describe(info(*state).diagnostics).find("needs more than 450 MiB of memory") != std::string::npos);
  }
}

TEST(an_entry_that_takes_too_long_is_named_at_its_line) {
  ModuleRequest unchecked;
  unchecked.flags = KLAB_MODULE_NO_CHECK;
  const auto state = read(bomb(22), unchecked);
  CompileContext limited = context();
  limited.build_cpu_seconds = 1;
  CompiledEntry compiled;
  const Error error = compile_entry(*state, {"k", {}, 0}, limited, compiled);
  CHECK_EQ(error.status, KLAB_COMPILE);
  CHECK(says(compiled.diagnostics, "k.metal:5:1: entry point 'k': clang"));
}

TEST(a_crash_of_the_compiler_is_named) {
  const auto state = read(scale);
  for (const CompileContext& each : {context(), spawning()}) {
    ProcessResult result;
    CHECK(!run_compiler(*state, each, {"-fsyntax-only"}, "#pragma clang __debug crash\n", result));
    CHECK(result.end_reason.find("crashed on this source (signal ") != std::string::npos);
  }
  CHECK(resident_process(program()) > 0);
  CHECK(!object_of(*state, context(), {}, text).empty());
}

TEST(a_compiler_behind_a_script_runs_as_processes) {
  const Folder folder;
  const std::string script = folder / "clang";
  std::ofstream(script) << "#!/bin/sh\nexec " << program() << " \"$@\"\n";
  fs::permissions(script, fs::perms::owner_all);
  CompileContext scripted = context();
  scripted.clang = script;
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, scripted, state));
  CHECK_EQ(describe(info(*state).diagnostics), "");
  CHECK_EQ(resident_process(script), 0);
}

TEST(the_resident_compiler_ends_with_the_lab) {
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  const std::string clang = program();
  const pid_t lab = fork();
  if (lab == 0) {
    dup2(ends[1], 1);
    execl("/proc/self/exe", "/proc/self/exe", "lab", clang.c_str(), nullptr);
    _exit(127);
  }
  int server = 0;
  CHECK(::read(ends[0], &server, sizeof server) == sizeof server);
  CHECK(server > 0 && is_alive(server));
  kill(lab, SIGKILL);
  waitpid(lab, nullptr, 0);
  CHECK(comes_true([&] { return !is_alive(server); }));
  close(ends[0]), close(ends[1]);
}

TEST(several_threads_compile_at_once) {
  const auto state = read(scale);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      ProcessResult result;
      const std::string broken = "int f() { return nothing_" + std::to_string(i) + "; }\n";
      if (run_compiler(*state, context(), {"-fsyntax-only"}, broken, result)) failures++;
      if (result.err.find("nothing_" + std::to_string(i)) == std::string::npos) failures++;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_EQ(failures.load(), 0);
}

TEST(commands_of_the_driver) {
  const auto commands = read_commands("clang version 22\nTarget: x\n \"/usr/bin/clang\" \"-cc1\" \"-D\" \"A=\\\"b c\\\"\" \"\"\n (in-process)\n \"ld\" \"-o\" \"x\"\n");
  REQUIRE(commands.size() == 2);
  REQUIRE(commands[0].size() == 5);
  CHECK_EQ(commands[0][3], "A=\"b c\"");
  CHECK_EQ(commands[0][4], "");
  CHECK_EQ(commands[1][0], "ld");
  CHECK(read_commands("error: no input files\n").empty());
}

int main(int count, char** arguments) {
  if (count < 3 || std::string(arguments[1]) != "lab") return klab_test::run_all(count == 2 ? arguments[1] : "");
  // A process that has a resident compiler, tells which, and waits to be killed.
  ProcessRequest request;
  request.arguments = {arguments[2], "--version"};
  ProcessResult result;
  Error error;
  run_resident({arguments[2], ""}, request, result, error);
  const int server = resident_process(arguments[2]);
  if (write(1, &server, sizeof server) < 0) return 1;
  return pause();
}
