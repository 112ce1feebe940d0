// Random kernels through the whole cpu device: every tier must agree with fiber bit for bit, the analyser must report
// nothing, and broken copies must be answered with diagnostics. See --help. A crash or a hang is the seed's, not ours.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "grammar/mutate.h"
#include "grammar/reduce.h"
#include "grammar/tiers.h"

using namespace klab_fuzz;

namespace {

struct Options {
  uint64_t seed = 1, count = 20;
  uint32_t seconds = 0, mutants = 1;
  std::vector<std::string> tiers = all_tiers;
  std::string save;  // folder for failing sources
  bool is_print = false, is_reduce = false;
};

constexpr const char* usage =
    "fuzz_kernels [--seed N] [--count N] [--seconds N] [--tiers fiber,vector,...] [--mutants N] [--save FOLDER] [--print] [--reduce]\n"
    "  --seed, --count  the seeds to run; --seconds: go on from --seed until then\n"
    "  --mutants        broken copies to read of each kernel\n"
    "  --save           writes the source of each failure there\n"
    "  --print          prints the kernel of --seed;  --reduce: makes it small while it fails the same way\n";

// Shared with the processes that do the work.
struct Progress {
  uint64_t seed, done, mutants, failures, heartbeat;
  uint64_t ran[8], refused[8];
};

bool parse(int argc, char** argv, Options& o) {
  for (int i = 1; i < argc; i++) {
    const std::string key = argv[i];
    if (key == "--print") { o.is_print = true; continue; }
    if (key == "--reduce") { o.is_reduce = true; continue; }
    if (i + 1 >= argc) return false;
    const std::string value = argv[++i];
    if (key == "--seed") o.seed = std::stoull(value);
    else if (key == "--count") o.count = std::stoull(value);
    else if (key == "--seconds") o.seconds = uint32_t(std::stoul(value));
    else if (key == "--mutants") o.mutants = uint32_t(std::stoul(value));
    else if (key == "--save") o.save = value;
    else if (key == "--tiers") {
      o.tiers.clear();
      std::istringstream in(value);
      for (std::string tier; std::getline(in, tier, ',');) o.tiers.push_back(tier);
    } else return false;
  }
  return true;
}

void report(const Options& options, const std::string& name, const std::string& what, const std::string& source) {
  std::printf("%s: %s\n", name.c_str(), what.c_str());
  std::fflush(stdout);
  if (!options.save.empty()) std::ofstream(options.save + "/" + name + ".metal", std::ios::binary) << source;
}

// "" when the tier agrees with `expected`.
std::string judge(Tiers& tiers, const GeneratedKernel& kernel, const std::string& tier, const Outcome& expected, Outcome& outcome) {
  outcome = tiers.run(kernel, tier);
  if (outcome.kind == Outcome::Kind::failed) return outcome.message;
  return outcome.kind == Outcome::Kind::ran ? Tiers::difference(kernel, expected, outcome) : "";
}

// Returns the failures.
uint32_t run_seed(Tiers& tiers, const Options& options, uint64_t seed, Progress& progress) {
  const GeneratedKernel kernel = generate_kernel(seed);
  const std::string name = "seed_" + std::to_string(seed);
  const Outcome expected = tiers.run(kernel, "fiber");
  if (expected.kind != Outcome::Kind::ran) return report(options, name + "_fiber", expected.message, kernel.source), 1;
  uint32_t failures = 0;
  for (size_t i = 0; i < options.tiers.size() && i < 8; i++) {
    if (!tiers.has(options.tiers[i])) continue;
    Outcome outcome;
    const std::string wrong = judge(tiers, kernel, options.tiers[i], expected, outcome);
    progress.ran[i] += outcome.kind == Outcome::Kind::ran;
    progress.refused[i] += outcome.kind == Outcome::Kind::refused;
    if (!wrong.empty()) failures++, report(options, name + "_" + options.tiers[i], wrong, kernel.source);
  }
  Random random(seed ^ 0x6d757461);
  for (uint32_t k = 0; k < options.mutants; k++) {
    const std::string source = mutate(kernel.source, random);
    // A copy that kills the process must be found again.
    if (!options.save.empty()) std::ofstream(options.save + "/last_mutant.metal", std::ios::binary) << source;
    const std::string wrong = tiers.read_any(source);
    progress.mutants++;
    if (!wrong.empty()) failures++, report(options, name + "_mutant_" + std::to_string(k), wrong, source);
  }
  return failures;
}

void work(const Options& options, uint64_t first, uint64_t count, Progress& progress) {
  Tiers tiers;
  for (uint64_t seed = first; seed < first + count; seed++) {
    progress.seed = seed;
    progress.failures += run_seed(tiers, options, seed, progress);
    progress.done++;
    progress.heartbeat++;
  }
}

// Waits for a worker; false when it died or stood still.
bool supervise(pid_t child, const Progress& progress) {
  constexpr int patience_s = 180;
  uint64_t seen = progress.heartbeat;
  for (int quiet = 0; quiet < patience_s * 20; quiet++) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
      std::printf("seed_%lu: the process died: %s %d\n", static_cast<unsigned long>(progress.seed), WIFSIGNALED(status) ? "signal" : "exit", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
      return false;
    }
    if (progress.heartbeat != seen) seen = progress.heartbeat, quiet = 0;
    usleep(50000);
  }
  std::printf("seed_%lu: nothing happened for %d s\n", static_cast<unsigned long>(progress.seed), patience_s);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return false;
}

