// Small vectors (a float4 in registers, a pair as the calling convention passes it) become scalars: a lane's vector has
// no vector form, its elements have. Large ones stay: they are the lanes' common work.
#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Utils/Local.h>

#include "prepare.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr unsigned most_elements = 4;  // what MSL has; matrices and reductions work on more

FixedVectorType* small_vector(Type* type) {
  auto* vector = dyn_cast<FixedVectorType>(type);
  return vector && vector->getNumElements() <= most_elements ? vector : nullptr;
}

using Parts = SmallVector<Value*, 4>;

class Scalariser {
 public:
  explicit Scalariser(Function& function) : function_(function), layout_(function.getDataLayout()) {}

  void run() {
    ReversePostOrderTraversal<Function*> order(&function_);
    std::vector<Instruction*> work;
    for (BasicBlock* block : order) {
      for (Instruction& instruction : *block) work.push_back(&instruction);
    }
    for (Instruction* instruction : work) visit(*instruction);
    for (const auto& [phi, parts] : phis_) {
      for (unsigned i = 0; i < phi->getNumIncomingValues(); ++i) {
        IRBuilder<> b(phi->getIncomingBlock(i)->getTerminator());
        const Parts incoming = parts_of(b, phi->getIncomingValue(i));
        for (size_t k = 0; k < parts.size(); ++k) cast<PHINode>(parts[k])->addIncoming(incoming[k], phi->getIncomingBlock(i));
      }
    }
    rebuild();
    for (Instruction* instruction : reverse(dead_)) {
      instruction->replaceAllUsesWith(PoisonValue::get(instruction->getType()));
      instruction->eraseFromParent();
    }
  }

 private:
  Parts parts_of(IRBuilder<>& b, Value* value) {
    const auto found = parts_.find(value);
    if (found != parts_.end()) return found->second;
    Parts out;
    for (unsigned i = 0; i < cast<FixedVectorType>(value->getType())->getNumElements(); ++i) out.push_back(b.CreateExtractElement(value, i));
    return out;
  }

  void become(Instruction& instruction, Parts parts) {
    parts_[&instruction] = std::move(parts);
    dead_.push_back(&instruction);
  }

  void visit(Instruction& instruction) {
    IRBuilder<> b(&instruction);
    FixedVectorType* type = small_vector(instruction.getType());
    if (auto* load = dyn_cast<LoadInst>(&instruction); load && type && load->isSimple()) return become(instruction, load_parts(b, *load, type));
    if (auto* store = dyn_cast<StoreInst>(&instruction); store && store->isSimple()) return store_parts(b, *store);
    if (auto* pick = dyn_cast<ExtractElementInst>(&instruction)) return pick_part(b, *pick);
    if (auto* conversion = dyn_cast<BitCastInst>(&instruction)) return convert(b, *conversion);
    if (!type) return;
    if (auto* insert = dyn_cast<InsertElementInst>(&instruction)) {
      const auto* index = dyn_cast<ConstantInt>(insert->getOperand(2));
      if (!index || index->getValue().uge(type->getNumElements())) return;
      Parts parts = parts_of(b, insert->getOperand(0));
      parts[index->getZExtValue()] = insert->getOperand(1);
      return become(instruction, parts);
    }
    if (auto* shuffle = dyn_cast<ShuffleVectorInst>(&instruction)) return rearrange(b, *shuffle);
    if (auto* phi = dyn_cast<PHINode>(&instruction)) {
      Parts parts;
      for (unsigned i = 0; i < type->getNumElements(); ++i) parts.push_back(b.CreatePHI(type->getElementType(), phi->getNumIncomingValues()));
      phis_.push_back({phi, parts});
      return become(instruction, parts);
    }
    each_part(b, instruction, type);
  }

  Parts load_parts(IRBuilder<>& b, LoadInst& load, FixedVectorType* type) {
    Parts parts;
    const uint64_t bytes = layout_.getTypeAllocSize(type->getElementType());
    for (unsigned i = 0; i < type->getNumElements(); ++i) {
      Value* pointer = b.CreateConstGEP1_64(b.getInt8Ty(), load.getPointerOperand(), i * bytes);
      parts.push_back(b.CreateAlignedLoad(type->getElementType(), pointer, commonAlignment(load.getAlign(), i * bytes)));
    }
    return parts;
  }

  void store_parts(IRBuilder<>& b, StoreInst& store) {
    FixedVectorType* type = small_vector(store.getValueOperand()->getType());
    if (!type) return;
    const Parts parts = parts_of(b, store.getValueOperand());
    const uint64_t bytes = layout_.getTypeAllocSize(type->getElementType());
    for (unsigned i = 0; i < parts.size(); ++i) {
      b.CreateAlignedStore(parts[i], b.CreateConstGEP1_64(b.getInt8Ty(), store.getPointerOperand(), i * bytes), commonAlignment(store.getAlign(), i * bytes));
    }
    dead_.push_back(&store);
  }

  // An element that only the kernel knows is chosen among all.
  void pick_part(IRBuilder<>& b, ExtractElementInst& pick) {
    if (!small_vector(pick.getVectorOperandType())) return;
    const Parts parts = parts_of(b, pick.getVectorOperand());
    Value* result = parts[0];
    const auto* index = dyn_cast<ConstantInt>(pick.getIndexOperand());
    if (index) {
      result = index->getValue().ult(parts.size()) ? parts[index->getZExtValue()] : PoisonValue::get(pick.getType());
    } else {
      for (unsigned i = 1; i < parts.size(); ++i) result = b.CreateSelect(b.CreateICmpEQ(pick.getIndexOperand(), ConstantInt::get(pick.getIndexOperand()->getType(), i)), parts[i], result);
    }
    pick.replaceAllUsesWith(result);
    dead_.push_back(&pick);
  }

