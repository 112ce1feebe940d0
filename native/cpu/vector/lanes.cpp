// What lanes learn of each other, and what each does for itself.
#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/IntrinsicsX86.h>
#include <llvm/IR/Module.h>
#include <llvm/TargetParser/Triple.h>

#include "calls.h"
#include "code.h"
#include "names.h"

using namespace llvm;

namespace klab_vector {

bool Code::emit_known(CallInst& call) {
  Value* bits = mask_ ? bits_of(mask_) : b.getInt32(~0u);
  switch (known_call(call)) {
    case Known::lane: return true;
    case Known::active: return define(call, {bits, nullptr}), true;
    case Known::ballot: {
      Value* votes = vector(call.getArgOperand(0));
      if (mask_) votes = b.CreateSelect(mask_, votes, Constant::getNullValue(votes->getType()));
      return define(call, {bits_of(votes), nullptr}), true;
    }
    case Known::first: {
      Value* argument = call.getArgOperand(0);
      if (a_.shape(argument).is_uniform()) return define(call, {scalar(argument), nullptr}), true;
      Value* first = mask_ ? b.CreateBinaryIntrinsic(Intrinsic::cttz, bits, b.getTrue()) : b.getInt32(0);
      return define(call, {b.CreateExtractElement(vector(argument), first), nullptr}), true;
    }
    case Known::collect: {
      Value* values = vector(call.getArgOperand(1));
      if (mask_) values = b.CreateSelect(mask_, values, vector(call.getArgOperand(2)));
      b.CreateAlignedStore(values, scalar(call.getArgOperand(0)), Align(call.getArgOperand(1)->getType()->getIntegerBitWidth() / 8));
      return true;
    }
    case Known::permute: {
      Value* argument = call.getArgOperand(0);
      if (a_.shape(&call).is_uniform()) return define(call, {scalar(argument), nullptr}), true;
      return define(call, {nullptr, permute(call)}), true;
    }
    default: return false;
  }
}

Value* Code::permuted(Value* values, Value* from) {
  const Triple triple(a_.function.getParent()->getTargetTriple());
  const bool has_avx512 = triple.getArch() == Triple::x86_64 && a_.function.getFnAttribute("target-features").getValueAsString().contains("+avx512f");
  if (has_avx512 && values->getType()->getScalarSizeInBits() == 32) {
    const auto half = [&](Value* whole, int first) {
      SmallVector<int, 16> lanes;
      for (int i = 0; i < 16; ++i) lanes.push_back(first + i);
      return b.CreateShuffleVector(whole, lanes);
    };
    Value *low = half(values, 0), *high = half(values, 16);
    Value* parts[2];
    for (int i = 0; i < 2; ++i) parts[i] = b.CreateIntrinsic(Intrinsic::x86_avx512_vpermi2var_d_512, {low, half(from, i * 16), high});
    SmallVector<int, lane_count> all;
    for (unsigned i = 0; i < lane_count; ++i) all.push_back(int(i));
    return b.CreateShuffleVector(parts[0], parts[1], all);
  }
  Value* result = PoisonValue::get(values->getType());
  for (unsigned i = 0; i < lane_count; ++i) result = b.CreateInsertElement(result, b.CreateExtractElement(values, b.CreateExtractElement(from, i)), i);
  return result;
}

Value* Code::permute(CallInst& call) {
  Value* values = vector(call.getArgOperand(0));
  if (mask_) values = b.CreateFreeze(values);
  Value* from = call.getArgOperand(1);
  const Shape shape = a_.shape(from);
  const auto rearranged = [&](Value* of) -> Value* {
    if (shape.is_constant) {
      SmallVector<int, lane_count> lanes;
      for (unsigned i = 0; i < lane_count; ++i) lanes.push_back(int(shape.lane_value(i) % lane_count));
      return b.CreateShuffleVector(of, lanes);
    }
    if (shape.is_uniform()) return b.CreateVectorSplat(lane_count, b.CreateExtractElement(of, b.CreateAnd(scalar(from), lane_count - 1)));
    Value* lanes = vector(from);
    if (mask_) lanes = b.CreateSelect(mask_, lanes, Constant::getNullValue(lanes->getType()));
    return permuted(of, b.CreateAnd(lanes, ConstantInt::get(lanes->getType(), lane_count - 1)));
  };
  Value* result = rearranged(values);
  if (!mask_) return result;
  Value* is_there = rearranged(b.CreateZExt(mask_, lanes_of(b.getInt32Ty())));
  return b.CreateSelect(b.CreateICmpNE(is_there, Constant::getNullValue(is_there->getType())), result, values);
}

Value* Code::vector_call(CallInst& call) {
  Function* callee = call.getCalledFunction();
  if (vector_form_of(call) == VectorForm::intrinsic) {
    const Intrinsic::ID id = callee->getIntrinsicID();
    SmallVector<Type*, 2> types;
    if (isVectorIntrinsicWithOverloadTypeAtArg(id, -1, nullptr)) types.push_back(lanes_of(call.getType()));
    SmallVector<Value*, 3> arguments;
    for (unsigned i = 0; i < call.arg_size(); ++i) {
      const bool stays_scalar = isVectorIntrinsicWithScalarOpAtArg(id, i, nullptr);
      arguments.push_back(stays_scalar ? scalar(call.getArgOperand(i)) : vector(call.getArgOperand(i)));
      if (isVectorIntrinsicWithOverloadTypeAtArg(id, int(i), nullptr)) types.push_back(arguments.back()->getType());
    }
    CallInst* result = b.CreateCall(Intrinsic::getOrInsertDeclaration(a_.function.getParent(), id, types), arguments);
    if (isa<FPMathOperator>(&call)) result->copyFastMathFlags(&call);
    return result;
  }
  std::vector<Value*> arguments;
  for (Value* argument : call.args()) arguments.push_back(vector(argument));
  Value* result = PoisonValue::get(lanes_of(call.getType()));
  for (unsigned i = 0; i < lane_count; ++i) {
    std::vector<Value*> own;
    for (Value* argument : arguments) own.push_back(b.CreateExtractElement(argument, i));
    CallInst* made = b.CreateCall(callee, own);
    made->setAttributes(call.getAttributes());
    if (isa<FPMathOperator>(&call)) made->copyFastMathFlags(&call);
    result = b.CreateInsertElement(result, made, i);
  }
  return result;
}

void Code::emit_overflow(CallInst& call) {
  Value* pair = b.CreateBinaryIntrinsic(call.getIntrinsicID(), vector(call.getArgOperand(0)), vector(call.getArgOperand(1)));
  pairs_[&call] = {b.CreateExtractValue(pair, 0), b.CreateExtractValue(pair, 1)};
}

// A loop over the lanes that run, lowest first; body makes code for one lane and returns its results.
template <class F> std::vector<Value*> Code::for_active_lanes(std::vector<Type*> results, F body) {
  LLVMContext& context = b.getContext();
  BasicBlock* before = b.GetInsertBlock();
  BasicBlock* loop = BasicBlock::Create(context, "lanes", &a_.function);
  BasicBlock* after = BasicBlock::Create(context, "lanes.done", &a_.function);
  Value* bits = mask_ ? bits_of(mask_) : b.getInt32(~0u);
  b.CreateBr(loop);
  b.SetInsertPoint(loop);
  PHINode* left = b.CreatePHI(b.getInt32Ty(), 2);
  left->addIncoming(bits, before);
  std::vector<PHINode*> sums;
  for (Type* type : results) {
    sums.push_back(b.CreatePHI(lanes_of(type), 2));
    sums.back()->addIncoming(PoisonValue::get(lanes_of(type)), before);
  }
  Value* lane = b.CreateBinaryIntrinsic(Intrinsic::cttz, left, b.getTrue());
  const std::vector<Value*> own = body(lane);
  std::vector<Value*> out;
  for (size_t i = 0; i < sums.size(); ++i) {
    out.push_back(b.CreateInsertElement(sums[i], own[i], lane));
    sums[i]->addIncoming(out.back(), b.GetInsertBlock());
  }
  Value* rest = b.CreateAnd(left, b.CreateSub(left, b.getInt32(1)));
  left->addIncoming(rest, b.GetInsertBlock());
  b.CreateCondBr(b.CreateICmpEQ(rest, b.getInt32(0)), after, loop);
  b.SetInsertPoint(after);
  return out;
}

// One lane after the other, each with its own operands.
void Code::emit_atomic(Instruction& instruction) {
  std::vector<Value*> operands;
  for (Value* operand : instruction.operands()) operands.push_back(vector(operand));
  const bool is_exchange = isa<AtomicCmpXchgInst>(instruction);
  std::vector<Type*> results;
  if (is_exchange) results = {instruction.getOperand(1)->getType(), b.getInt1Ty()};
  else if (!instruction.getType()->isVoidTy()) results = {instruction.getType()};
  const auto own = for_active_lanes(results, [&](Value* lane) {
    Instruction* copy = instruction.clone();
    for (unsigned i = 0; i < operands.size(); ++i) copy->setOperand(i, b.CreateExtractElement(operands[i], lane));
    b.Insert(copy);
    if (is_exchange) return std::vector<Value*>{b.CreateExtractValue(copy, 0), b.CreateExtractValue(copy, 1)};
    return std::vector<Value*>(results.size(), copy);
  });
  if (is_exchange) pairs_[&instruction] = {own[0], own[1]};
  else if (!own.empty()) define(instruction, {nullptr, own[0]});
}

}  // namespace klab_vector
