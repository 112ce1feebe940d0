// test_conformance_msl TRIPLES DEVICE [--tier T] [--cache FOLDER] [--jobs N] [--filter TEXT] [--at-least N] [--verbose]
// Runs every triple below TRIPLES in child processes, so that a kernel that crashes fails alone. Exit code 0 when none
// failed and N (or one) passed, 1 otherwise, 77 when the device does not know the tier.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <map>
#include <thread>

#include "run_triple.h"
#include "tests/conformance.h"

namespace msl_conformance {
namespace {

constexpr int exit_skipped = 77;

struct Options {
  std::string root, device, tier, cache, filter;
  unsigned jobs = std::max(1u, std::min(4u, std::thread::hardware_concurrency()));
  int at_least = 1;  // that must pass: a tier that has come to refuse what it took is a failure
  bool is_verbose = false;
};

// What the children tell the parent, in memory they share.
struct Slot {
  std::atomic<Verdict> verdict;
  pid_t worker;
  char detail[1024], tier[16];
};
struct Board {
  std::atomic<uint32_t> next;
  Slot slots[];
};

Board* make_board(size_t count) {
  void* memory = mmap(nullptr, sizeof(Board) + count * sizeof(Slot), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<Board*>(memory);
}

bool open_device(const Options& options, conformance::Device& device) {
  conformance::Error error;
  if (klab_device_open(options.device.c_str(), device.out(), &error) != KLAB_OK) return std::printf("%s\n", error.message), false;
  if (options.device != "cpu") return true;
  conformance::set_option(device, "threads", "2");
  if (!options.cache.empty()) conformance::set_option(device, "cache", options.cache.c_str());
  if (options.tier.empty() || klab_device_set_option(device, "tier", options.tier.c_str(), &error) == KLAB_OK) return true;
  std::printf("skipped: %s\n", error.message);
  return false;
}

int work(const Options& options, const std::vector<std::string>& names, Board& board) {
  conformance::Device device;
  if (!open_device(options, device)) return exit_skipped;
  for (;;) {
    const uint32_t i = board.next.fetch_add(1);
    if (i >= names.size()) return 0;
    Slot& slot = board.slots[i];
    slot.worker = getpid();
    slot.verdict = Verdict::running;
    Triple triple;
    Report report;
    if (read_triple(options.root, names[i], triple, report.detail)) report = run_triple(device, triple);
    std::snprintf(slot.detail, sizeof slot.detail, "%s", report.detail.c_str());
    std::snprintf(slot.tier, sizeof slot.tier, "%s", report.tier.c_str());
    slot.verdict = report.verdict;
  }
}

pid_t start_worker(const Options& options, const std::vector<std::string>& names, Board& board) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child != 0) return child;
  const int code = work(options, names, board);
  std::fflush(stdout);
  _exit(code);
}

// Fails the triple during which a worker ended; false when there is none.
bool blame(pid_t worker, int status, size_t count, Board& board) {
  for (size_t i = 0; i < count; ++i) {
    Slot& slot = board.slots[i];
    if (slot.verdict != Verdict::running || slot.worker != worker) continue;
    std::snprintf(slot.detail, sizeof slot.detail, "the process ended with %s %d", WIFSIGNALED(status) ? "signal" : "code", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    slot.verdict = Verdict::failed;
    return true;
  }
  return false;
}

bool run_all(const Options& options, const std::vector<std::string>& names, Board& board) {
  for (unsigned i = 0; i < options.jobs; ++i) start_worker(options, names, board);
  int status = 0;
  bool is_skipped = false;
  for (pid_t child = wait(&status); child > 0; child = wait(&status)) {
    if (conformance::has_exited_with(status, exit_skipped)) is_skipped = true;
    else if (!conformance::has_exited_with(status, 0) && blame(child, status, names.size(), board)) start_worker(options, names, board);
  }
  return !is_skipped;
}

int summarise(const Options& options, const std::vector<std::string>& names, const Board& board) {
  std::map<std::string, int> tiers;
  int passed = 0, skipped = 0, failed = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    const Slot& slot = board.slots[i];
    const Verdict verdict = slot.verdict;
    passed += verdict == Verdict::passed;
    skipped += verdict == Verdict::skipped;
    failed += verdict != Verdict::passed && verdict != Verdict::skipped;
    if (slot.tier[0]) tiers[slot.tier]++;
    if (verdict == Verdict::passed && !options.is_verbose) continue;
    const char* word = verdict == Verdict::passed ? "passed" : verdict == Verdict::skipped ? "skipped" : "FAILED";
    if (verdict != Verdict::skipped || options.is_verbose) std::printf("%s %s%s%s: %s\n", word, names[i].c_str(), slot.tier[0] ? " in tier " : "", slot.tier, slot.detail);
  }
  std::printf("%d passed, %d skipped, %d failed;", passed, skipped, failed);
  for (const auto& [tier, count] : tiers) std::printf(" %s %d", tier.c_str(), count);
  std::printf("\n");
  if (failed == 0 && passed < options.at_least) std::printf("FAILED: at least %d must pass; --verbose says why the others were skipped\n", options.at_least);
  return failed || passed < options.at_least ? 1 : 0;
}

bool read_options(int argc, char** argv, Options& options) {
  if (argc < 3) return false;
  options.root = argv[1];
  options.device = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--verbose") {
      options.is_verbose = true;
      continue;
    }
    if (++i >= argc) return false;
    if (word == "--tier") options.tier = argv[i];
    else if (word == "--cache") options.cache = argv[i];
    else if (word == "--filter") options.filter = argv[i];
    else if (word == "--at-least") options.at_least = std::max(1, std::atoi(argv[i]));
    else if (word == "--jobs") options.jobs = static_cast<unsigned>(std::max(1, std::atoi(argv[i])));
    else return false;
  }
  return true;
}

int main_of(int argc, char** argv) {
  Options options;
  if (!read_options(argc, argv, options)) {
    std::printf("usage: %s TRIPLES DEVICE [--tier T] [--cache FOLDER] [--jobs N] [--filter TEXT] [--at-least N] [--verbose]\n", argv[0]);
    return 2;
  }
  std::vector<std::string> names;
  for (std::string& name : list_triples(options.root)) {
    if (name.find(options.filter) != std::string::npos) names.push_back(std::move(name));
  }
  Board* board = make_board(names.size());
  if (names.empty() || !board) return std::printf("no triples in %s\n", options.root.c_str()), 1;
  if (!run_all(options, names, *board)) return exit_skipped;
  return summarise(options, names, *board);
}

}  // namespace
}  // namespace msl_conformance

int main(int argc, char** argv) { return msl_conformance::main_of(argc, argv); }
