// The resident compiler in trouble and in the background: what it is asked is done all the same.
#include <signal.h>
#include <sys/resource.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "cpu/compile/prefix.h"
#include "cpu/compiler/resident.h"
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

std::string program() {
  Toolchain toolchain;
  find_toolchain(context(), toolchain);
  return toolchain.program;
}

// Half a second of work, or more.
const std::string slow = [] {
  std::string text = "template <int N, int M> struct Bomb { static constexpr int value = Bomb<N - 1, M * 2>::value + Bomb<N - 1, M * 2 + 1>::value; };\n";
  return text + "template <int M> struct Bomb<0, M> { static constexpr int value = 1; };\nint x[Bomb<14, 1>::value];\nint y = nothing;\n";
}();

// The compiler's messages about it.
std::string check(const ModuleState& state, const std::string& text) {
  ProcessResult result;
  CHECK_EQ(run_compiler(state, context(), {"-fsyntax-only"}, text, result).message, "");
  return result.err;
}

int first_child(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/task/" + std::to_string(pid) + "/children");
  int child = 0;
  return in >> child ? child : 0;
}

// Waits for a job of the server's, and does something to either.
std::thread meanwhile(int server, std::function<void(int job)> act) {
  return std::thread([=] {
    int job = 0;
    for (int i = 0; i < 2000 && !(job = first_child(server)); ++i) usleep(2000);
    CHECK(job != 0);
    if (job) act(job);
  });
}

const char* const complaint = "use of undeclared identifier 'nothing'";

}  // namespace

TEST(a_server_killed_in_the_middle_of_a_job) {
  const auto state = read(scale);
  const int server = resident_process(program());
  REQUIRE(server > 0);
  std::thread other = meanwhile(server, [=](int) { kill(server, SIGKILL); });
  CHECK(check(*state, slow).find(complaint) != std::string::npos);
  other.join();
  CHECK(resident_process(program()) != server);
}

TEST(a_background_build_is_as_nice_as_its_thread) {
  const auto state = read(scale + "// nice\n");
  check(*state, "");
  const int server = resident_process(program());
  REQUIRE(server > 0);
  const int own = getpriority(PRIO_PROCESS, 0);
  CHECK_EQ(getpriority(PRIO_PROCESS, id_t(server)), own);
  std::atomic<int> seen{-1};
  std::thread other = meanwhile(server, [&](int job) {
    for (int i = 0; i < 100 && seen <= own; ++i, usleep(2000)) seen = getpriority(PRIO_PROCESS, id_t(job));
  });
  std::thread nice([&] {
    setpriority(PRIO_PROCESS, 0, own + 5);
    check(*state, slow);
  });
  nice.join(), other.join();
  CHECK_EQ(seen.load(), own + 5);
  kill(server, SIGKILL);
  while (kill(server, 0) == 0 && first_child(server)) usleep(1000);
  // A nice thread gets its work done, but starts no server that would be nice to everyone.
  std::thread again([&] {
    setpriority(PRIO_PROCESS, 0, own + 5);
    CHECK(check(*state, "int y = nothing;\n").find(complaint) != std::string::npos);
    CHECK(check(*state, "int y = nothing;\n").find(complaint) != std::string::npos);
    CHECK_EQ(resident_process(program()), 0);
  });
  again.join();
  check(*state, "");
  const int next = resident_process(program());
  REQUIRE(next > 0);
  CHECK_EQ(getpriority(PRIO_PROCESS, id_t(next)), own);
}

TEST(a_server_that_hangs_is_replaced) {
  const auto state = read(scale);
  check(*state, "");
  const int server = resident_process(program());
  REQUIRE(server > 0);
  kill(server, SIGSTOP);
  CHECK(check(*state, "int y = nothing;\n").find(complaint) != std::string::npos);
  CHECK(resident_process(program()) != server);
}

int main() { return klab_test::run_all(); }
