// What has no vector form.
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

#include "calls.h"
#include "names.h"
#include "prepare.h"

using namespace llvm;

namespace klab_vector {
namespace {

bool is_lane_type(const Type* type) {
  return type->isFloatingPointTy() || type->isPointerTy() || (type->isIntegerTy() && type->getIntegerBitWidth() <= 64);
}

bool is_memory_type(const DataLayout& layout, Type* type) { return is_lane_type(type) && layout.typeSizeEqualsStoreSize(type); }

// Results of two parts: those of an exchange, and arithmetic with its overflow.
bool is_pair(const Type* type) {
  const auto* pair = dyn_cast<StructType>(type);
  return pair && pair->getNumElements() == 2 && is_lane_type(pair->getElementType(0)) && is_lane_type(pair->getElementType(1));
}

Refusal check_call(const Analysis& a, const CallInst& call) {
  if (!call.getCalledFunction()) return refuse(call, call.isInlineAsm() ? "inline assembly" : "a call through a function pointer");
  const Known known = known_call(call);
  if (known == Known::collect) {
    const auto found = a.array_of.find(call.getArgOperand(0));
    if (found == a.array_of.end() || !a.arrays.at(found->second).is_shared) return refuse(call, "what a simdgroup operation takes from its threads is read where they may have parted");
  }
  if (known != Known::none) return {};
  bool is_uniform = true;
  for (const Value* argument : call.args()) is_uniform &= isa<MetadataAsValue>(argument) || a.shape(argument).is_uniform();
  if (is_uniform && isa<IntrinsicInst>(call)) return {};
  if (vector_form_of(call) == VectorForm::none) return refuse(call, "a call of " + call.getCalledFunction()->getName().str() + " has no vector form");
  for (const Value* argument : call.args()) {
    if (!isa<MetadataAsValue>(argument) && !is_lane_type(argument->getType())) return refuse(call, "a call with an aggregate has no vector form");
  }
  return {};
}

Refusal check_memory(const Analysis& a, const Instruction& instruction, Value* pointer, Type* type) {
  const bool is_alike = a.shape(pointer).is_uniform() && !a.own_array(pointer);
  const auto* store = dyn_cast<StoreInst>(&instruction);
  if (is_alike && (!store || a.shape(store->getValueOperand()).is_uniform())) return {};
  if (!is_memory_type(a.layout, type)) return refuse(instruction, "memory access of a type that has no vector form");
  if (const StackArray* array = a.own_array(pointer); array && a.layout.getTypeStoreSize(type) % array->granule) return refuse(instruction, "a thread's variable is accessed in pieces that do not fit together");
  return {};
}

Refusal check_instruction(const Analysis& a, const Instruction& instruction) {
  if (const auto* call = dyn_cast<CallInst>(&instruction)) {
    if (Refusal refusal = check_call(a, *call)) return refusal;
  } else if (const auto* load = dyn_cast<LoadInst>(&instruction)) {
    if (Refusal refusal = check_memory(a, *load, const_cast<Value*>(load->getPointerOperand()), load->getType())) return refusal;
  } else if (const auto* store = dyn_cast<StoreInst>(&instruction)) {
    return check_memory(a, *store, const_cast<Value*>(store->getPointerOperand()), store->getValueOperand()->getType());
  } else if (isa<AtomicRMWInst>(instruction) || isa<AtomicCmpXchgInst>(instruction)) {
    if (a.own_array(instruction.getOperand(0))) return refuse(instruction, "an atomic operation on a thread's own variable");
  } else if (instruction.isTerminator() && !isa<BranchInst>(instruction) && !isa<ReturnInst>(instruction) && !isa<UnreachableInst>(instruction)) {
    return refuse(instruction, "control flow that has no vector form");
  }
  const Shape shape = a.shape(&instruction);
  if (instruction.getType()->isVoidTy() || shape.is_uniform()) return {};
  if (is_lane_type(instruction.getType())) {
    for (const Value* operand : instruction.operands()) {
      const bool fits = is_lane_type(operand->getType()) || a.shape(operand).is_uniform() || isa<BasicBlock>(operand) || isa<Function>(operand) || isa<ExtractValueInst>(instruction) || isa<MetadataAsValue>(operand);
      if (!fits) return refuse(instruction, "a vector or an aggregate that differs between threads");
    }
    const bool picks = isa<ExtractElementInst>(instruction);
    return picks ? refuse(instruction, "an element of a vector is chosen by thread") : Refusal{};
  }
  if (is_pair(instruction.getType()) && !isa<PHINode>(instruction) && (isa<AtomicCmpXchgInst>(instruction) || isa<CallInst>(instruction))) {
    for (const User* user : instruction.users()) {
      if (!isa<ExtractValueInst>(user) || cast<Instruction>(user)->getParent() != instruction.getParent()) return refuse(instruction, "an aggregate that differs between threads");
    }
    return {};
  }
  return refuse(instruction, "a vector or an aggregate that differs between threads");
}

}  // namespace

Refusal check_support(const Analysis& a) {
  if (!a.function.getReturnType()->isVoidTy()) return refuse(a.function.getEntryBlock().front(), "it returns a value");
  for (const Instruction& instruction : instructions(a.function)) {
    if (Refusal refusal = check_instruction(a, instruction)) return refusal;
  }
  return {};
}

}  // namespace klab_vector
