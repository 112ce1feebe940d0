// Vector code for a straight piece of a kernel.
#pragma once
#include <llvm/IR/IRBuilder.h>

#include "analysis.h"

namespace klab_vector {

constexpr unsigned nowhere_bytes = 64;

// Where values live between blocks: memory, which a later pass turns into registers again.
class Slots {
 public:
  explicit Slots(Analysis& analysis) : a_(analysis) {}

  // Allocates, at `b`, for all values that are used outside their block, and for the kernel's own arrays.
  void allocate(llvm::IRBuilder<>& b);

  llvm::AllocaInst* scalar(const llvm::Value* value) const { return scalars_.lookup(value); }
  llvm::AllocaInst* vector(const llvm::Value* value) const { return vectors_.lookup(value); }
  llvm::AllocaInst* array(const llvm::Value* array) const { return arrays_.lookup(array); }
  // Memory that nobody reads: where inactive lanes load and store, nowhere_bytes at most at a time.
  llvm::AllocaInst* nowhere() const { return nowhere_; }

 private:
  Analysis& a_;
  llvm::DenseMap<const llvm::Value*, llvm::AllocaInst*> scalars_, vectors_, arrays_;
  llvm::AllocaInst* nowhere_ = nullptr;
};

// An address as memory.cpp wants it: `shape` says which of the two values counts.
struct Address {
  Shape shape;
  llvm::Value* scalar = nullptr;  // of the first lane, when the shape has a base
  llvm::Value* vector = nullptr;  // of each lane; null when the scalar tells all
};

class Code {
 public:
  // mask: which lanes run, <32 x i1>; null when all do.
  Code(Analysis& analysis, const Slots& slots, llvm::IRBuilder<>& builder, llvm::Value* mask) : a_(analysis), slots_(slots), b(builder), mask_(mask) {}

  void emit(llvm::Instruction& instruction);

  // What the value is in the first lane; for values with a base.
  llvm::Value* scalar(llvm::Value* value);
  llvm::Value* vector(llvm::Value* value);
  // What the phis of `to` get along one edge, for the lanes in `lanes` (null: for all that run). Values of all edges that
  // are taken must be read before any is written: a loop's next round and what is left behind share slots.
  using Moves = std::vector<std::pair<llvm::Value*, llvm::AllocaInst*>>;
  void read_moves(llvm::BasicBlock* from, llvm::BasicBlock* to, llvm::Value* lanes, bool keeps_others, Moves& moves);
  void write_moves(const Moves& moves);
  // Both, for the only edge that is taken.
  void carry(llvm::BasicBlock* from, llvm::BasicBlock* to);

  llvm::Value* mask() const { return mask_; }
  llvm::Value* bits_of(llvm::Value* lanes) { return b.CreateBitCast(lanes, b.getInt32Ty()); }

 private:
  struct Emitted {
    llvm::Value* scalar = nullptr;
    llvm::Value* vector = nullptr;
  };

  // values.cpp
  void define(llvm::Instruction& instruction, Emitted emitted);
  llvm::Value* scalar_form(llvm::Instruction& instruction);
  llvm::Value* vector_form(llvm::Instruction& instruction);
  llvm::Value* vector_address(llvm::GetElementPtrInst& gep);
  llvm::Value* scalar_address(llvm::GetElementPtrInst& gep);
  llvm::Value* vector_operation(llvm::BinaryOperator& op);
  llvm::Value* spread(llvm::Value* scalar, const Shape& shape);
  bool is_fully_uniform(const llvm::Instruction& instruction) const;

  // lanes.cpp
  bool emit_known(llvm::CallInst& call);
  llvm::Value* vector_call(llvm::CallInst& call);
  llvm::Value* permute(llvm::CallInst& call);
  llvm::Value* permuted(llvm::Value* values, llvm::Value* from);
  void emit_overflow(llvm::CallInst& call);
  void emit_atomic(llvm::Instruction& instruction);
  template <class F> std::vector<llvm::Value*> for_active_lanes(std::vector<llvm::Type*> results, F body);

  // memory.cpp
  void emit_load(llvm::LoadInst& load);
  void emit_store(llvm::StoreInst& store);
  Address address_of(llvm::Value* pointer);
  Address granule_address(const Address& of, unsigned index, unsigned granule);
  llvm::Value* load(llvm::Type* type, const Address& address, llvm::Align alignment);
  llvm::Value* load_with_base(llvm::Type* type, const Address& address, llvm::Align alignment);
  llvm::Value* load_groups(llvm::Type* type, const Address& address, llvm::Align alignment);
  llvm::Value* gather(llvm::Type* type, llvm::Value* pointers, llvm::Align alignment);
  llvm::Value* load_pattern(llvm::Type* type, llvm::Value* base, const Shape& shape, llvm::Align alignment);
  void store(llvm::Value* values, const Address& address, llvm::Align alignment);
  void scatter(llvm::Value* values, llvm::Value* pointers, llvm::Align alignment);
  bool load_bundle(llvm::LoadInst& load);
  bool load_rows(llvm::LoadInst& load);
  bool store_bundle(llvm::StoreInst& store);
  const Bundle* bundle_of(llvm::Instruction& access, llvm::Type* type, llvm::Value* pointer) const;
  llvm::Value* pointers_of(const Address& address);
  llvm::Value* safe_pointers(llvm::Value* pointers);
  // `start`: where the load of all lanes begins. In streams.cpp.
  void fetch_ahead(llvm::LoadInst& load, llvm::Value* start, uint64_t bytes);
  // Splits the block: where the offsets of a speculative address hold for all active lanes, `then`, else `otherwise`.
  template <class Then, class Otherwise> llvm::Value* if_offsets_hold(const Address& address, Then then, Otherwise otherwise);

  Analysis& a_;
  const Slots& slots_;
  llvm::IRBuilder<>& b;
  llvm::Value* mask_;
  llvm::DenseMap<const llvm::Value*, Emitted> local_;
  llvm::DenseMap<const llvm::Value*, std::pair<llvm::Value*, llvm::Value*>> pairs_;
  llvm::DenseMap<const Bundle*, llvm::Value*> runs_;  // loaded bundles of all lanes
  llvm::DenseMap<const llvm::Instruction*, llvm::Value*> parts_;
  llvm::DenseMap<const Bundle*, unsigned> stores_seen_;
};

inline llvm::FixedVectorType* lanes_of(llvm::Type* type) { return llvm::FixedVectorType::get(type, lane_count); }

}  // namespace klab_vector
