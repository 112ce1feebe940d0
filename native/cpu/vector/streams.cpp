// Loads that walk through memory without a gap, as a dot product does: what they will read is asked for in time. A row
// is often too short for the processor to find out by itself, and a kernel may walk through several at once.
#include <llvm/Analysis/ValueTracking.h>

#include "code.h"
#include "names.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr int64_t bytes_ahead = 8192;  // four rows of 1000 halves; well inside the second cache
constexpr int64_t line_bytes = 64;

// How far an integer moves on in a round of the loop; 0 when that is not a constant.
int64_t step_of(const Loop& loop, const Value* value) {
  int64_t scale = 1;
  for (;;) {
    const auto* instruction = dyn_cast<Instruction>(value);
    if (!instruction) return 0;
    if (isa<ZExtInst>(instruction) || isa<SExtInst>(instruction)) {
      value = instruction->getOperand(0);
      continue;
    }
    const auto* phi = dyn_cast<PHINode>(instruction);
    if (!phi) {
      const auto* op = dyn_cast<BinaryOperator>(instruction);
      if (!op) return 0;
      const bool is_sum = op->getOpcode() == Instruction::Add || op->getOpcode() == Instruction::Or;
      const auto* constant = dyn_cast<ConstantInt>(op->getOperand(1));
      if (is_sum && loop.isLoopInvariant(op->getOperand(0))) value = op->getOperand(1);
      else if (is_sum && loop.isLoopInvariant(op->getOperand(1))) value = op->getOperand(0);
      else if (constant && op->getOpcode() == Instruction::Shl) value = op->getOperand(0), scale <<= std::min<uint64_t>(constant->getZExtValue(), 16);
      else return 0;
      continue;
    }
    const BasicBlock* latch = loop.getLoopLatch();
    if (phi->getParent() != loop.getHeader() || !latch) return 0;
    const auto* next = dyn_cast<BinaryOperator>(phi->getIncomingValueForBlock(latch));
    if (!next || next->getOpcode() != Instruction::Add || next->getOperand(0) != phi) return 0;
    const auto* constant = dyn_cast<ConstantInt>(next->getOperand(1));
    return constant && constant->getBitWidth() <= 64 ? constant->getSExtValue() * scale : 0;
  }
}

int64_t pointer_step(const Analysis& a, const Loop& loop, const Value* pointer) {
  int64_t bytes = 0;
  while (const auto* gep = dyn_cast<GetElementPtrInst>(pointer)) {
    if (gep->getNumIndices() != 1) return 0;
    const Value* index = gep->getOperand(1);
    if (!loop.isLoopInvariant(index)) {
      const int64_t step = step_of(loop, index);
      if (step == 0 || bytes != 0) return 0;
      bytes = step * int64_t(a.layout.getTypeAllocSize(gep->getSourceElementType()).getFixedValue());
    }
    pointer = gep->getPointerOperand();
  }
  return loop.isLoopInvariant(pointer) ? bytes : 0;
}

// Memory of the threadgroup is in the first cache.
bool is_near(const Value* pointer) {
  const auto* call = dyn_cast<CallInst>(getUnderlyingObject(pointer));
  return call && known_call(*call) == Known::threadgroup_variable;
}

}  // namespace

void Code::fetch_ahead(LoadInst& load, Value* start, uint64_t bytes) {
  const Loop* loop = a_.control.loops.getLoopFor(load.getParent());
  if (!loop || bytes < uint64_t(line_bytes) || is_near(load.getPointerOperand())) return;
  const int64_t step = pointer_step(a_, *loop, load.getPointerOperand());
  // Loops that are unrolled have several such loads in a round.
  constexpr int64_t most_loads = 8;
  if (std::abs(step) < int64_t(bytes) || std::abs(step) > int64_t(bytes) * most_loads) return;
  for (int64_t at = 0; at < int64_t(bytes); at += line_bytes) {
    Value* place = b.CreateGEP(b.getInt8Ty(), start, b.getInt64(uint64_t((step < 0 ? -bytes_ahead : bytes_ahead) + at)));
    b.CreateIntrinsic(Intrinsic::prefetch, {place->getType()}, {place, b.getInt32(0), b.getInt32(2), b.getInt32(1)});
  }
}

}  // namespace klab_vector
