// The analyser on kernels with one seeded fault each (tests/seeded-faults): it must find that at its line and nothing
// else, and nothing at all in the correct kernel beside it. Arguments: names of files to run; none: all of them.
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "analyse_fixture.h"
#include "seeded_faults.h"

using namespace seeded_faults;

namespace {

int judge(const Fault& fault, const char* entry) {
  const analyse_test::Result result = analyse_test::analyse(case_of(fault, entry));
  const std::string name = fault.name + "." + entry;
  if (result.status != KLAB_OK) return std::printf("FAIL %s: status %d: %s\n", name.c_str(), result.status, result.error.c_str()), 1;
  const std::vector<Finding> findings = read_findings(result.json);
  const std::vector<Expectation> expected = std::strcmp(entry, "fault") == 0 ? fault.expected : std::vector<Expectation>{};
  int failed = 0;
  for (const Expectation& e : expected) {
    if (std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return fits(f, e); })) continue;
    failed = 1;
    std::printf("FAIL %s: line %u: %s was not found\n", name.c_str(), e.line, e.kind.c_str());
  }
  for (const Finding& f : findings) {
    if (std::any_of(expected.begin(), expected.end(), [&](const Expectation& e) { return fits(f, e); })) continue;
    failed = 1;
    std::printf("FAIL %s: line %u: unexpected: %s\n", name.c_str(), f.line, f.text.c_str());
  }
  return failed;
}

}  // namespace

int main(int argc, char** argv) {
  int files = 0, failed = 0;
  std::vector<std::filesystem::path> paths;
  for (const auto& file : std::filesystem::directory_iterator(KLAB_SEEDED_FAULTS)) {
    if (file.path().extension() == ".metal") paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    const std::string name = path.stem();
    if (argc > 1 && std::none_of(argv + 1, argv + argc, [&](const char* wanted) { return name == wanted; })) continue;
    Fault fault;
    if (const std::string problem = read_fault(path, fault); !problem.empty()) {
      std::printf("FAIL %s: %s\n", name.c_str(), problem.c_str());
      failed++;
      continue;
    }
    files++;
    failed += judge(fault, "fault") + judge(fault, "clean");
  }
  std::printf("%d kernels with a fault, each with a correct twin; %d failures\n", files, failed);
  const int least = argc > 1 ? argc - 1 : 40;
  if (files < least) std::printf("FAIL only %d kernels in %s\n", files, KLAB_SEEDED_FAULTS);
  return failed > 0 || files < least;
}
