#include "unroll.h"

#include <llvm/Analysis/AssumptionCache.h>
#include <llvm/Analysis/OptimizationRemarkEmitter.h>
#include <llvm/Analysis/ScalarEvolution.h>
#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/Transforms/Utils/UnrollLoop.h>

#include "linear.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr unsigned rounds_at_once = 8;
constexpr unsigned largest_body = 80;  // instructions

// Lanes that go round together, in one block that writes nothing.
bool is_simple(const Analysis& a, const Loop& loop) {
  if (loop.getNumBlocks() != 1) return false;
  BasicBlock* block = loop.getHeader();
  if (block->size() > largest_body || a.is_divergent(block)) return false;
  return none_of(*block, [](const Instruction& i) {
    const auto* call = dyn_cast<CallInst>(&i);
    return i.mayWriteToMemory() || (call && (call->isConvergent() || call->cannotDuplicate()));
  });
}

bool steps_by_one(const Loop& loop, const Value* term) {
  const auto* phi = dyn_cast<PHINode>(term);
  if (!phi || phi->getParent() != loop.getHeader()) return false;
  const auto* next = dyn_cast<BinaryOperator>(phi->getIncomingValueForBlock(loop.getLoopLatch()));
  const auto* step = next && next->getOpcode() == Instruction::Add && next->getOperand(0) == phi ? dyn_cast<ConstantInt>(next->getOperand(1)) : nullptr;
  return step && step->isOne();
}

// Its next piece lies next to this one, and no other lane's does.
bool walks_along_row(const Analysis& a, const Loop& loop, const LoadInst& load) {
  if (!load.isSimple() || !a.shape(load.getPointerOperand()).is_varying() || a.own_array(load.getPointerOperand())) return false;
  const LinearAddress address = linear_address(a.layout, load.getPointerOperand());
  if (address.stride != int64_t(a.layout.getTypeStoreSize(load.getType())) || !loop.isLoopInvariant(address.base)) return false;
  unsigned moving = 0;
  for (const Value* term : address.terms) {
    if (loop.isLoopInvariant(term)) continue;
    if (!steps_by_one(loop, term)) return false;
    ++moving;
  }
  return moving == 1;
}

}  // namespace

bool unroll_row_loops(const Analysis& a, FunctionAnalysisManager& analyses) {
  auto& loops = analyses.getResult<LoopAnalysis>(a.function);
  std::vector<Loop*> chosen;
  for (Loop* loop : loops.getLoopsInPreorder()) {
    if (!is_simple(a, *loop)) continue;
    const bool has_rows = any_of(*loop->getHeader(), [&](const Instruction& i) { return isa<LoadInst>(i) && walks_along_row(a, *loop, cast<LoadInst>(i)); });
    if (has_rows) chosen.push_back(loop);
  }
  bool has_changed = false;
  for (Loop* loop : chosen) {
    UnrollLoopOptions options{};
    options.Count = rounds_at_once;
    options.Force = options.Runtime = options.AllowExpensiveTripCount = true;
    options.SCEVExpansionBudget = 16;
    OptimizationRemarkEmitter remarks(&a.function);
    const LoopUnrollResult result = UnrollLoop(loop, options, &loops, &analyses.getResult<ScalarEvolutionAnalysis>(a.function), &analyses.getResult<DominatorTreeAnalysis>(a.function),
                                               &analyses.getResult<AssumptionAnalysis>(a.function), &analyses.getResult<TargetIRAnalysis>(a.function), &remarks, true);
    has_changed |= result != LoopUnrollResult::Unmodified;
  }
  return has_changed;
}

}  // namespace klab_vector
