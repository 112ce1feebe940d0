// What is kept of a failed build: what the compiler has against the source, never what came over it at the time.
#include <fstream>

#include "cpu/compiler/storage.h"
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

// A clang that runs what lies beside it, as a shell would, before it compiles something.
class Moody {
 public:
  Moody() {
    Toolchain real;
    find_toolchain(frontend_test::context(), real);
    std::ofstream(clang()) << "#!/bin/sh\ncase \" $* \" in *' -c '*|*' -emit-llvm '*) [ -f \"$0.mood\" ] && . \"$0.mood\";; esac\nexec " << real.program << " \"$@\"\n";
    fs::permissions(clang(), fs::perms::owner_all);
  }
  std::string clang() const { return folder_ / "clang"; }
  void feel(const std::string& mood) const {
    if (mood.empty()) fs::remove(clang() + ".mood");
    else std::ofstream(clang() + ".mood") << mood;
  }
  CompileContext context() const {
    CompileContext own = frontend_test::context();
    own.clang = clang();
    return own;
  }

 private:
  const Folder folder_;
};

const Moody& moody() {
  static const Moody one;
  return one;
}

using Build = std::function<Error(const CompileContext&, CompiledEntry&)>;

const std::string uniform = "#include <metal_stdlib>\nusing namespace metal;\n"
                            "kernel void copy(device const float* a [[buffer(0)]], device float* c [[buffer(1)]]) { simdgroup_float8x8 m; simdgroup_load(m, a, 8); simdgroup_store(m, c, 8); }\n";
// The pass has no form for numbers of 128 bits.
const std::string wide = "#include <metal_stdlib>\nusing namespace metal;\n"
                         "kernel void k(device ulong* a [[buffer(0)]], uint i [[thread_position_in_grid]]) {\n  a[i] = ulong(((unsigned __int128)a[i] * a[i + 1]) >> 60);\n}\n";

std::shared_ptr<ModuleState> read_moody(const std::string& source) {
  std::shared_ptr<ModuleState> state;
  CHECK_EQ(read_module({source, "k.metal", {}, {}, 0, 0, 0}, moody().context(), state).message, "");
  return state;
}

bool has_vector() {
  Toolchain toolchain;
  std::string plugin;
  return !find_toolchain(context(), toolchain) && !find_vector_compiler(toolchain, plugin);
}

// Each kind of build that may be refused, of an entry that it takes.
std::vector<Build> builds_of(const std::shared_ptr<ModuleState>& state) {
  std::vector<Build> all = {[state](const CompileContext& where, CompiledEntry& out) { return compile_leader_entry(*state, {"copy", {}, 0}, where, out); }};
  if (has_vector()) all.push_back([state](const CompileContext& where, CompiledEntry& out) { return compile_vector_entry(*state, {"copy", {}, 0}, {}, where, out); });
  else std::printf("no vector builds here: not tested\n");
  return all;
}

// Fails once with `status`, and is built as soon as the mood is gone.
void passes(const std::string& mood, klab_status status, const std::string& words, const CompileContext& where = moody().context()) {
  static int number = 0;
  for (const Build& build : builds_of(read_moody(uniform + "// " + std::to_string(number++) + "\n"))) {
    moody().feel("");
    moody().feel(mood);
    CompiledEntry out;
    const Error error = build(where, out);
    CHECK_EQ(error.status, status);
    CHECK(error.message.find(words) != std::string::npos);
    if (error.message.find(words) == std::string::npos) std::printf("  it says: %s\n", error.message.c_str());
    moody().feel("");
    CHECK_EQ(build(moody().context(), out).message, "");
    for (const auto& file : fs::directory_iterator(cache() / "entries")) CHECK(file.path().extension() != ".refused");
    fs::remove_all(cache() / "entries");
  }
}

}  // namespace

TEST(a_killed_compiler_is_no_refusal) {
  passes("kill -9 $$", KLAB_PIPELINE, "was killed");
  passes("kill -SEGV $$", KLAB_PIPELINE, "crashed on this source");
}

