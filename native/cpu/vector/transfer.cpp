// Shapes of results.
#include <llvm/Analysis/ConstantFolding.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/GetElementPtrTypeIterator.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Operator.h>

#include <algorithm>
#include <bit>

#include "analysis.h"
#include "names.h"

using namespace llvm;

namespace klab_vector {
namespace {

using Lanes = std::array<uint64_t, lane_count>;

uint64_t truncated(uint64_t value, unsigned bits) { return bits >= 64 ? value : value & ((uint64_t(1) << bits) - 1); }
int64_t extended(uint64_t value, unsigned bits) { return bits >= 64 ? int64_t(value) : int64_t(value << (64 - bits)) >> (64 - bits); }

bool is_small_integer(const Type* type) { return type->isIntegerTy() && type->getIntegerBitWidth() <= 64; }

unsigned known_zeros(const Analysis& analysis, const Value* value) {
  if (!is_small_integer(value->getType())) return 0;
  return std::min(computeKnownBits(value, analysis.layout).countMinTrailingZeros(), 63u);
}

Shape uniform_result(const Analysis& analysis, const Instruction& instruction) { return uniform_shape(known_zeros(analysis, &instruction)); }

// All lanes' values when each operand is a constant in every lane.
bool fold_lanes(const Analysis& analysis, const Instruction& instruction, Shape& out) {
  if (!is_small_integer(instruction.getType())) return false;
  SmallVector<Shape, 3> shapes;
  for (const Value* operand : instruction.operands()) {
    const Shape shape = analysis.shape(operand);
    if (!shape.is_constant || !is_small_integer(operand->getType())) return false;
    shapes.push_back(shape);
  }
  Lanes values;
  for (unsigned lane = 0; lane < lane_count; ++lane) {
    SmallVector<Constant*, 3> operands;
    for (unsigned i = 0; i < shapes.size(); ++i) {
      Type* type = instruction.getOperand(i)->getType();
      operands.push_back(ConstantInt::get(type, APInt(type->getIntegerBitWidth(), truncated(shapes[i].lane_value(lane), type->getIntegerBitWidth()))));
    }
    const auto* result = dyn_cast_or_null<ConstantInt>(ConstantFoldInstOperands(const_cast<Instruction*>(&instruction), operands, analysis.layout));
    if (!result) return false;
    values[lane] = result->getZExtValue();
  }
  out = shape_of_constant_lanes(values);
  return true;
}

// Whether adding the offsets changes nothing but bits that are zero in every group's first lane.
bool offsets_fit(const Shape& shape) {
  return std::all_of(shape.offset.begin(), shape.offset.end(), [&](uint64_t x) { return shape.zeros >= 64 || x < (uint64_t(1) << shape.zeros); });
}

template <class F> Shape with_offsets(Shape shape, unsigned zeros, F change) {
  shape.is_constant = false;
  shape.constant = 0;
  shape.zeros = uint8_t(std::min(zeros, 63u));
  for (uint64_t& x : shape.offset) x = change(x);
  return shape;
}

Shape sum(const Shape& a, const Shape& b, bool is_difference) {
  const unsigned group = std::min(a.group, b.group);
  Shape x = in_groups(a, group);
  const Shape y = in_groups(b, group);
  x.zeros = std::min(x.zeros, y.zeros);
  x.is_constant = false, x.constant = 0;
  x.is_speculative |= y.is_speculative;
  for (unsigned i = 0; i < lane_count; ++i) x.offset[i] = is_difference ? x.offset[i] - y.offset[i] : x.offset[i] + y.offset[i];
  if (x.is_speculative && x.is_flat()) return varying_shape();
  return x;
}

Shape bitwise(const BinaryOperator& op, const Shape& x, uint64_t c) {
  const uint64_t low = x.zeros >= 63 ? ~uint64_t(0) : (uint64_t(1) << x.zeros) - 1;
  switch (op.getOpcode()) {
    case Instruction::And: return with_offsets(x, x.zeros, [&](uint64_t o) { return o & c; });
    case Instruction::Or: return with_offsets(x, (c & low) ? unsigned(std::countr_zero(c)) : x.zeros, [&](uint64_t o) { return (o | (c & low)) - (c & low); });
    case Instruction::Xor: return with_offsets(x, (c & low) ? unsigned(std::countr_zero(c)) : x.zeros, [&](uint64_t o) { return (o ^ (c & low)) - (c & low); });
    default: return with_offsets(x, x.zeros > c ? unsigned(x.zeros - c) : 0, [&](uint64_t o) { return o >> c; });  // LShr
  }
}

Shape of_integer_operation(const BinaryOperator& op, const Shape& x, const Shape& y) {
  const auto* constant = dyn_cast<ConstantInt>(op.getOperand(1));
  const unsigned bits = op.getType()->getIntegerBitWidth();
  switch (op.getOpcode()) {
    case Instruction::Add: return sum(x, y, false);
    case Instruction::Sub: return sum(x, y, true);
    case Instruction::Mul: {
      const Shape* other = constant ? &x : isa<ConstantInt>(op.getOperand(0)) ? &y : nullptr;
      if (!other) break;
      const uint64_t factor = cast<ConstantInt>(constant ? op.getOperand(1) : op.getOperand(0))->getSExtValue();
      if (factor == 0) return uniform_shape(63);
      return with_offsets(*other, other->zeros + unsigned(std::countr_zero(factor)), [&](uint64_t o) { return o * factor; });
    }
    case Instruction::Shl:
      if (!constant || constant->getZExtValue() >= bits) break;
      return with_offsets(x, x.zeros + unsigned(constant->getZExtValue()), [&](uint64_t o) { return o << constant->getZExtValue(); });
    case Instruction::Or:
      if (cast<PossiblyDisjointInst>(op).isDisjoint()) return sum(x, y, false);
      [[fallthrough]];
    case Instruction::And:
    case Instruction::Xor:
    case Instruction::LShr:
      if (!constant || x.is_speculative || !offsets_fit(x)) break;
      if (op.getOpcode() == Instruction::LShr && constant->getValue().uge(bits)) break;
      return bitwise(op, x, constant->getZExtValue());
    default: break;
  }
  return combined(x, y);
}

// A narrower integer seen as a wider one: the offsets stay what they are unless an addition has wrapped around.
Shape widened(const Analysis& analysis, const Value& narrow, const Shape& x) {
  if (x.is_flat()) return with_offsets(x, x.zeros, [](uint64_t o) { return o; });
  if (offsets_fit(x) && x.zeros < narrow.getType()->getIntegerBitWidth()) return with_offsets(x, x.zeros, [](uint64_t o) { return o; });
  const unsigned bits = narrow.getType()->getIntegerBitWidth();
  const bool is_half_range = bits > 1 && computeKnownBits(&narrow, analysis.layout).isNonNegative();
  if (bits < 32 && !is_half_range) return flattened(x);
  Shape out = with_offsets(x, x.zeros, [&](uint64_t o) { return uint64_t(extended(o, bits)); });
  out.is_speculative = true;
  return out;
}

Shape of_cast(const Analysis& analysis, const CastInst& cast, const Shape& x) {
  const Value& from = *cast.getOperand(0);
  switch (cast.getOpcode()) {
    case Instruction::ZExt:
    case Instruction::SExt:
      return is_small_integer(from.getType()) && is_small_integer(cast.getType()) ? widened(analysis, from, x) : flattened(x);
    case Instruction::Trunc:
      if (!is_small_integer(from.getType())) return flattened(x);
      return with_offsets(x, x.zeros, [&](uint64_t o) { return uint64_t(extended(o, cast.getType()->getIntegerBitWidth())); });
    case Instruction::PtrToInt:
    case Instruction::IntToPtr:
      return analysis.layout.getTypeSizeInBits(from.getType()) == 64 && analysis.layout.getTypeSizeInBits(cast.getType()) == 64 ? x : flattened(x);
    default: return flattened(x);
  }
}

Shape of_address(const Analysis& analysis, const GetElementPtrInst& gep) {
  Shape out = analysis.shape(gep.getPointerOperand());
  const bool is_own = analysis.own_array(&gep) != nullptr;
  for (auto it = gep_type_begin(gep), end = gep_type_end(gep); it != end; ++it) {
    if (it.isStruct()) continue;
    Shape index = analysis.shape(it.getOperand());
    if (!index.is_known()) return {};
    if (it.getOperand()->getType()->getIntegerBitWidth() < 64) index = widened(analysis, *it.getOperand(), index);
    const uint64_t stride = it.getSequentialElementStride(analysis.layout) * (is_own ? lane_count : 1);
    out = sum(out, with_offsets(index, 0, [&](uint64_t o) { return o * stride; }), false);
  }
  out.zeros = 0;
  return out;
}

Shape of_select(const Analysis& analysis, const SelectInst& select) {
  const Shape condition = flattened(analysis.shape(select.getCondition()));
  Shape out = join(analysis.shape(select.getTrueValue()), analysis.shape(select.getFalseValue()));
  out.is_constant = false, out.constant = 0;
  if (condition.group >= out.group) return out;
  // Groups whose lanes choose apart keep nothing, even of offsets that both choices have.
  return in_groups(out, condition.group);
}

Shape of_load(const Analysis& analysis, const LoadInst& load) {
  if (analysis.own_array(load.getPointerOperand())) return varying_shape();
  Shape out = flattened(analysis.shape(load.getPointerOperand()));
  out.is_constant = false, out.constant = 0;
  out.zeros = out.is_uniform() ? uint8_t(known_zeros(analysis, &load)) : 0;
  return out;
}

Shape of_call(const Analysis& analysis, const CallInst& call, const Shape& operands) {
  switch (known_call(call)) {
    case Known::lane: return lane_shape();
    case Known::active:
    case Known::ballot:
    case Known::first:
    case Known::collect:
    case Known::barrier:
    case Known::threadgroup_variable: return uniform_shape();
    case Known::permute: return analysis.shape(call.getArgOperand(0)).is_uniform() ? uniform_shape() : varying_shape();
    case Known::none: break;
  }
  if (call.getType()->isVoidTy() || !call.mayReadOrWriteMemory()) return operands;
  return operands.is_uniform() && isa<IntrinsicInst>(call) ? operands : varying_shape();
}

Shape result_shape(const Analysis& analysis, const Instruction& instruction) {
  Shape operands = uniform_shape();
  for (const Value* operand : instruction.operands()) {
    if (isa<BasicBlock>(operand) || isa<Function>(operand) || isa<MetadataAsValue>(operand)) continue;
    const Shape shape = analysis.shape(operand);
    if (!shape.is_known()) return {};
    operands = combined(operands, shape);
  }
  if (isa<AllocaInst>(instruction)) return uniform_shape();
  if (const auto* load = dyn_cast<LoadInst>(&instruction)) return of_load(analysis, *load);
  if (isa<AtomicRMWInst>(instruction) || isa<AtomicCmpXchgInst>(instruction)) return varying_shape();
  if (const auto* call = dyn_cast<CallInst>(&instruction)) return of_call(analysis, *call, operands);
  Shape out;
  if (fold_lanes(analysis, instruction, out)) return out;
  if (const auto* gep = dyn_cast<GetElementPtrInst>(&instruction); gep && gep->getType()->isPointerTy()) return of_address(analysis, *gep);
  if (operands.is_uniform()) return uniform_result(analysis, instruction);
  if (const auto* cast = dyn_cast<CastInst>(&instruction)) return of_cast(analysis, *cast, analysis.shape(cast->getOperand(0)));
  if (const auto* select = dyn_cast<SelectInst>(&instruction)) return of_select(analysis, *select);
  if (isa<FreezeInst>(instruction)) return analysis.shape(instruction.getOperand(0));
  const auto* op = dyn_cast<BinaryOperator>(&instruction);
  if (op && is_small_integer(op->getType())) return of_integer_operation(*op, analysis.shape(op->getOperand(0)), analysis.shape(op->getOperand(1)));
  return operands;
}

}  // namespace

Shape transfer(const Analysis& analysis, const Instruction& instruction) {
  Shape out = result_shape(analysis, instruction);
  // Offsets count modulo the type's width: one form for each, so that they compare.
  if (is_small_integer(instruction.getType())) {
    for (uint64_t& x : out.offset) x = uint64_t(extended(x, instruction.getType()->getIntegerBitWidth()));
  }
  return out;
}

}  // namespace klab_vector
