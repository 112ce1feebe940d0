#include "prepare.h"

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Utils/BasicBlockUtils.h>

using namespace llvm;

namespace klab_vector {
namespace {

constexpr uint64_t most_unrolled = 64;

// How a block of memory is cut: the largest piece that its length and alignment allow.
struct Pieces {
  unsigned bytes;
  uint64_t count;
};

Pieces cut(uint64_t length, Align alignment) {
  unsigned bytes = 8;
  while (length % bytes || (bytes > 4 && alignment.value() < bytes)) bytes /= 2;
  return {bytes, length / bytes};
}

Value* piece_at(IRBuilder<>& b, Value* pointer, Value* index, unsigned bytes) {
  return b.CreateGEP(b.getIntNTy(bytes * 8), pointer, index);
}

// Reads everything first: the two may overlap.
void copy_at_once(IRBuilder<>& b, MemTransferInst& copy, Pieces pieces) {
  Type* type = b.getIntNTy(pieces.bytes * 8);
  std::vector<Value*> values;
  const Align from = commonAlignment(copy.getSourceAlign().valueOrOne(), pieces.bytes), to = commonAlignment(copy.getDestAlign().valueOrOne(), pieces.bytes);
  for (uint64_t i = 0; i < pieces.count; ++i) values.push_back(b.CreateAlignedLoad(type, piece_at(b, copy.getSource(), b.getInt64(i), pieces.bytes), from));
  for (uint64_t i = 0; i < pieces.count; ++i) b.CreateAlignedStore(values[i], piece_at(b, copy.getDest(), b.getInt64(i), pieces.bytes), to);
}

Refusal lower_copy(MemTransferInst& copy) {
  const auto* length = dyn_cast<ConstantInt>(copy.getLength());
  if (!length || copy.isVolatile()) return refuse(copy, "a copy of memory whose length is not constant");
  const Pieces pieces = cut(length->getZExtValue(), std::min(copy.getSourceAlign().valueOrOne(), copy.getDestAlign().valueOrOne()));
  if (pieces.count <= most_unrolled) {
    IRBuilder<> b(&copy);
    copy_at_once(b, copy, pieces);
    return {};
  }
  if (isa<MemMoveInst>(copy)) return refuse(copy, "a large copy of memory that may overlap");
  const auto [body, index] = SplitBlockAndInsertSimpleForLoop(ConstantInt::get(Type::getInt64Ty(copy.getContext()), pieces.count), copy.getIterator());
  IRBuilder<> b(body);
  Type* type = b.getIntNTy(pieces.bytes * 8);
  Value* value = b.CreateAlignedLoad(type, piece_at(b, copy.getSource(), index, pieces.bytes), commonAlignment(copy.getSourceAlign().valueOrOne(), pieces.bytes));
  b.CreateAlignedStore(value, piece_at(b, copy.getDest(), index, pieces.bytes), commonAlignment(copy.getDestAlign().valueOrOne(), pieces.bytes));
  return {};
}

Refusal lower_fill(MemSetInst& fill) {
  const auto* length = dyn_cast<ConstantInt>(fill.getLength());
  if (!length || fill.isVolatile()) return refuse(fill, "a fill of memory whose length is not constant");
  const Pieces pieces = cut(length->getZExtValue(), fill.getDestAlign().valueOrOne());
  const Align to = commonAlignment(fill.getDestAlign().valueOrOne(), pieces.bytes);
  IRBuilder<> b(&fill);
  Type* type = b.getIntNTy(pieces.bytes * 8);
  Value* value = b.CreateMul(b.CreateZExt(fill.getValue(), type), ConstantInt::get(type, 0x0101010101010101u & (~uint64_t(0) >> (64 - pieces.bytes * 8))));
  if (pieces.count <= most_unrolled) {
    for (uint64_t i = 0; i < pieces.count; ++i) b.CreateAlignedStore(value, piece_at(b, fill.getDest(), b.getInt64(i), pieces.bytes), to);
    return {};
  }
  const auto [body, index] = SplitBlockAndInsertSimpleForLoop(b.getInt64(pieces.count), fill.getIterator());
  IRBuilder<> inside(body);
  inside.CreateAlignedStore(value, piece_at(inside, fill.getDest(), index, pieces.bytes), to);
  return {};
}

}  // namespace

Refusal prepare(Function& function) {
  std::vector<Instruction*> work;
  for (Instruction& instruction : instructions(function)) {
    const auto* intrinsic = dyn_cast<IntrinsicInst>(&instruction);
    if (intrinsic && intrinsic->getType()->isVoidTy() && (intrinsic->isAssumeLikeIntrinsic() || isa<MemIntrinsic>(intrinsic))) work.push_back(&instruction);
  }
  for (Instruction* instruction : work) {
    Refusal refusal;
    if (auto* copy = dyn_cast<MemTransferInst>(instruction)) refusal = lower_copy(*copy);
    if (auto* fill = dyn_cast<MemSetInst>(instruction)) refusal = lower_fill(*fill);
    if (refusal) return refusal;
    instruction->eraseFromParent();
  }
  return {};
}

}  // namespace klab_vector