  void rearrange(IRBuilder<>& b, ShuffleVectorInst& shuffle) {
    auto* from = small_vector(shuffle.getOperand(0)->getType());
    if (!from) return;
    Parts all = parts_of(b, shuffle.getOperand(0));
    all.append(parts_of(b, shuffle.getOperand(1)));
    Parts parts;
    for (const int i : shuffle.getShuffleMask()) parts.push_back(i < 0 ? PoisonValue::get(from->getElementType()) : all[size_t(i)]);
    become(shuffle, parts);
  }

  // Elements of one size taken apart or put together to those of another.
  void convert(IRBuilder<>& b, BitCastInst& conversion) {
    FixedVectorType *from = small_vector(conversion.getSrcTy()), *to = small_vector(conversion.getDestTy());
    if (!from && !to) return;
    const Parts parts = from ? parts_of(b, conversion.getOperand(0)) : Parts{conversion.getOperand(0)};
    Type* element = to ? to->getElementType() : conversion.getDestTy();
    const unsigned before = unsigned(layout_.getTypeSizeInBits(parts[0]->getType())), after = unsigned(layout_.getTypeSizeInBits(element));
    Parts out;
    if (before >= after) {
      if (before % after) return;
      for (Value* part : parts) {
        Value* bits = b.CreateBitCast(part, b.getIntNTy(before));
        for (unsigned at = 0; at < before; at += after) out.push_back(b.CreateBitCast(b.CreateTrunc(b.CreateLShr(bits, at), b.getIntNTy(after)), element));
      }
    } else {
      if (after % before || parts.size() % (after / before)) return;
      for (size_t first = 0; first < parts.size(); first += after / before) {
        Value* bits = ConstantInt::get(b.getIntNTy(after), 0);
        for (unsigned i = 0; i < after / before; ++i) bits = b.CreateOr(bits, b.CreateShl(b.CreateZExt(b.CreateBitCast(parts[first + i], b.getIntNTy(before)), bits->getType()), i * before));
        out.push_back(b.CreateBitCast(bits, element));
      }
    }
    if (to) return become(conversion, out);
    conversion.replaceAllUsesWith(out[0]);
    dead_.push_back(&conversion);
  }

  // Element by element: arithmetic, comparisons, casts, choices, and intrinsics that are so.
  void each_part(IRBuilder<>& b, Instruction& instruction, FixedVectorType* type) {
    const auto* call = dyn_cast<IntrinsicInst>(&instruction);
    const bool is_elementwise = instruction.isBinaryOp() || instruction.isUnaryOp() || isa<CastInst>(instruction) || isa<CmpInst>(instruction) || isa<SelectInst>(instruction) || isa<FreezeInst>(instruction);
    if (!is_elementwise && !(call && isTriviallyVectorizable(call->getIntrinsicID()))) return;
    const unsigned operand_count = call ? call->arg_size() : instruction.getNumOperands();
    std::vector<Parts> operands;
    for (unsigned i = 0; i < operand_count; ++i) {
      Value* operand = instruction.getOperand(i);
      operands.push_back(operand->getType()->isVectorTy() ? parts_of(b, operand) : Parts(type->getNumElements(), operand));
    }
    Parts parts;
    for (unsigned i = 0; i < type->getNumElements(); ++i) {
      if (call) {
        SmallVector<Value*, 3> arguments;
        for (const Parts& operand : operands) arguments.push_back(operand[i]);
        parts.push_back(b.CreateIntrinsic(type->getElementType(), call->getIntrinsicID(), arguments));
        if (isa<FPMathOperator>(parts.back())) cast<Instruction>(parts.back())->copyFastMathFlags(&instruction);
        continue;
      }
      Instruction* part = instruction.clone();
      part->mutateType(type->getElementType());
      for (unsigned k = 0; k < operand_count; ++k) part->setOperand(k, operands[k][i]);
      parts.push_back(b.Insert(part));
    }
    become(instruction, parts);
  }

  // Whole again where something else still wants it.
  void rebuild() {
    const SmallPtrSet<const Instruction*, 32> going(dead_.begin(), dead_.end());
    for (Instruction* instruction : dead_) {
      const auto found = parts_.find(instruction);
      if (found == parts_.end()) continue;
      const bool is_wanted = any_of(instruction->users(), [&](const User* user) { return !going.contains(cast<Instruction>(user)); });
      if (!is_wanted) continue;
      IRBuilder<> b(instruction->getParent(), isa<PHINode>(instruction) ? instruction->getParent()->getFirstInsertionPt() : instruction->getIterator());
      Value* whole = PoisonValue::get(instruction->getType());
      for (unsigned i = 0; i < found->second.size(); ++i) whole = b.CreateInsertElement(whole, found->second[i], i);
      instruction->replaceUsesWithIf(whole, [&](const Use& use) { return !going.contains(cast<Instruction>(use.getUser())) && use.getUser() != whole; });
    }
  }

  Function& function_;
  const DataLayout& layout_;
  DenseMap<Value*, Parts> parts_;
  std::vector<std::pair<PHINode*, Parts>> phis_;
  std::vector<Instruction*> dead_;
};

}  // namespace

void scalarise(Function& function) { Scalariser(function).run(); }

}  // namespace klab_vector