int fuzz(const Options& options) {
  constexpr uint64_t batch = 25;  // a kernel's library stays loaded until its process ends
  void* memory = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 2;
  Progress& progress = *new (memory) Progress{};
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  uint64_t next = options.seed;
  const auto is_over = [&] { return options.seconds ? seconds() >= options.seconds : next >= options.seed + options.count; };
  while (!is_over()) {
    const uint64_t count = options.seconds ? batch : std::min(batch, options.seed + options.count - next);
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
      work(options, next, count, progress);
      std::fflush(stdout);
      _exit(0);
    }
    if (supervise(child, progress)) {
      next += count;
    } else {
      progress.failures++;
      next = progress.seed + 1;
    }
  }
  std::printf("%lu kernels, %lu broken copies, %.0f s, %lu failures;", static_cast<unsigned long>(progress.done), static_cast<unsigned long>(progress.mutants), seconds(), static_cast<unsigned long>(progress.failures));
  for (size_t i = 0; i < options.tiers.size() && i < 8; i++) {
    std::printf(" %s %lu", options.tiers[i].c_str(), static_cast<unsigned long>(progress.ran[i]));
    if (progress.refused[i]) std::printf(" (%lu refused)", static_cast<unsigned long>(progress.refused[i]));
  }
  std::printf("\n");
  return progress.failures ? 1 : 0;
}

// The part of a message that says what kind of failure it is.
std::string kind_of(const std::string& wrong) { return wrong.find(" words differ") != std::string::npos ? "differ" : wrong.substr(0, 24); }

int reduce(const Options& options) {
  const std::string& tier = options.tiers.front();
  const auto wrong_of = [&](const GeneratedKernel& kernel) {
    Tiers tiers;
    const Outcome expected = tiers.run(kernel, "fiber");
    Outcome outcome;
    if (expected.kind != Outcome::Kind::ran) return tier == "fiber" ? expected.message : std::string();
    return judge(tiers, kernel, tier, expected, outcome);
  };
  GeneratedKernel kernel = generate_kernel(options.seed);
  const std::string wrong = wrong_of(kernel);
  if (wrong.empty()) return std::printf("seed %lu does not fail in tier %s\n", static_cast<unsigned long>(options.seed), tier.c_str()), 1;
  kernel.source = reduce_source(kernel.source, [&](const std::string& source) {
    GeneratedKernel smaller = kernel;
    smaller.source = source;
    return kind_of(wrong_of(smaller)) == kind_of(wrong);
  });
  const KernelShape& shape = kernel.shape;
  std::printf("%s// %s: %s\n// grid %u %u %u %s, threadgroups of %u %u %u\n", kernel.source.c_str(), tier.c_str(), wrong_of(kernel).c_str(), shape.grid[0], shape.grid[1], shape.grid[2],
              shape.grid_is_threads ? "threads" : "threadgroups", shape.threads[0], shape.threads[1], shape.threads[2]);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse(argc, argv, options) || options.tiers.empty()) return std::fputs(usage, stderr), 2;
  if (options.is_print) return std::fputs(generate_kernel(options.seed).source.c_str(), stdout), 0;
  return options.is_reduce ? reduce(options) : fuzz(options);
}
