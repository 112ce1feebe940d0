// Arithmetic, and how values get from scalars to vectors.
#include <llvm/IR/GetElementPtrTypeIterator.h>
#include <llvm/IR/Operator.h>

#include "code.h"
#include "names.h"

using namespace llvm;

namespace klab_vector {
namespace {

Constant* lane_constants(Type* type, const std::array<uint64_t, lane_count>& values) {
  SmallVector<Constant*, lane_count> lanes;
  for (const uint64_t value : values) lanes.push_back(ConstantInt::get(type, APInt(type->getIntegerBitWidth(), value, false, true)));
  return ConstantVector::get(lanes);
}

}  // namespace

Value* Code::spread(Value* scalar, const Shape& shape) {
  if (shape.is_constant) {
    std::array<uint64_t, lane_count> values;
    for (unsigned i = 0; i < lane_count; ++i) values[i] = shape.lane_value(i);
    return lane_constants(scalar->getType(), values);
  }
  if (scalar->getType()->isPointerTy()) {
    if (shape.is_flat()) return b.CreateVectorSplat(lane_count, scalar);
    return b.CreateGEP(b.getInt8Ty(), b.CreateVectorSplat(lane_count, scalar), lane_constants(b.getInt64Ty(), shape.offset));
  }
  Value* all = b.CreateVectorSplat(lane_count, scalar);
  return shape.is_flat() ? all : b.CreateAdd(all, lane_constants(scalar->getType(), shape.offset));
}

Value* Code::scalar(Value* value) {
  if (isa<Constant>(value) || isa<Argument>(value)) return value;
  if (isa<AllocaInst>(value)) return slots_.array(value);
  const Shape shape = a_.shape(value);
  if (shape.is_constant) return ConstantInt::get(value->getType(), APInt(value->getType()->getIntegerBitWidth(), shape.constant, false, true));
  Emitted& known = local_[value];
  if (!known.scalar) known.scalar = b.CreateLoad(value->getType(), slots_.scalar(value));
  return known.scalar;
}

Value* Code::vector(Value* value) {
  const Shape shape = a_.shape(value);
  if (isa<UndefValue>(value)) return isa<PoisonValue>(value) ? PoisonValue::get(lanes_of(value->getType())) : UndefValue::get(lanes_of(value->getType()));
  if (Value* known = local_.lookup(value).vector) return known;
  Value* result = nullptr;
  if (shape.has_base() && !shape.is_speculative) {
    Value* base = scalar(value);
    result = spread(base, shape);
    // A constant's place is everywhere; keep what costs an instruction.
    if (isa<Constant>(value)) return result;
  } else {
    result = b.CreateLoad(lanes_of(value->getType()), slots_.vector(value));
  }
  local_[value].vector = result;
  return result;
}

void Code::define(Instruction& instruction, Emitted emitted) {
  local_[&instruction] = emitted;
  if (AllocaInst* slot = slots_.scalar(&instruction)) b.CreateStore(emitted.scalar, slot);
  if (AllocaInst* slot = slots_.vector(&instruction)) b.CreateStore(emitted.vector, slot);
}

void Code::read_moves(BasicBlock* from, BasicBlock* to, Value* lanes, bool keeps_others, Moves& moves) {
  for (PHINode& phi : to->phis()) {
    Value* incoming = phi.getIncomingValueForBlock(from);
    if (AllocaInst* slot = slots_.scalar(&phi)) moves.push_back({isa<UndefValue>(incoming) ? UndefValue::get(phi.getType()) : scalar(incoming), slot});
    AllocaInst* slot = slots_.vector(&phi);
    if (!slot) continue;
    Value* values = vector(incoming);
    if (lanes && keeps_others) values = b.CreateSelect(lanes, values, b.CreateLoad(values->getType(), slot));
    moves.push_back({values, slot});
  }
}

void Code::write_moves(const Moves& moves) {
  for (const auto& [value, slot] : moves) b.CreateStore(value, slot);
}

void Code::carry(BasicBlock* from, BasicBlock* to) {
  Moves moves;
  read_moves(from, to, nullptr, false, moves);
  write_moves(moves);
}

// The instruction itself, once, for all lanes.
bool Code::is_fully_uniform(const Instruction& instruction) const {
  if (isa<PHINode>(instruction)) return false;
  for (const Value* operand : instruction.operands()) {
    if (isa<BasicBlock>(operand) || isa<Function>(operand) || isa<MetadataAsValue>(operand)) continue;
    if (!a_.shape(operand).is_uniform() || a_.own_array(operand)) return false;
  }
  return true;
}

Value* Code::scalar_form(Instruction& instruction) {
  if (auto* gep = dyn_cast<GetElementPtrInst>(&instruction); gep && a_.own_array(gep)) return scalar_address(*gep);
  Instruction* copy = instruction.clone();
  for (Use& operand : copy->operands()) {
    Value* value = operand.get();
    if (isa<BasicBlock>(value) || isa<Function>(value) || isa<MetadataAsValue>(value)) continue;
    operand.set(scalar(value));
  }
  // The first lane may be one that would never have got here.
  if (!is_fully_uniform(instruction)) copy->dropPoisonGeneratingAnnotations();
  return b.Insert(copy);
}

Value* Code::scalar_address(GetElementPtrInst& gep) {
  Value* address = scalar(gep.getPointerOperand());
  for (auto it = gep_type_begin(gep), end = gep_type_end(gep); it != end; ++it) {
    Value* bytes = nullptr;
    if (StructType* type = it.getStructTypeOrNull()) bytes = b.getInt64(a_.layout.getStructLayout(type)->getElementOffset(unsigned(cast<ConstantInt>(it.getOperand())->getZExtValue())) * lane_count);
    else bytes = b.CreateMul(b.CreateSExtOrTrunc(scalar(it.getOperand()), b.getInt64Ty()), b.getInt64(it.getSequentialElementStride(a_.layout) * lane_count));
    address = b.CreateGEP(b.getInt8Ty(), address, bytes);
  }
  return address;
}

Value* Code::vector_address(GetElementPtrInst& gep) {
  const unsigned scale = a_.own_array(&gep) ? lane_count : 1;
  Value* address = vector(gep.getPointerOperand());
  for (auto it = gep_type_begin(gep), end = gep_type_end(gep); it != end; ++it) {
    Value* bytes = nullptr;
    if (StructType* type = it.getStructTypeOrNull()) {
      bytes = b.getInt64(a_.layout.getStructLayout(type)->getElementOffset(unsigned(cast<ConstantInt>(it.getOperand())->getZExtValue())) * scale);
    } else {
      Value* index = b.CreateSExtOrTrunc(vector(it.getOperand()), lanes_of(b.getInt64Ty()));
      bytes = b.CreateMul(index, b.CreateVectorSplat(lane_count, b.getInt64(it.getSequentialElementStride(a_.layout) * scale)));
    }
    address = b.CreateGEP(b.getInt8Ty(), address, bytes);
  }
  return address;
}

Value* Code::vector_operation(BinaryOperator& op) {
  Value *x = vector(op.getOperand(0)), *y = vector(op.getOperand(1));
  // Lanes that do not run must not divide by what they happen to hold.
  if (op.isIntDivRem() && mask_) y = b.CreateSelect(mask_, y, ConstantInt::get(y->getType(), 1));
  // A scalar shift counts modulo the width, a vector shift does not. Metal says nothing; lanes do as threads do.
  if (op.isShift() && !isa<Constant>(y)) y = b.CreateAnd(y, ConstantInt::get(y->getType(), op.getType()->getIntegerBitWidth() - 1));
  return b.CreateBinOp(op.getOpcode(), x, y);
}

Value* Code::vector_form(Instruction& instruction) {
  Value* result = nullptr;
  if (auto* op = dyn_cast<BinaryOperator>(&instruction)) {
    result = vector_operation(*op);
  } else if (auto* op = dyn_cast<UnaryOperator>(&instruction)) {
    result = b.CreateUnOp(op->getOpcode(), vector(op->getOperand(0)));
  } else if (auto* compare = dyn_cast<CmpInst>(&instruction)) {
    result = b.CreateCmp(compare->getPredicate(), vector(compare->getOperand(0)), vector(compare->getOperand(1)));
  } else if (auto* conversion = dyn_cast<CastInst>(&instruction)) {
    result = b.CreateCast(conversion->getOpcode(), vector(conversion->getOperand(0)), lanes_of(conversion->getType()));
  } else if (auto* select = dyn_cast<SelectInst>(&instruction)) {
    Value* condition = a_.shape(select->getCondition()).is_uniform() ? scalar(select->getCondition()) : vector(select->getCondition());
    result = b.CreateSelect(condition, vector(select->getTrueValue()), vector(select->getFalseValue()));
  } else if (auto* gep = dyn_cast<GetElementPtrInst>(&instruction)) {
    return vector_address(*gep);
  } else if (isa<FreezeInst>(instruction)) {
    result = b.CreateFreeze(vector(instruction.getOperand(0)));
  } else {
    result = vector_call(cast<CallInst>(instruction));
  }
  if (auto* made = dyn_cast<Instruction>(result); made && made->getOpcode() == instruction.getOpcode() && !isa<CallInst>(made)) {
    if (made->getType() == lanes_of(instruction.getType())) made->copyIRFlags(&instruction);
  }
  return result;
}

void Code::emit(Instruction& instruction) {
  b.SetCurrentDebugLocation(instruction.getDebugLoc());
  if (isa<AllocaInst>(instruction)) return;
  auto* call = dyn_cast<CallInst>(&instruction);
  if (call && known_call(*call) != Known::none && emit_known(*call)) return;
  if (auto* load = dyn_cast<LoadInst>(&instruction)) return emit_load(*load);
  if (auto* store = dyn_cast<StoreInst>(&instruction)) return emit_store(*store);
  if (isa<AtomicRMWInst>(instruction) || isa<AtomicCmpXchgInst>(instruction)) return emit_atomic(instruction);
  const Shape shape = a_.shape(&instruction);
  if (auto* pick = dyn_cast<ExtractValueInst>(&instruction); pick && pairs_.contains(pick->getAggregateOperand())) {
    const auto [first, second] = pairs_[pick->getAggregateOperand()];
    return define(instruction, {nullptr, pick->getIndices()[0] == 0 ? first : second});
  }
  if (instruction.getType()->isVoidTy()) {
    scalar_form(instruction);
  } else if (shape.is_constant) {
    return;
  } else if (instruction.getType()->isStructTy() && !shape.is_uniform()) {
    emit_overflow(*call);
  } else {
    Emitted emitted;
    if (shape.has_base()) emitted.scalar = scalar_form(instruction);
    if (!shape.has_base() || shape.is_speculative) emitted.vector = vector_form(instruction);
    define(instruction, emitted);
  }
}

}  // namespace klab_vector
