#include "control.h"

#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/IR/CFG.h>

#include <algorithm>

using namespace llvm;

namespace klab_vector {
namespace {

// The part of `block`'s loop nest that stands for it among the parts of `outer`: itself, or the loop directly inside.
Loop* child_loop(const LoopInfo& loops, Loop* outer, BasicBlock* block) {
  Loop* child = nullptr;
  for (Loop* loop = loops.getLoopFor(block); loop != outer && loop; loop = loop->getParentLoop()) child = loop;
  return child;
}

// Reverse postorder of all blocks, with each loop's blocks moved to its header's place: a loop is entered at its header
// only, so nothing that the moved blocks come after is passed over.
void append_part(const Control& control, Loop* outer, const std::vector<BasicBlock*>& blocks, std::vector<BasicBlock*>& out) {
  DenseSet<Loop*> done;
  for (BasicBlock* block : blocks) {
    Loop* child = child_loop(control.loops, outer, block);
    if (!child) {
      out.push_back(block);
    } else if (done.insert(child).second) {
      std::vector<BasicBlock*> inside;
      std::copy_if(blocks.begin(), blocks.end(), std::back_inserter(inside), [&](BasicBlock* b) { return child->contains(b); });
      append_part(control, child, inside, out);
    }
  }
}

}  // namespace

Control::Control(Function& function) : dominators(function), postdominators(function), loops(dominators) {
  ReversePostOrderTraversal<Function*> traversal(&function);
  append_part(*this, nullptr, std::vector<BasicBlock*>(traversal.begin(), traversal.end()), order);
  for (unsigned i = 0; i < order.size(); ++i) number[order[i]] = i;
  for (BasicBlock* block : order) {
    for (BasicBlock* next : successors(block)) {
      const Loop* loop = loops.getLoopFor(next);
      if (is_back_edge(block, next) && !(loop && loop->getHeader() == next && loop->contains(block))) is_reducible = false;
    }
  }
}

BasicBlock* Control::meeting_block(BasicBlock* branch) const {
  const auto* node = postdominators.getNode(branch);
  const auto* above = node ? node->getIDom() : nullptr;
  return above ? above->getBlock() : nullptr;
}

BlockSet Control::between(BasicBlock* branch) const {
  BasicBlock* end = meeting_block(branch);
  BlockSet seen;
  std::vector<BasicBlock*> work(succ_begin(branch), succ_end(branch));
  while (!work.empty()) {
    BasicBlock* block = work.back();
    work.pop_back();
    if (block == end || !seen.insert(block).second) continue;
    work.insert(work.end(), succ_begin(block), succ_end(block));
  }
  return seen;
}

namespace {

class Joins {
 public:
  Joins(const Control& control, BasicBlock* branch, BlockSet& joins) : control_(control), branch_(branch), joins_(joins) {}

  void run() {
    BasicBlock* end = control_.meeting_block(branch_);
    leave_loops(end);
    for (BasicBlock* next : successors(branch_)) arrive(next, next, branch_);
    for (unsigned i = control_.number.lookup(branch_) + 1; i < control_.order.size(); ++i) {
      BasicBlock* block = control_.order[i];
      const auto found = label_.find(block);
      if (found == label_.end() || block == end) continue;
      for (BasicBlock* next : successors(block)) arrive(next, found->second, block);
    }
  }

 private:
  // Loops around the branch that lanes leave in different rounds.
  void leave_loops(BasicBlock* end) {
    for (Loop* loop = control_.loops.getLoopFor(branch_); loop && !(end && loop->contains(end)); loop = loop->getParentLoop()) {
      SmallVector<BasicBlock*, 4> exits;
      loop->getExitBlocks(exits);
      for (BasicBlock* exit : exits) {
        joins_.insert(exit);
        label_[exit] = exit;
        fixed_.insert(exit);
      }
    }
  }

  void arrive(BasicBlock* block, BasicBlock* label, BasicBlock* from) {
    if (control_.is_back_edge(from, block) || fixed_.contains(block)) return;
    const auto [at, is_new] = label_.try_emplace(block, label);
    if (is_new || at->second == label) return;
    at->second = block;
    joins_.insert(block);
  }

  const Control& control_;
  BasicBlock* branch_;
  BlockSet& joins_;
  DenseMap<BasicBlock*, BasicBlock*> label_;  // the last block at which all lanes that come here were together
  DenseSet<BasicBlock*> fixed_;
};

}  // namespace

void mark_joins(const Control& control, BasicBlock* branch, BlockSet& joins) { Joins(control, branch, joins).run(); }

}  // namespace klab_vector
