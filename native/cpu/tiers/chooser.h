// Which of a kernel's builds runs a dispatch: the one that measures fastest on it.
#pragma once
#include <functional>

#include "cpu/host_op.h"
#include "cpu/tiers/decisions.h"

namespace klab::cpu {

struct Question {
  const RunDispatch& one;
  std::span<const Binding> bindings;
  const Launch& base;     // thread by thread
  std::string base_tier;
  std::vector<std::shared_ptr<const FastBuild>> ready;  // those that can run it
  const RunStart& start;
};

class Chooser {
 public:
  // In order: a threadgroup of the kernel may wait for those before it.
  Chooser(std::function<Executor&()> executor, bool is_in_order) : executor_(std::move(executor)), is_in_order_(is_in_order) {}

  // [blocking] On the thread that executes, with nothing being executed. Measures what was not measured for a launch like
  // it. Where that cannot be (a dispatch that reads what an earlier one of its iteration writes, buffers too large to
  // copy, the deadline) a fast build is taken as it is.
  Decision choose(const Question& question);

 private:
  bool try_out(const Question& question, Decision& decision) const;

  const std::function<Executor&()> executor_;
  const bool is_in_order_;
  Decisions decisions_;
};

}  // namespace klab::cpu
