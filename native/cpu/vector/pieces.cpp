#include "memory.h"

using namespace llvm;

namespace klab_vector {
namespace {

SmallVector<int, 64> run(unsigned first, unsigned count) {
  SmallVector<int, 64> lanes;
  for (unsigned i = 0; i < count; ++i) lanes.push_back(int(first + i));
  return lanes;
}

}  // namespace

Value* join_parts(IRBuilder<>& b, std::vector<Value*> parts) {
  while (parts.size() > 1) {
    const unsigned size = cast<FixedVectorType>(parts[0]->getType())->getNumElements();
    std::vector<Value*> wider;
    for (size_t i = 0; i < parts.size(); i += 2) wider.push_back(b.CreateShuffleVector(parts[i], parts[i + 1], run(0, 2 * size)));
    parts = std::move(wider);
  }
  return parts[0];
}

Value* from_pieces(IRBuilder<>& b, Type* type, const std::vector<Value*>& pieces) {
  const unsigned bits = pieces[0]->getType()->getScalarSizeInBits();
  Type* whole = lanes_of(b.getIntNTy(bits * unsigned(pieces.size())));
  Value* result = nullptr;
  for (size_t i = 0; i < pieces.size(); ++i) {
    Value* part = b.CreateZExt(pieces[i], whole);
    if (i) part = b.CreateShl(part, ConstantInt::get(whole, i * bits));
    result = result ? b.CreateOr(result, part) : part;
  }
  return type->isPointerTy() ? b.CreateIntToPtr(result, lanes_of(type)) : b.CreateBitCast(result, lanes_of(type));
}

std::vector<Value*> to_pieces(IRBuilder<>& b, Value* values, unsigned bytes) {
  Type* type = values->getType()->getScalarType();
  const unsigned bits = type->isPointerTy() ? 64 : type->getScalarSizeInBits();
  Type* whole = lanes_of(b.getIntNTy(bits));
  values = type->isPointerTy() ? b.CreatePtrToInt(values, whole) : b.CreateBitCast(values, whole);
  std::vector<Value*> pieces;
  for (unsigned at = 0; at < bits; at += bytes * 8) {
    Value* part = at ? b.CreateLShr(values, ConstantInt::get(whole, at)) : values;
    pieces.push_back(b.CreateTrunc(part, lanes_of(b.getIntNTy(bytes * 8))));
  }
  return pieces;
}

Value* interleaved(IRBuilder<>& b, const std::vector<Value*>& values) {
  const unsigned count = unsigned(values.size());
  std::vector<Value*> padded = values;
  while (padded.size() & (padded.size() - 1)) padded.push_back(PoisonValue::get(values[0]->getType()));
  SmallVector<int, 128> places;
  for (unsigned i = 0; i < lane_count; ++i) {
    for (unsigned k = 0; k < count; ++k) places.push_back(int(k * lane_count + i));
  }
  return b.CreateShuffleVector(join_parts(b, padded), places);
}

Value* every_nth(IRBuilder<>& b, Value* all, unsigned count, unsigned first, unsigned lanes) {
  SmallVector<int, lane_count> places;
  for (unsigned i = 0; i < lanes; ++i) places.push_back(int(i * count + first));
  return b.CreateShuffleVector(all, places);
}

void store_groups(IRBuilder<>& b, Value* values, const Address& address, Align alignment) {
  for (unsigned first = 0; first < lane_count; first += address.shape.group) {
    Value* part = b.CreateShuffleVector(values, run(first, address.shape.group));
    b.CreateAlignedStore(part, b.CreateExtractElement(address.vector, first), alignment);
  }
}

}  // namespace klab_vector
