// The control flow of a kernel: an order in which masked code visits its blocks, and what a branch that lanes take both
// ways means for the rest.
#pragma once
#include <llvm/ADT/DenseMap.h>
#include <llvm/ADT/DenseSet.h>
#include <llvm/Analysis/LoopInfo.h>
#include <llvm/Analysis/PostDominators.h>
#include <llvm/IR/Dominators.h>

#include <vector>

namespace klab_vector {

using BlockSet = llvm::DenseSet<llvm::BasicBlock*>;

struct Control {
  explicit Control(llvm::Function& function);

  llvm::DominatorTree dominators;
  llvm::PostDominatorTree postdominators;
  llvm::LoopInfo loops;
  // Every block after those that lead to it (but for the backs of loops), the blocks of a loop together.
  std::vector<llvm::BasicBlock*> order;
  llvm::DenseMap<llvm::BasicBlock*, unsigned> number;  // in `order`
  bool is_reducible = true;

  // Where the lanes that a branch parts come together again; null: not before they return.
  llvm::BasicBlock* meeting_block(llvm::BasicBlock* branch) const;
  // What lies between the branch and that block.
  BlockSet between(llvm::BasicBlock* branch) const;
  bool is_back_edge(llvm::BasicBlock* from, llvm::BasicBlock* to) const { return number.lookup(to) <= number.lookup(from); }
};

// Blocks at which lanes that a divergent branch has parted may arrive over different edges, or in different rounds of
// a loop: what a phi there holds differs between lanes.
void mark_joins(const Control& control, llvm::BasicBlock* branch, BlockSet& joins);

}  // namespace klab_vector
