// Runs one generated kernel in each tier of the cpu device, through klab.h.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel.h"
#include "tests/conformance.h"

namespace klab_fuzz {

inline const std::vector<std::string> all_tiers = {"fiber", "loop", "leader", "vector", "analyse"};

struct Outcome {
  enum class Kind { ran, refused, failed };  // refused: the tier does not take this kernel, and says why
  Kind kind = Kind::failed;
  std::string message;
  std::vector<uint32_t> words;  // what the kernel left in its four writable buffers
};

class Tiers {
 public:
  // False when this build of the lab has no such tier.
  bool has(const std::string& tier);
  Outcome run(const GeneratedKernel& kernel, const std::string& tier);
  // Where two outcomes differ, in words; "" when they are the same.
  static std::string difference(const GeneratedKernel& kernel, const Outcome& expected, const Outcome& actual);
  // Reads any source. Returns what is wrong with the answer: a defect of the lab, or a message without a place; "" when
  // the answer is a good one. A module without errors is built too, and not run.
  std::string read_any(const std::string& source);

 private:
  klab_device* device(const std::string& tier);
  Outcome run_op(klab_device* device, klab_op* op, const GeneratedKernel& kernel, bool is_analysis);

  std::map<std::string, std::unique_ptr<conformance::Device>> devices_;
};

}  // namespace klab_fuzz
