#include "linear.h"

#include <algorithm>

using namespace llvm;

namespace klab_vector {
namespace {

bool is_sum(const Value* value) {
  const auto* op = dyn_cast<BinaryOperator>(value);
  if (!op) return false;
  const auto* disjoint = dyn_cast<PossiblyDisjointInst>(op);
  return op->getOpcode() == Instruction::Add || (disjoint && disjoint->isDisjoint());
}

// Returns the constant part.
int64_t take_apart(const Value* index, std::vector<const Value*>& terms) {
  constexpr size_t most_terms = 8;
  std::vector<const Value*> work = {index};
  int64_t constant = 0;
  while (!work.empty()) {
    const Value* value = work.back();
    work.pop_back();
    const auto* number = dyn_cast<ConstantInt>(value);
    if (number && number->getValue().getSignificantBits() <= 64) {
      constant += number->getSExtValue();
    } else if (isa<TruncInst>(value) && value->getType()->getIntegerBitWidth() >= 32) {
      // The sum counts modulo the index's width, whatever its terms' width is.
      work.push_back(cast<TruncInst>(value)->getOperand(0));
    } else if (is_sum(value) && terms.size() + work.size() < most_terms) {
      work.push_back(cast<BinaryOperator>(value)->getOperand(0));
      work.push_back(cast<BinaryOperator>(value)->getOperand(1));
    } else {
      terms.push_back(value);
    }
  }
  std::sort(terms.begin(), terms.end());
  return constant;
}

}  // namespace

LinearAddress linear_address(const DataLayout& layout, const Value* pointer) {
  LinearAddress out;
  APInt offset(64, 0);
  out.base = pointer->stripAndAccumulateConstantOffsets(layout, offset, true);
  out.offset = offset.getSExtValue();
  const auto* gep = dyn_cast<GetElementPtrInst>(out.base);
  if (!gep || gep->getNumIndices() != 1 || !gep->getType()->isPointerTy()) return out;
  const Value* index = gep->getOperand(1);
  const auto* widening = dyn_cast<CastInst>(index);
  if (widening && widening->getSrcTy()->isIntegerTy() && widening->getSrcTy()->getIntegerBitWidth() >= 32) {
    out.widening = widening->getOpcode();
    index = widening->getOperand(0);
  }
  if (index->getType()->getIntegerBitWidth() < 32 || index->getType()->getIntegerBitWidth() > 64) return out;
  out.base = gep->getPointerOperand();
  out.stride = int64_t(layout.getTypeAllocSize(gep->getSourceElementType()).getFixedValue());
  out.offset += take_apart(index, out.terms) * out.stride;
  return out;
}

}  // namespace klab_vector
