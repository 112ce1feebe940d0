// Rewrites a kernel's control flow for 32 lanes, block by block.
//
// Every block exists up to once for the case that all lanes run it: as in the source, with branches on scalars and
// without masks. Where a branch parts the lanes, they go through a region: masked copies of all blocks up to where the
// lanes meet again, in one line. Each block there waits for lanes in a mask of its own, is skipped while that is empty,
// and sends its lanes on to the masks of later blocks; a loop goes round while lanes wait at its head. At the end of
// the region all lanes are together, and the unmasked code goes on. A branch that all lanes take the same way needs no
// region, whatever might have been.
#pragma once
#include <map>

#include "code.h"

namespace klab_vector {

class Flow {
 public:
  // any_lanes: the last argument says which lanes there are; else all.
  Flow(Analysis& analysis, bool any_lanes);

  // Instructions that rewrite() makes a form of, each copy counted.
  unsigned size() const;
  // The function holds vector code alone afterwards.
  void rewrite();

 private:
  struct Region {
    BlockSet blocks;
    std::map<llvm::BasicBlock*, llvm::AllocaInst*> waiting;
    std::map<llvm::BasicBlock*, llvm::BasicBlock*> gates;
    bool is_needed = false, is_made = false;
  };

  void collect_regions();
  llvm::BasicBlock* new_block(const llvm::Twine& name);
  llvm::BasicBlock* full(llvm::BasicBlock* block);
  void make_full(llvm::BasicBlock* block);
  void part_lanes(Code& code, llvm::IRBuilder<>& b, llvm::BasicBlock* block);
  bool is_worth_full_copies(llvm::BasicBlock* branch) const;

  llvm::BasicBlock* enter(llvm::BasicBlock* meeting, llvm::BasicBlock* first);
  llvm::AllocaInst* waiting(Region& region, llvm::BasicBlock* block);
  void make_region(llvm::BasicBlock* meeting, Region& region);
  void make_masked(Region& region, llvm::BasicBlock* block, llvm::BasicBlock* into, llvm::BasicBlock* next);
  void send(Code& code, llvm::IRBuilder<>& b, Region& region, llvm::BasicBlock* to, llvm::Value* lanes);

  Analysis& a_;
  Slots slots_;
  bool any_lanes_;
  llvm::BasicBlock* entry_ = nullptr;
  llvm::DenseMap<llvm::BasicBlock*, llvm::BasicBlock*> full_;
  std::vector<llvm::BasicBlock*> pending_full_;
  std::map<llvm::BasicBlock*, Region> regions_;  // by meeting block
};

}  // namespace klab_vector
