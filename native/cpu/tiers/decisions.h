// Which build runs which launch, and why.
#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "cpu/tiers/fast_build.h"
#include "cpu/tiers/launch_key.h"

namespace klab::cpu {

struct Decision {
  std::shared_ptr<const FastBuild> build;  // null: thread by thread
  std::string reason;                      // why not another one; "" when nothing was measured against it
  std::vector<std::shared_ptr<const FastBuild>> tried;

  bool has_tried(const FastBuild* one) const;
};

// What was decided for launches that are alike. Any thread.
class Decisions {
 public:
  Decision find(const LaunchKey& key) const;
  // May forget the others: a kernel that is launched in ever new sizes must not fill memory.
  void keep(LaunchKey key, Decision decision);

 private:
  mutable std::mutex mutex_;
  std::map<LaunchKey, Decision> kept_;
};

}  // namespace klab::cpu
