#include "analysis.h"

#include <llvm/IR/InstIterator.h>

#include "names.h"

using namespace llvm;

namespace klab_vector {

Shape Analysis::shape(const Value* value) const {
  if (const auto* integer = dyn_cast<ConstantInt>(value)) {
    return integer->getBitWidth() <= 64 ? constant_shape(integer->getZExtValue()) : uniform_shape();
  }
  if (isa<Constant>(value) || isa<Argument>(value)) return uniform_shape();
  const auto found = shapes.find(value);
  return found == shapes.end() ? Shape{} : found->second;
}

bool Analysis::is_divergent(BasicBlock* block) const { return regions.contains(block); }

const StackArray* Analysis::own_array(const Value* pointer) const {
  const auto found = array_of.find(pointer);
  if (found == array_of.end()) return nullptr;
  const StackArray& array = arrays.at(found->second);
  return array.is_shared ? nullptr : &array;
}

namespace {

Shape phi_shape(const Analysis& a, const PHINode& phi) {
  Shape out;
  for (const Value* incoming : phi.incoming_values()) {
    if (!isa<UndefValue>(incoming)) out = join(out, a.shape(incoming));
  }
  if (out.is_known() && a.joins.contains(phi.getParent())) return varying_shape();
  return out;
}

// Only ever towards fewer claims, so that it ends.
bool update(Analysis& a, const Instruction& instruction) {
  const Shape before = a.shape(&instruction);
  const auto* phi = dyn_cast<PHINode>(&instruction);
  const Shape after = join(before, phi ? phi_shape(a, *phi) : transfer(a, instruction));
  if (after == before) return false;
  a.shapes[&instruction] = after;
  return true;
}

bool update_divergence(Analysis& a) {
  bool has_changed = false;
  for (BasicBlock* block : a.control.order) {
    const auto* branch = dyn_cast<BranchInst>(block->getTerminator());
    if (!branch || !branch->isConditional() || a.is_divergent(block)) continue;
    const Shape condition = a.shape(branch->getCondition());
    if (!condition.is_known() || condition.is_uniform()) continue;
    a.divergent.push_back(block);
    a.regions[block] = a.control.between(block);
    mark_joins(a.control, block, a.joins);
    has_changed = true;
  }
  return has_changed;
}

bool can_reach_barrier(const BlockSet& barriers, BasicBlock* from) {
  BlockSet seen;
  std::vector<BasicBlock*> work = {from};
  while (!work.empty()) {
    BasicBlock* block = work.back();
    work.pop_back();
    if (!seen.insert(block).second) continue;
    if (barriers.contains(block)) return true;
    work.insert(work.end(), succ_begin(block), succ_end(block));
  }
  return false;
}

// A simdgroup comes to a barrier as one. Lanes that have returned, or never come to another barrier, need not be there.
Refusal check_barriers(const Analysis& a) {
  BlockSet barriers;
  std::vector<const CallInst*> calls;
  for (Instruction& instruction : instructions(a.function)) {
    const auto* call = dyn_cast<CallInst>(&instruction);
    if (!call || known_call(*call) != Known::barrier) continue;
    barriers.insert(instruction.getParent());
    calls.push_back(call);
  }
  for (const CallInst* call : calls) {
    for (BasicBlock* branch : a.divergent) {
      if (!a.regions.find(branch)->second.contains(call->getParent())) continue;
      unsigned sides = 0;
      for (BasicBlock* side : successors(branch)) sides += can_reach_barrier(barriers, side);
      if (sides > 1) return refuse(*call, "a barrier where threads of a simdgroup may part ways");
    }
  }
  return {};
}

}  // namespace

Refusal analyse(Analysis& a) {
  if (!a.control.is_reducible) return refuse(a.function.getEntryBlock().front(), "a loop with more than one entry");
  if (Refusal refusal = find_arrays(a)) return refusal;
  find_bundles(a);
  // Each round takes a claim away from some value, block or array, and there are few rounds in practice.
  constexpr unsigned most_rounds = 2000;
  for (unsigned round = 0; round < most_rounds; ++round) {
    bool has_changed = false;
    for (BasicBlock* block : a.control.order) {
      for (Instruction& instruction : *block) has_changed |= update(a, instruction);
    }
    has_changed |= update_divergence(a);
    if (!has_changed) has_changed = unshare_arrays(a);
    if (!has_changed) return check_barriers(a);
  }
  return refuse(a.function.getEntryBlock().front(), "its data flow is too tangled");
}

}  // namespace klab_vector
