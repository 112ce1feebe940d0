// Device memory for trying a kernel out: what it writes there, nobody sees.
#pragma once
#include <map>
#include <memory>
#include <set>

#include "cpu/exec/executor.h"

namespace klab::cpu {

// Copies of a dispatch's device buffers: also of those that the kernel says it only reads, since a cast can take const
// away.
class Copies {
 public:
  // OUT_OF_MEMORY when they would be too large to be worth it.
  Error make(const Dispatch& dispatch, std::span<const Binding> bindings);

  // As the kernel finds them. Needed before each execution: where an index depends on what was written (a counter of
  // tickets), running the same threadgroups twice over is not what the kernel was written for.
  void refresh();

  // The launch with the copies in the place of the originals, also where a kernel only reads through one of its names.
  Launch redirect(const Dispatch& dispatch, Launch launch) const;

 private:
  void fill(Buffer* original);
  unsigned char* data(Buffer* original) const;

  std::map<Buffer*, std::unique_ptr<Buffer>> buffers_;
  std::set<Buffer*> written_;
};

}  // namespace klab::cpu
