// A loop that was unrolled has one array for the meetings of all its rounds. Each meeting gets one of its own: lanes can
// then share it wherever the meeting is, whatever lanes that have parted do with the others.
#include <llvm/IR/Dominators.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/IntrinsicInst.h>

#include <map>

#include "names.h"
#include "prepare.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr uint64_t lane_count = 32;

bool is_collect(const Instruction& instruction) {
  const auto* call = dyn_cast<CallInst>(&instruction);
  return call && known_call(*call) == Known::collect;
}

bool overwrites(const CallInst& collect, const AllocaInst& array, const DataLayout& layout) {
  const std::optional<TypeSize> size = array.getAllocationSize(layout);
  return collect.getArgOperand(0) == &array && size && size->getFixedValue() == lane_count * layout.getTypeStoreSize(collect.getArgOperand(1)->getType());
}

struct Accesses {
  std::vector<CallInst*> collects;
  std::vector<Instruction*> others;  // loads and stores
};

// False when the array is used in another way.
bool find_accesses(const DataLayout& layout, AllocaInst& array, Accesses& found) {
  std::vector<Instruction*> work = {&array};
  while (!work.empty()) {
    Instruction* pointer = work.back();
    work.pop_back();
    for (Use& use : pointer->uses()) {
      auto* user = cast<Instruction>(use.getUser());
      if (isa<GetElementPtrInst>(user)) {
        work.push_back(user);
      } else if (is_collect(*user) && overwrites(*cast<CallInst>(user), array, layout)) {
        found.collects.push_back(cast<CallInst>(user));
      } else if (isa<LoadInst>(user) || (isa<StoreInst>(user) && use.getOperandNo() == 1)) {
        found.others.push_back(user);
      } else {
        return false;
      }
    }
  }
  return true;
}

class Owners {
 public:
  Owners(DominatorTree& dominators, const Accesses& accesses) : dominators_(dominators) {
    for (CallInst* collect : accesses.collects) writes_[collect->getParent()].push_back(collect);
    for (Instruction* access : accesses.others) {
      if (isa<StoreInst>(access)) writes_[access->getParent()].push_back(access);
    }
    for (Instruction* access : accesses.others) owner_[access] = last_collect(*access);
  }

  CallInst* of(const Instruction* access) const {
    const auto found = owner_.find(access);
    return found == owner_.end() ? nullptr : found->second;
  }

  // Whether it sees its owner's values alone: nothing of another meeting is written on any way from there.
  bool is_alone(const Instruction& access) const {
    const CallInst* owner = of(&access);
    if (!owner) return false;
    if (owner->getParent() == access.getParent()) return true;
    DenseSet<const BasicBlock*> seen = {owner->getParent()};
    std::vector<const BasicBlock*> work(pred_begin(access.getParent()), pred_end(access.getParent()));
    while (!work.empty()) {
      const BasicBlock* block = work.back();
      work.pop_back();
      if (!seen.insert(block).second) continue;
      if (const auto found = writes_.find(block); found != writes_.end()) {
        for (const Instruction* write : found->second) {
          if (of(write) != owner) return false;
        }
      }
      work.insert(work.end(), pred_begin(block), pred_end(block));
    }
    return true;
  }

 private:
  CallInst* last_collect(const Instruction& access) const {
    for (auto* node = dominators_.getNode(access.getParent()); node; node = node->getIDom()) {
      const auto found = writes_.find(node->getBlock());
      if (found == writes_.end()) continue;
      CallInst* last = nullptr;
      for (Instruction* write : found->second) {
        const bool is_before = node->getBlock() != access.getParent() || write->comesBefore(&access);
        if (is_before && isa<CallInst>(write) && (!last || last->comesBefore(write))) last = cast<CallInst>(write);
      }
      if (last) return last;
    }
    return nullptr;
  }

  DominatorTree& dominators_;
  DenseMap<const BasicBlock*, std::vector<Instruction*>> writes_;
  DenseMap<const Instruction*, CallInst*> owner_;
};

Value* rebased(Value* pointer, AllocaInst* from, AllocaInst* to, Instruction* at) {
  if (pointer == from) return to;
  auto* step = cast<GetElementPtrInst>(pointer)->clone();
  step->setOperand(0, rebased(step->getOperand(0), from, to, at));
  step->insertBefore(at->getIterator());
  return step;
}

void separate(AllocaInst& array, DominatorTree& dominators) {
  Accesses accesses;
  if (!find_accesses(array.getFunction()->getDataLayout(), array, accesses) || accesses.collects.size() < 2) return;
  const Owners owners(dominators, accesses);
  if (!all_of(accesses.others, [&](const Instruction* access) { return owners.is_alone(*access); })) return;
  std::map<CallInst*, AllocaInst*> own;
  for (CallInst* collect : accesses.collects) {
    auto* copy = cast<AllocaInst>(array.clone());
    copy->insertBefore(array.getIterator());
    collect->setArgOperand(0, copy);
    own[collect] = copy;
  }
  for (Instruction* access : accesses.others) {
    const unsigned pointer = isa<LoadInst>(access) ? LoadInst::getPointerOperandIndex() : StoreInst::getPointerOperandIndex();
    access->setOperand(pointer, rebased(access->getOperand(pointer), &array, own[owners.of(access)], access));
  }
}

}  // namespace

void separate_meetings(Function& function) {
  DominatorTree dominators(function);
  std::vector<AllocaInst*> arrays;
  for (Instruction& instruction : instructions(function)) {
    if (auto* array = dyn_cast<AllocaInst>(&instruction); array && array->isStaticAlloca()) arrays.push_back(array);
  }
  for (AllocaInst* array : arrays) separate(*array, dominators);
}

}  // namespace klab_vector
