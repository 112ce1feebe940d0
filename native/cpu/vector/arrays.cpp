// Arrays on a thread's stack: which pointers lead into them, how small their pieces are, and whether lanes can share one.
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

#include "analysis.h"
#include "names.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr unsigned largest_granule = 8;

bool is_pointer_step(const Instruction& user) {
  return isa<GetElementPtrInst>(user) || isa<PHINode>(user) || isa<SelectInst>(user) || isa<FreezeInst>(user);
}

struct Access {
  const Value* pointer = nullptr;
  uint64_t bytes = 0;
  uint64_t alignment = 1;
};

// An access that copies of an array can be interleaved for.
bool read_access(const DataLayout& layout, const Instruction& user, Access& access) {
  if (const auto* load = dyn_cast<LoadInst>(&user)) {
    access = {load->getPointerOperand(), layout.getTypeStoreSize(load->getType()), load->getAlign().value()};
    return load->isSimple();
  }
  if (const auto* store = dyn_cast<StoreInst>(&user)) {
    access = {store->getPointerOperand(), layout.getTypeStoreSize(store->getValueOperand()->getType()), store->getAlign().value()};
    return store->isSimple();
  }
  return false;
}

unsigned power_of_two_part(uint64_t bytes) { return unsigned(bytes & (~bytes + 1)); }

class Walk {
 public:
  explicit Walk(Analysis& analysis) : a_(analysis) {}

  Refusal from(AllocaInst* array) {
    StackArray& found = a_.arrays[array];
    found.granule = largest_granule;
    if (Refusal refusal = add(array, array, *array)) return refusal;
    while (!work_.empty()) {
      Value* pointer = work_.back();
      work_.pop_back();
      for (Use& use : pointer->uses()) {
        if (Refusal refusal = visit(use, array, found)) return refusal;
      }
    }
    return {};
  }

 private:
  Refusal add(Value* pointer, AllocaInst* array, const Instruction& at) {
    const auto [found, is_new] = a_.array_of.try_emplace(pointer, array);
    if (is_new) work_.push_back(pointer);
    if (found->second != array) return refuse(at, "a pointer may lead into either of two arrays of a thread");
    return {};
  }

  Refusal visit(Use& use, AllocaInst* array, StackArray& found) {
    auto& user = *cast<Instruction>(use.getUser());
    if (const auto* call = dyn_cast<CallInst>(&user)) {
      const Known known = known_call(*call);
      if (call->isLifetimeStartOrEnd() || known == Known::collect) return {};
      return refuse(user, "the address of a thread's variable is given to a function");
    }
    if (isa<StoreInst>(user) && use.getOperandNo() == 0) return refuse(user, "the address of a thread's variable is stored in memory");
    if (is_pointer_step(user)) return add(&user, array, user);
    if (isa<ICmpInst>(user)) return {};
    Access access;
    if (!read_access(a_.layout, user, access)) return refuse(user, "a thread's variable is used in a way that has no vector form");
    found.is_used = true;
    found.granule = std::min({found.granule, power_of_two_part(access.bytes), unsigned(std::min<uint64_t>(access.alignment, largest_granule))});
    return {};
  }

  Analysis& a_;
  std::vector<Value*> work_;
};

// A pointer that may lead into an array or elsewhere has no one layout.
Refusal check_merges(const Analysis& a) {
  for (const auto& [pointer, array] : a.array_of) {
    const auto* instruction = dyn_cast<Instruction>(pointer);
    if (!instruction || !(isa<PHINode>(instruction) || isa<SelectInst>(instruction))) continue;
    for (const Value* operand : instruction->operands()) {
      const bool is_elsewhere = operand->getType()->isPointerTy() && !isa<UndefValue>(operand) && !isa<ConstantPointerNull>(operand) && !a.array_of.contains(operand);
      if (is_elsewhere) return refuse(*instruction, "a pointer may lead into a thread's variable or to memory of all threads");
    }
  }
  return {};
}