TEST(a_limit_is_no_refusal) {
  passes("kill -XCPU $$", KLAB_PIPELINE, "was ended after");
  passes("echo 'LLVM ERROR: out of memory' >&2; exit 1", KLAB_PIPELINE, "MiB of memory");
  CompileContext hurried = moody().context();
  hurried.build_cpu_seconds = 1;
  passes("exec sleep 1000", KLAB_PIPELINE, "was ended after", hurried);
}

TEST(a_full_disk_is_no_refusal) {
  passes("echo 'fatal error: error in backend: IO failure on output stream: No space left on device' >&2; exit 1", KLAB_IO, "No space left on device");
  passes("echo \"error: unable to open output file '/x.o': 'No space left on device'\" >&2; exit 1", KLAB_IO, "cannot write to the compile cache");
}

TEST(a_pass_that_cannot_be_loaded_is_no_refusal) {
  passes("echo \"error: unable to load plugin '/lab/libklab_vector.so': 'libLLVM.so: cannot open shared object file'\" >&2; exit 1", KLAB_PIPELINE, "unable to load plugin");
  passes("exit 1", KLAB_PIPELINE, "without a word about the source (exit code 1)");
}

TEST(a_cancelled_build_is_no_refusal) {
  const std::atomic<bool> cancel{true};
  CompileContext cancelled = moody().context();
  cancelled.cancel = &cancel;
  passes("", KLAB_CANCELLED, "cancelled", cancelled);
}

TEST(refusals_are_kept) {
  const auto state = read_moody(uniform + "// refused\n");
  CompiledEntry out;
  moody().feel("echo '<stdin>:3:4: error: no member named x in y' >&2; exit 1");
  const Error first = compile_leader_entry(*state, {"copy", {}, 0}, moody().context(), out);
  CHECK_EQ(first.status, KLAB_UNSUPPORTED);
  moody().feel("exit 99");
  const Error again = compile_leader_entry(*state, {"copy", {}, 0}, moody().context(), out);
  CHECK_EQ(again.status, KLAB_UNSUPPORTED);
  CHECK_EQ(again.message, first.message);
  moody().feel("");
}

TEST(refusals_say_the_error_and_its_line) {
  moody().feel("printf 'In file included from <stdin>:1:\\n/there/k.metal:3:4: error: no member named x in metal::vec<_Float16, 4>\\nk.metal:9:1: error: another\\n' >&2; exit 1");
  for (const Build& build : builds_of(read_moody(uniform + "constant int another_text = 1;\n"))) {
    CompiledEntry out;
    const std::string said = build(moody().context(), out).message, expected = ": /there/k.metal:3: no member named x in half4";
    CHECK(said.ends_with(expected));
    if (!said.ends_with(expected)) std::printf("  it says: %s\n", said.c_str());
  }
  moody().feel("");
}

TEST(what_the_pass_refuses_is_kept) {
  if (!has_vector()) return;
  const auto state = read_moody(wide);
  CompiledEntry out;
  const Error first = compile_vector_entry(*state, {"k", {}, 0}, {}, moody().context(), out);
  CHECK_EQ(first.status, KLAB_UNSUPPORTED);
  CHECK(first.message.find("k.metal:4") != std::string::npos);
  moody().feel("exit 99");
  CHECK_EQ(compile_vector_entry(*state, {"k", {}, 0}, {}, moody().context(), out).message, first.message);
  moody().feel("");
}

TEST(a_check_that_was_ended_is_made_again) {
  CompileContext limited = context();
  limited.compiler_memory_bytes = 100 << 20;
  std::shared_ptr<ModuleState> state;
  const ModuleRequest request{scale + "// ended\n", "k.metal", {}, {}, 0, 0, 0};
  read(scale);  // so that the library is compiled already
  CHECK_EQ(read_module(request, limited, state).message, "");
  CHECK(has_errors(*state));
  CHECK_EQ(read_module(request, context(), state).message, "");
  CHECK_EQ(describe(info(*state).diagnostics), "");
}

int main() { return klab_test::run_all(); }
