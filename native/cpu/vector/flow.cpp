#include "flow.h"

#include <llvm/IR/CFG.h>

using namespace llvm;

namespace klab_vector {

namespace {

// A region this small costs less than asking whether all lanes go one way.
constexpr unsigned small_region = 16;

}  // namespace

BasicBlock* Flow::new_block(const Twine& name) { return BasicBlock::Create(a_.function.getContext(), name, &a_.function); }

Flow::Flow(Analysis& analysis, bool any_lanes) : a_(analysis), slots_(analysis), any_lanes_(any_lanes) { collect_regions(); }

unsigned Flow::size() const {
  size_t total = a_.function.getInstructionCount();
  for (const auto& [meeting, region] : regions_) {
    for (const BasicBlock* block : region.blocks) total += block->size();
  }
  return unsigned(total);
}

void Flow::collect_regions() {
  for (BasicBlock* branch : a_.divergent) {
    Region& region = regions_[a_.control.meeting_block(branch)];
    for (BasicBlock* block : a_.regions[branch]) region.blocks.insert(block);
  }
  if (any_lanes_) {
    for (BasicBlock* block : a_.control.order) regions_[nullptr].blocks.insert(block);
  }
}

AllocaInst* Flow::waiting(Region& region, BasicBlock* block) {
  AllocaInst*& mask = region.waiting[block];
  if (!mask) {
    IRBuilder<> b(entry_->getTerminator());
    mask = b.CreateAlloca(b.getInt32Ty(), nullptr, "waiting");
    b.CreateStore(b.getInt32(0), mask);
  }
  return mask;
}

void Flow::rewrite() {
  std::vector<BasicBlock*> old;
  for (BasicBlock& block : a_.function) old.push_back(&block);
  entry_ = BasicBlock::Create(a_.function.getContext(), "lanes.entry", &a_.function, old.front());
  BasicBlock* start = new_block("start");
  IRBuilder<> b(entry_);
  slots_.allocate(b);
  b.CreateBr(start);
  b.SetInsertPoint(start);
  BasicBlock* first = old.front();
  if (any_lanes_) {
    Value* lanes = a_.function.getArg(a_.function.arg_size() - 1);
    b.CreateStore(lanes, waiting(regions_[nullptr], first));
    BasicBlock* whole = new_block("whole");
    b.CreateCondBr(b.CreateICmpEQ(lanes, b.getInt32(~0u)), whole, enter(nullptr, first));
    b.SetInsertPoint(whole);
    b.CreateStore(b.getInt32(0), waiting(regions_[nullptr], first));
  }
  b.CreateBr(full(first));
  for (bool has_work = true; has_work;) {
    has_work = false;
    while (!pending_full_.empty()) {
      BasicBlock* block = pending_full_.back();
      pending_full_.pop_back();
      make_full(block);
    }
    for (auto& [meeting, region] : regions_) {
      if (!region.is_needed || region.is_made) continue;
      region.is_made = has_work = true;
      make_region(meeting, region);
    }
  }
  for (BasicBlock* block : old) block->dropAllReferences();
  for (BasicBlock* block : old) block->eraseFromParent();
}

BasicBlock* Flow::full(BasicBlock* block) {
  BasicBlock*& made = full_[block];
  if (!made) {
    made = new_block(block->getName());
    pending_full_.push_back(block);
  }
  return made;
}

void Flow::make_full(BasicBlock* block) {
  IRBuilder<> b(full_[block]);
  Code code(a_, slots_, b, nullptr);
  for (Instruction& instruction : *block) {
    if (!isa<PHINode>(instruction) && !instruction.isTerminator()) code.emit(instruction);
  }
  Instruction* end = block->getTerminator();
  b.SetCurrentDebugLocation(end->getDebugLoc());
  auto* branch = dyn_cast<BranchInst>(end);
  if (!branch) {
    b.Insert(end->clone());
    return;
  }
  if (a_.is_divergent(block)) return part_lanes(code, b, block);
  if (branch->isUnconditional()) {
    code.carry(block, branch->getSuccessor(0));
    b.CreateBr(full(branch->getSuccessor(0)));
    return;
  }
  BasicBlock* edges[2] = {new_block("edge"), new_block("edge")};
  b.CreateCondBr(code.scalar(branch->getCondition()), edges[0], edges[1]);
  for (unsigned i = 0; i < 2; ++i) {
    b.SetInsertPoint(edges[i]);
    Code on_edge(a_, slots_, b, nullptr);
    on_edge.carry(block, branch->getSuccessor(i));
    b.CreateBr(full(branch->getSuccessor(i)));
  }
}

bool Flow::is_worth_full_copies(BasicBlock* branch) const {
  // Lanes that always part.
  const Shape condition = a_.shape(cast<BranchInst>(branch->getTerminator())->getCondition());
  if (condition.is_constant) return false;
  unsigned size = 0;
  for (BasicBlock* block : a_.regions.find(branch)->second) {
    const Loop* loop = a_.control.loops.getLoopFor(block);
    if (loop && loop->getHeader() == block) return true;
    size += unsigned(block->size());
  }
  return size > small_region;
}

// All lanes are here, and the branch may send them to either side or to both.
void Flow::part_lanes(Code& code, IRBuilder<>& b, BasicBlock* block) {
  auto* branch = cast<BranchInst>(block->getTerminator());
  BasicBlock* meeting = a_.control.meeting_block(block);
  Region& region = regions_[meeting];
  Value* taken = code.vector(branch->getCondition());
  Value* bits = code.bits_of(taken);
  BasicBlock* apart = new_block("apart");
  if (is_worth_full_copies(block)) {
    BasicBlock* edges[2] = {new_block("all"), new_block("none")};
    SwitchInst* choice = b.CreateSwitch(bits, apart, 2);
    choice->addCase(b.getInt32(~0u), edges[0]);
    choice->addCase(b.getInt32(0), edges[1]);
    for (unsigned i = 0; i < 2; ++i) {
      b.SetInsertPoint(edges[i]);
      Code on_edge(a_, slots_, b, nullptr);
      on_edge.carry(block, branch->getSuccessor(i));
      b.CreateBr(full(branch->getSuccessor(i)));
    }
  } else {
    b.CreateBr(apart);
  }
  b.SetInsertPoint(apart);
  Code after(a_, slots_, b, taken);
  Value* not_taken = b.CreateNot(taken);
  Code::Moves moves;
  after.read_moves(block, branch->getSuccessor(0), taken, true, moves);
  after.read_moves(block, branch->getSuccessor(1), not_taken, true, moves);
  after.write_moves(moves);
  Value* masks[2] = {bits, b.CreateNot(bits)};
  BasicBlock* first = nullptr;
  for (unsigned i = 0; i < 2; ++i) {
    BasicBlock* side = branch->getSuccessor(i);
    if (side == meeting) continue;
    b.CreateStore(masks[i], waiting(region, side));
    if (!first || a_.control.number[side] < a_.control.number[first]) first = side;
  }
  b.CreateBr(enter(meeting, first));
}

}  // namespace klab_vector
