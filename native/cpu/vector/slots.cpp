#include <llvm/IR/InstIterator.h>

#include "code.h"

using namespace llvm;

namespace klab_vector {
namespace {

bool is_used_elsewhere(const Instruction& instruction) {
  if (isa<PHINode>(instruction)) return true;
  for (const User* user : instruction.users()) {
    const auto* other = cast<Instruction>(user);
    if (other->getParent() != instruction.getParent() || isa<PHINode>(other)) return true;
  }
  return false;
}

}  // namespace

void Slots::allocate(IRBuilder<>& b) {
  nowhere_ = b.CreateAlloca(ArrayType::get(b.getInt8Ty(), nowhere_bytes), nullptr, "nowhere");
  nowhere_->setAlignment(Align(64));
  for (const auto& [array, how] : a_.arrays) {
    const uint64_t bytes = a_.layout.getTypeAllocSize(array->getAllocatedType()).getFixedValue() * (array->isArrayAllocation() ? cast<ConstantInt>(array->getArraySize())->getZExtValue() : 1);
    AllocaInst* memory = b.CreateAlloca(ArrayType::get(b.getInt8Ty(), how.is_shared ? bytes : bytes * lane_count), nullptr, array->getName());
    memory->setAlignment(std::max(array->getAlign(), Align(64)));
    arrays_[array] = memory;
  }
  for (Instruction& instruction : instructions(a_.function)) {
    if (isa<AllocaInst>(instruction) || instruction.getType()->isVoidTy() || !is_used_elsewhere(instruction)) continue;
    const Shape shape = a_.shape(&instruction);
    if (shape.is_constant) continue;
    if (shape.has_base()) scalars_[&instruction] = b.CreateAlloca(instruction.getType(), nullptr, instruction.getName());
    if (!shape.has_base() || shape.is_speculative) vectors_[&instruction] = b.CreateAlloca(lanes_of(instruction.getType()), nullptr, instruction.getName());
  }
}

}  // namespace klab_vector