// Whether all lanes that see `other` have gone through `block` together, although the branch parts lanes.
bool is_on_one_side(const Analysis& a, BasicBlock* branch, const std::vector<const Instruction*>& accesses) {
  for (BasicBlock* side : successors(branch)) {
    if (!side->getSinglePredecessor()) continue;
    bool holds = true;
    for (const Instruction* access : accesses) holds &= a.control.dominators.dominates(side, access->getParent());
    if (holds) return true;
  }
  return false;
}

struct Contents {
  std::vector<const Instruction*> accesses, writes;
};

// The block that all accesses come after, when it begins with a collect: that overwrites the whole array.
BasicBlock* overwriting_block(const Analysis& a, const Contents& contents) {
  BasicBlock* first = const_cast<BasicBlock*>(contents.accesses[0]->getParent());
  for (const Instruction* access : contents.accesses) first = a.control.dominators.findNearestCommonDominator(first, const_cast<BasicBlock*>(access->getParent()));
  const Instruction* earliest = nullptr;
  for (const Instruction* access : contents.accesses) {
    if (access->getParent() == first && (!earliest || access->comesBefore(earliest))) earliest = access;
  }
  return earliest && isa<CallInst>(earliest) ? first : nullptr;
}

// Whether lanes that the branch parts may come to `to` before they are together again, or the array is overwritten.
bool reaches(const Analysis& a, BasicBlock* branch, const BasicBlock* to, BasicBlock* overwriting) {
  if (!a.regions.find(branch)->second.contains(to)) return false;
  if (!overwriting) return true;
  if (!a.control.dominators.dominates(overwriting, branch)) return false;
  BlockSet seen = {overwriting, a.control.meeting_block(branch)};
  std::vector<BasicBlock*> work(succ_begin(branch), succ_end(branch));
  while (!work.empty()) {
    BasicBlock* block = work.back();
    work.pop_back();
    if (!seen.insert(block).second) continue;
    if (block == to) return true;
    work.insert(work.end(), succ_begin(block), succ_end(block));
  }
  return false;
}

bool can_share(const Analysis& a, const Contents& contents) {
  if (contents.accesses.empty()) return true;
  for (const Instruction* access : contents.accesses) {
    const auto* store = dyn_cast<StoreInst>(access);
    if (store && !(a.shape(store->getPointerOperand()).is_uniform() && a.shape(store->getValueOperand()).is_uniform())) return false;
  }
  bool is_one_block = true;
  for (const Instruction* access : contents.accesses) is_one_block &= access->getParent() == contents.accesses[0]->getParent();
  if (is_one_block) return true;
  BasicBlock* overwriting = overwriting_block(a, contents);
  for (const Instruction* write : contents.writes) {
    for (BasicBlock* branch : a.divergent) {
      if (reaches(a, branch, write->getParent(), overwriting) && !is_on_one_side(a, branch, contents.accesses)) return false;
    }
  }
  return true;
}

}  // namespace

Refusal find_arrays(Analysis& a) {
  for (Instruction& instruction : instructions(a.function)) {
    auto* array = dyn_cast<AllocaInst>(&instruction);
    if (!array) continue;
    if (!array->isStaticAlloca()) return refuse(instruction, "a thread's variable has a size that is not constant");
    if (Refusal refusal = Walk(a).from(array)) return refusal;
  }
  return check_merges(a);
}

bool unshare_arrays(Analysis& a) {
  std::map<AllocaInst*, Contents> contents;
  for (Instruction& instruction : instructions(a.function)) {
    Access access;
    const auto* call = dyn_cast<CallInst>(&instruction);
    const bool is_collect = call && known_call(*call) == Known::collect;
    if (is_collect) access.pointer = call->getArgOperand(0);
    else if (!read_access(a.layout, instruction, access)) continue;
    const auto found = a.array_of.find(access.pointer);
    if (found == a.array_of.end()) continue;
    Contents& all = contents[found->second];
    all.accesses.push_back(&instruction);
    if (!isa<LoadInst>(instruction)) all.writes.push_back(&instruction);
  }
  bool has_changed = false;
  for (auto& [array, how] : a.arrays) {
    if (!how.is_shared || can_share(a, contents[array])) continue;
    how.is_shared = false;
    has_changed = true;
  }
  return has_changed;
}

}  // namespace klab_vector
