// Builds whose intermediate code is rewritten: both of their compiles are limited, cancelled and resident like any other.
#include <signal.h>

#include <atomic>

#include "cpu/compiler/resident.h"
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

// A build with a rewriting of its own name, so that no cache knows it, that does `meanwhile` between the two compiles.
Error build(const CompileContext& where, CompiledEntry& out, const std::function<void(std::string&)>& meanwhile) {
  static int number = 0;
  const Rewriting rewriting{"test " + std::to_string(number++), [&](const IntermediateCode& code, std::string& text) {
                              text = code.text;
                              meanwhile(text);
                              return Error{};
                            }};
  return compile_analysis_entry(*read(scale), {"scale", {}, 0}, rewriting, where, out);
}

std::string program() {
  Toolchain toolchain;
  find_toolchain(context(), toolchain);
  return toolchain.program;
}

}  // namespace

TEST(the_rewriting_sees_the_code_and_decides) {
  CompiledEntry out;
  CHECK_EQ(build(context(), out, [](std::string& text) { CHECK(text.find("define ") != std::string::npos); }).message, "");
  CHECK(access(out.library.c_str(), R_OK) == 0);
  const Error refused = build(context(), out, [](std::string& text) { text = "nonsense"; });
  CHECK_EQ(refused.status, KLAB_INTERNAL);
  CHECK(refused.message.find("does not take the rewritten code") != std::string::npos);
}

TEST(making_machine_code_is_limited) {
  CompileContext limited = context();
  CompiledEntry out;
  const Error error = build(limited, out, [&](std::string&) { limited.compiler_memory_bytes = 100 << 20; });
  CHECK_EQ(error.status, KLAB_COMPILE);
  CHECK(says(out.diagnostics, "k.metal:3:1: entry point 'scale': clang"));
}

TEST(making_machine_code_is_cancelled) {
  std::atomic<bool> cancel{false};
  CompileContext cancelled = context();
  cancelled.cancel = &cancel;
  CompiledEntry out;
  CHECK_EQ(build(cancelled, out, [&](std::string&) { cancel = true; }).status, KLAB_CANCELLED);
}

TEST(making_machine_code_is_the_resident_compilers) {
  CompiledEntry out;
  int before = 0;
  CHECK_EQ(build(context(), out, [&](std::string&) { kill(before = resident_process(program()), SIGKILL); }).message, "");
  if (before == 0) return void(std::printf("no resident compiler here: not tested\n"));
  CHECK(resident_process(program()) != before);
}

int main() { return klab_test::run_all(); }
