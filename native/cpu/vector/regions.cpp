// Masked code: flow.h tells how it runs.
#include <llvm/IR/CFG.h>

#include "flow.h"

using namespace llvm;

namespace klab_vector {

// Lanes that enter in the middle of a loop come in at its head, and pass over what does not wait for them.
BasicBlock* Flow::enter(BasicBlock* meeting, BasicBlock* first) {
  Region& region = regions_[meeting];
  region.is_needed = true;
  for (Loop* loop = a_.control.loops.getLoopFor(first); loop; loop = loop->getParentLoop()) {
    if (region.blocks.contains(loop->getHeader())) first = loop->getHeader();
  }
  BasicBlock*& gate = region.gates[first];
  if (!gate) gate = new_block("gate");
  return gate;
}

void Flow::make_region(BasicBlock* meeting, Region& region) {
  std::vector<BasicBlock*> line;
  for (BasicBlock* block : a_.control.order) {
    if (region.blocks.contains(block)) line.push_back(block);
  }
  for (BasicBlock* block : line) {
    BasicBlock*& gate = region.gates[block];
    if (!gate) gate = new_block("gate");
  }
  BasicBlock* exit = nullptr;
  IRBuilder<> b(a_.function.getContext());
  if (meeting) {
    exit = full(meeting);
  } else {
    exit = new_block("done");
    b.SetInsertPoint(exit);
    b.CreateRetVoid();
  }
  for (size_t i = 0; i < line.size(); ++i) {
    BasicBlock *block = line[i], *next = i + 1 < line.size() ? region.gates[line[i + 1]] : exit;
    // Behind the last block of a loop, its head may have lanes waiting; of nested loops that end here, the inner first.
    std::vector<Loop*> ending;
    for (Loop* loop = a_.control.loops.getLoopFor(block); loop; loop = loop->getParentLoop()) {
      if (region.blocks.contains(loop->getHeader()) && !(i + 1 < line.size() && loop->contains(line[i + 1]))) ending.push_back(loop);
    }
    for (auto loop = ending.rbegin(); loop != ending.rend(); ++loop) {
      BasicBlock* again = new_block("again");
      b.SetInsertPoint(again);
      Value* lanes = b.CreateLoad(b.getInt32Ty(), waiting(region, (*loop)->getHeader()));
      b.CreateCondBr(b.CreateICmpNE(lanes, b.getInt32(0)), region.gates[(*loop)->getHeader()], next);
      next = again;
    }
    BasicBlock* into = new_block(block->getName() + ".masked");
    b.SetInsertPoint(region.gates[block]);
    Value* lanes = b.CreateLoad(b.getInt32Ty(), waiting(region, block));
    b.CreateCondBr(b.CreateICmpNE(lanes, b.getInt32(0)), into, next);
    make_masked(region, block, into, next);
  }
}

// `lanes` (a mask) will wait for that block.
void Flow::send(Code& code, IRBuilder<>& b, Region& region, BasicBlock* to, Value* lanes) {
  if (!region.blocks.contains(to)) return;
  AllocaInst* mask = waiting(region, to);
  b.CreateStore(b.CreateOr(b.CreateLoad(b.getInt32Ty(), mask), code.bits_of(lanes)), mask);
}

void Flow::make_masked(Region& region, BasicBlock* block, BasicBlock* into, BasicBlock* next) {
  IRBuilder<> b(into);
  AllocaInst* waits = waiting(region, block);
  Value* mask = b.CreateBitCast(b.CreateLoad(b.getInt32Ty(), waits), lanes_of(b.getInt1Ty()));
  b.CreateStore(b.getInt32(0), waits);
  Code code(a_, slots_, b, mask);
  for (Instruction& instruction : *block) {
    if (!isa<PHINode>(instruction) && !instruction.isTerminator()) code.emit(instruction);
  }
  Instruction* end = block->getTerminator();
  b.SetCurrentDebugLocation(end->getDebugLoc());
  auto* branch = dyn_cast<BranchInst>(end);
  const auto read = [&](Code& from, BasicBlock* to, Value* lanes, Code::Moves& moves) { from.read_moves(block, to, lanes, a_.joins.contains(to), moves); };
  Code::Moves moves;
  if (branch && branch->isUnconditional()) {
    read(code, branch->getSuccessor(0), mask, moves);
    code.write_moves(moves);
    send(code, b, region, branch->getSuccessor(0), mask);
  } else if (branch && a_.is_divergent(block)) {
    Value* condition = code.vector(branch->getCondition());
    Value* none = Constant::getNullValue(mask->getType());
    Value* sides[2] = {b.CreateSelect(mask, condition, none), b.CreateSelect(mask, b.CreateNot(condition), none)};
    for (unsigned i = 0; i < 2; ++i) read(code, branch->getSuccessor(i), sides[i], moves);
    code.write_moves(moves);
    for (unsigned i = 0; i < 2; ++i) send(code, b, region, branch->getSuccessor(i), sides[i]);
  } else if (branch) {
    BasicBlock* edges[2] = {new_block("edge"), new_block("edge")};
    b.CreateCondBr(code.scalar(branch->getCondition()), edges[0], edges[1]);
    for (unsigned i = 0; i < 2; ++i) {
      b.SetInsertPoint(edges[i]);
      Code on_edge(a_, slots_, b, mask);
      Code::Moves on_this;
      read(on_edge, branch->getSuccessor(i), mask, on_this);
      on_edge.write_moves(on_this);
      send(on_edge, b, region, branch->getSuccessor(i), mask);
      b.CreateBr(next);
    }
    return;
  }
  b.CreateBr(next);
}

}  // namespace klab_vector
