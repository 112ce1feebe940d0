// Loads and stores. Nothing is written, and but for the gaps between active lanes' pieces nothing read, that no active
// lane addresses: it may be another OS thread's, or not there.
#include "memory.h"

#include <bit>

using namespace llvm;

namespace klab_vector {

bool is_contiguous(const Shape& shape, unsigned first, unsigned count, uint64_t bytes) {
  for (unsigned i = 0; i < count; ++i) {
    if (shape.offset[first + i] != i * bytes) return false;
  }
  return true;
}

Address Code::address_of(Value* pointer) {
  Address out;
  out.shape = a_.shape(pointer);
  if (out.shape.has_base()) out.scalar = scalar(pointer);
  if (!out.shape.has_base() || out.shape.is_speculative) out.vector = vector(pointer);
  return out;
}

// Of a piece of an array whose copies lie interleaved.
Address Code::granule_address(const Address& of, unsigned index, unsigned granule) {
  Address out = of;
  for (unsigned i = 0; i < lane_count; ++i) out.shape.offset[i] += uint64_t(i % out.shape.group) * granule;
  out.shape.is_constant = false;
  Value* skipped = b.getInt64(uint64_t(index) * lane_count * granule);
  if (of.scalar) out.scalar = b.CreateGEP(b.getInt8Ty(), of.scalar, skipped);
  if (of.vector) {
    std::array<uint64_t, lane_count> own;
    for (unsigned i = 0; i < lane_count; ++i) own[i] = uint64_t(i) * granule;
    Shape steps = uniform_shape();
    steps.offset = own;
    out.vector = b.CreateGEP(b.getInt8Ty(), of.vector, spread(skipped, steps));
  }
  return out;
}

Value* Code::pointers_of(const Address& address) { return address.vector ? address.vector : spread(address.scalar, address.shape); }

Value* Code::safe_pointers(Value* pointers) {
  return mask_ ? b.CreateSelect(mask_, pointers, b.CreateVectorSplat(lane_count, slots_.nowhere())) : pointers;
}

Value* Code::gather(Type* type, Value* pointers, Align alignment) {
  pointers = safe_pointers(pointers);
  Value* result = PoisonValue::get(lanes_of(type));
  for (unsigned i = 0; i < lane_count; ++i) result = b.CreateInsertElement(result, b.CreateAlignedLoad(type, b.CreateExtractElement(pointers, i), alignment), i);
  return result;
}

void Code::scatter(Value* values, Value* pointers, Align alignment) {
  pointers = safe_pointers(pointers);
  for (unsigned i = 0; i < lane_count; ++i) b.CreateAlignedStore(b.CreateExtractElement(values, i), b.CreateExtractElement(pointers, i), alignment);
}

namespace {

// Lanes whose pieces lie within a few vectors of each other: those vectors, and where in them each lane's piece is.
struct Window {
  int64_t first = 0, last = 0;  // byte offsets of the lowest and the highest piece
  bool is_worthwhile = false;
};

Window window_of(const Shape& shape, uint64_t bytes) {
  Window w;
  for (const uint64_t offset : shape.offset) {
    w.first = std::min(w.first, int64_t(offset));
    w.last = std::max(w.last, int64_t(offset));
    if (int64_t(offset) % int64_t(bytes)) return w;
  }
  // More than four times the bytes that count, and loading lane by lane is as good.
  w.is_worthwhile = uint64_t(w.last - w.first) < 4 * lane_count * bytes;
  return w;
}

}  // namespace

Value* Code::load_pattern(Type* type, Value* base, const Shape& shape, Align alignment) {
  const uint64_t bytes = a_.layout.getTypeStoreSize(type);
  const Window window = window_of(shape, bytes);
  if (!window.is_worthwhile) {
    Value* result = PoisonValue::get(lanes_of(type));
    for (unsigned i = 0; i < lane_count; ++i) {
      Value* pointer = b.CreateGEP(b.getInt8Ty(), base, b.getInt64(shape.offset[i]));
      result = b.CreateInsertElement(result, b.CreateAlignedLoad(type, pointer, commonAlignment(alignment, bytes)), i);
    }
    return result;
  }
  const unsigned count = unsigned((window.last - window.first) / int64_t(bytes)) + 1;
  Value* start = b.CreateGEP(b.getInt8Ty(), base, b.getInt64(uint64_t(window.first)));
  Value* all = b.CreateAlignedLoad(FixedVectorType::get(type, count), start, commonAlignment(alignment, bytes));
  SmallVector<int, lane_count> lanes;
  for (const uint64_t offset : shape.offset) lanes.push_back(int((int64_t(offset) - window.first) / int64_t(bytes)));
  return b.CreateShuffleVector(all, lanes);
}

template <class Then, class Otherwise> Value* Code::if_offsets_hold(const Address& address, Then then, Otherwise otherwise) {
  Value* claimed = spread(b.CreatePtrToInt(address.scalar, b.getInt64Ty()), address.shape);
  Value* holds = b.CreateICmpEQ(claimed, b.CreatePtrToInt(address.vector, claimed->getType()));
  holds = b.CreateSelect(mask_, holds, Constant::getAllOnesValue(holds->getType()));
  LLVMContext& context = b.getContext();
  BasicBlock* yes = BasicBlock::Create(context, "together", &a_.function);
  BasicBlock* no = BasicBlock::Create(context, "apart", &a_.function);
  BasicBlock* after = BasicBlock::Create(context, "accessed", &a_.function);
  b.CreateCondBr(b.CreateICmpEQ(bits_of(holds), b.getInt32(~0u)), yes, no);
  b.SetInsertPoint(yes);
  Value* first = then();
  BasicBlock* yes_end = b.GetInsertBlock();
  b.CreateBr(after);
  b.SetInsertPoint(no);
  Value* second = otherwise();
  BasicBlock* no_end = b.GetInsertBlock();
  b.CreateBr(after);
  b.SetInsertPoint(after);
  if (!first) return nullptr;
  PHINode* result = b.CreatePHI(first->getType(), 2);
  result->addIncoming(first, yes_end);
  result->addIncoming(second, no_end);
  return result;
}

Value* Code::load_with_base(Type* type, const Address& address, Align alignment) {
  const uint64_t bytes = a_.layout.getTypeStoreSize(type);
  if (address.shape.is_flat()) return b.CreateVectorSplat(lane_count, b.CreateAlignedLoad(type, address.scalar, alignment));
  if (!is_contiguous(address.shape, 0, lane_count, bytes)) return mask_ ? gather(type, pointers_of(address), alignment) : load_pattern(type, address.scalar, address.shape, alignment);
  if (!mask_) return b.CreateAlignedLoad(lanes_of(type), address.scalar, alignment);
  return b.CreateMaskedLoad(lanes_of(type), address.scalar, alignment, mask_, Constant::getNullValue(lanes_of(type)));
}

// Groups of lanes whose addresses are known from each group's first lane.
Value* Code::load_groups(Type* type, const Address& address, Align alignment) {
  const uint64_t bytes = a_.layout.getTypeStoreSize(type);
  const unsigned size = address.shape.group;
  std::vector<Value*> parts;
  for (unsigned first = 0; first < lane_count; first += size) {
    Value* base = b.CreateExtractElement(address.vector, first);
    auto* part_type = FixedVectorType::get(type, size);
    if (is_contiguous(address.shape, first, size, bytes)) {
      parts.push_back(b.CreateAlignedLoad(part_type, base, alignment));
      continue;
    }
    Value* part = PoisonValue::get(part_type);
    uint64_t last_offset = 0;
    Value* last = nullptr;
    for (unsigned i = 0; i < size; ++i) {
      const uint64_t offset = address.shape.offset[first + i];
      if (!last || offset != last_offset) last = b.CreateAlignedLoad(type, b.CreateGEP(b.getInt8Ty(), base, b.getInt64(offset)), commonAlignment(alignment, bytes));
      last_offset = offset;
      part = b.CreateInsertElement(part, last, i);
    }
    parts.push_back(part);
  }
  return join_parts(b, parts);
}

Value* Code::load(Type* type, const Address& address, Align alignment) {
  if (address.shape.has_base()) {
    if (!mask_ || !address.shape.is_speculative) return load_with_base(type, address, alignment);
    return if_offsets_hold(address, [&] { return load_with_base(type, address, alignment); }, [&] { return gather(type, address.vector, alignment); });
  }
  if (!mask_ && address.shape.group > 1) return load_groups(type, address, alignment);
  return gather(type, pointers_of(address), alignment);
}

void Code::store(Value* values, const Address& address, Align alignment) {
  Type* type = values->getType()->getScalarType();
  const uint64_t bytes = a_.layout.getTypeStoreSize(type);
  const Shape& shape = address.shape;
  if (shape.is_uniform()) {
    // One address, one winner: the last lane, as when lanes run one after the other.
    Value* last = mask_ ? b.CreateSub(b.getInt32(31), b.CreateBinaryIntrinsic(Intrinsic::ctlz, bits_of(mask_), b.getTrue())) : b.getInt32(lane_count - 1);
    b.CreateAlignedStore(b.CreateExtractElement(values, last), address.scalar, alignment);
    return;
  }
  const bool is_together = shape.has_base() && is_contiguous(shape, 0, lane_count, bytes);
  const auto at_once = [&]() -> Value* {
    if (mask_) b.CreateMaskedStore(values, address.scalar, alignment, mask_);
    else b.CreateAlignedStore(values, address.scalar, alignment);
    return nullptr;
  };
  const auto one_by_one = [&]() -> Value* { return scatter(values, pointers_of(address), alignment), nullptr; };
  if (is_together && mask_ && shape.is_speculative) {
    if_offsets_hold(address, at_once, one_by_one);
  } else if (is_together) {
    at_once();
  } else if (!mask_ && shape.has_base()) {
    for (unsigned i = 0; i < lane_count; ++i) b.CreateAlignedStore(b.CreateExtractElement(values, i), b.CreateGEP(b.getInt8Ty(), address.scalar, b.getInt64(shape.offset[i])), commonAlignment(alignment, bytes));
  } else if (!mask_ && shape.group >= 4 && is_contiguous(shape, 0, shape.group, bytes)) {
    store_groups(b, values, address, alignment);
  } else {
    one_by_one();
  }
}

// The bundle that an access is part of, when all lanes' bundles follow each other and all lanes run.
const Bundle* Code::bundle_of(Instruction& access, Type* type, Value* pointer) const {
  const auto found = a_.bundles.find(&access);
  const Shape shape = a_.shape(pointer);
  if (mask_ || found == a_.bundles.end() || !shape.has_base() || a_.own_array(pointer)) return nullptr;
  const uint64_t bytes = a_.layout.getTypeStoreSize(type) * found->second->accesses.size();
  return is_contiguous(shape, 0, lane_count, bytes) ? found->second.get() : nullptr;
}

bool Code::load_bundle(LoadInst& instruction) {
  const Bundle* bundle = bundle_of(instruction, instruction.getType(), instruction.getPointerOperand());
  if (!bundle) return false;
  const unsigned count = unsigned(bundle->accesses.size());
  auto* first = cast<LoadInst>(bundle->accesses[0]);
  Value*& all = runs_[bundle];
  if (!all) {
    // The lowest address, seen from the piece that is loaded first.
    unsigned place = 0;
    while (bundle->accesses[place] != &instruction) ++place;
    Value* start = b.CreateGEP(b.getInt8Ty(), scalar(instruction.getPointerOperand()), b.getInt64(uint64_t(0) - place * a_.layout.getTypeStoreSize(instruction.getType())));
    all = b.CreateAlignedLoad(FixedVectorType::get(instruction.getType(), lane_count * count), start, first->getAlign());
    fetch_ahead(instruction, start, a_.layout.getTypeStoreSize(all->getType()));
    for (unsigned k = 0; k < count; ++k) parts_[bundle->accesses[k]] = every_nth(b, all, count, k);
  }
  define(instruction, {nullptr, parts_[&instruction]});
  return true;
}

// Of a bundle that lanes have at places of their own. In groups of lanes that share one, each piece once is less work.
bool Code::load_rows(LoadInst& instruction) {
  const auto found = a_.bundles.find(&instruction);
  Value* pointer = instruction.getPointerOperand();
  Type* type = instruction.getType();
  const bool is_number = type->isIntegerTy() || type->isFloatingPointTy();
  if (found == a_.bundles.end() || !is_number || a_.own_array(pointer)) return false;
  const Bundle& bundle = *found->second;
  const uint64_t bytes = a_.layout.getTypeStoreSize(type), count = bundle.accesses.size();
  if (flattened(a_.shape(pointer)).group >= 4 || bytes * 8 != a_.layout.getTypeSizeInBits(type) || bytes * count > nowhere_bytes) return false;
  Value*& all = runs_[&bundle];
  if (!all) {
    const auto place = uint64_t(std::find(bundle.accesses.begin(), bundle.accesses.end(), &instruction) - bundle.accesses.begin());
    Value* pointers = b.CreateGEP(b.getInt8Ty(), pointers_of(address_of(pointer)), b.CreateVectorSplat(lane_count, b.getInt64(0 - place * bytes)));
    pointers = safe_pointers(pointers);
    std::vector<Value*> rows;
    for (unsigned i = 0; i < lane_count; ++i) rows.push_back(b.CreateAlignedLoad(FixedVectorType::get(type, unsigned(count)), b.CreateExtractElement(pointers, i), cast<LoadInst>(bundle.accesses[0])->getAlign()));
    const std::vector<Value*> columns = turn(b, rows);
    for (size_t k = 0; k < count; ++k) parts_[bundle.accesses[k]] = columns[k];
    all = rows[0];
  }
  define(instruction, {nullptr, parts_[&instruction]});
  return true;
}

// Stored with the last of them.
bool Code::store_bundle(StoreInst& instruction) {
  const Bundle* bundle = bundle_of(instruction, instruction.getValueOperand()->getType(), instruction.getPointerOperand());
  if (!bundle) return false;
  if (++stores_seen_[bundle] < bundle->accesses.size()) return true;
  std::vector<Value*> values;
  for (Instruction* access : bundle->accesses) values.push_back(vector(cast<StoreInst>(access)->getValueOperand()));
  auto* first = cast<StoreInst>(bundle->accesses[0]);
  b.CreateAlignedStore(interleaved(b, values), scalar(first->getPointerOperand()), first->getAlign());
  return true;
}

void Code::emit_load(LoadInst& load_instruction) {
  Value* pointer = load_instruction.getPointerOperand();
  Type* type = load_instruction.getType();
  const StackArray* own = a_.own_array(pointer);
  if (a_.shape(&load_instruction).has_base()) return define(load_instruction, {scalar_form(load_instruction), nullptr});
  if (load_instruction.isAtomic()) return emit_atomic(load_instruction);
  if (load_bundle(load_instruction) || load_rows(load_instruction)) return;
  if (!own) {
    const Address address = address_of(pointer);
    const uint64_t bytes = a_.layout.getTypeStoreSize(type);
    if (!mask_ && address.scalar && is_contiguous(address.shape, 0, lane_count, bytes)) fetch_ahead(load_instruction, address.scalar, bytes * lane_count);
    return define(load_instruction, {nullptr, load(type, address, load_instruction.getAlign())});
  }
  const unsigned granule = own->granule, count = unsigned(a_.layout.getTypeStoreSize(type) / granule);
  const Address address = address_of(pointer);
  std::vector<Value*> pieces;
  Type* piece = count == 1 ? type : b.getIntNTy(granule * 8);
  for (unsigned i = 0; i < count; ++i) pieces.push_back(load(piece, granule_address(address, i, granule), Align(granule)));
  define(load_instruction, {nullptr, count == 1 ? pieces[0] : from_pieces(b, type, pieces)});
}

void Code::emit_store(StoreInst& store_instruction) {
  Value *pointer = store_instruction.getPointerOperand(), *value = store_instruction.getValueOperand();
  const StackArray* own = a_.own_array(pointer);
  if (store_instruction.isAtomic()) return emit_atomic(store_instruction);
  if (!own && a_.shape(pointer).is_uniform() && a_.shape(value).is_uniform()) return void(scalar_form(store_instruction));
  if (store_bundle(store_instruction)) return;
  if (!own) return store(vector(value), address_of(pointer), store_instruction.getAlign());
  const unsigned granule = own->granule, count = unsigned(a_.layout.getTypeStoreSize(value->getType()) / granule);
  const Address address = address_of(pointer);
  const std::vector<Value*> pieces = count == 1 ? std::vector<Value*>{vector(value)} : to_pieces(b, vector(value), granule);
  for (unsigned i = 0; i < count; ++i) store(pieces[i], granule_address(address, i, granule), Align(granule));
}

}  // namespace klab_vector
