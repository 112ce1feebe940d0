// Everything found out about a kernel before it is rewritten.
#pragma once
#include <llvm/IR/Constants.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Module.h>

#include <map>
#include <memory>
#include <string>

#include "control.h"
#include "shape.h"

namespace klab_vector {

// Why a kernel has no vector build, and where. Empty: nothing stands in the way.
struct Refusal {
  std::string reason;
  llvm::DebugLoc place;
  explicit operator bool() const { return !reason.empty(); }
};

inline Refusal refuse(const llvm::Instruction& at, std::string reason) { return {std::move(reason), at.getDebugLoc()}; }

// An array on a thread's stack. Lanes share one copy when all of them always store and load the same things (or when a
// collect fills it); else each has its own, and the copies lie interleaved: granule i of all 32 lanes side by side.
struct StackArray {
  bool is_shared = true;
  unsigned granule = 0;  // bytes; the smallest piece that is accessed
  bool is_used = false;
};

// Accesses of neighbouring pieces in one block, in order of their addresses.
struct Bundle {
  std::vector<llvm::Instruction*> accesses;
};

struct Analysis {
  Analysis(llvm::Function& f) : function(f), layout(f.getDataLayout()), control(f) {}

  llvm::Function& function;
  const llvm::DataLayout& layout;
  Control control;
  llvm::DenseMap<const llvm::Value*, Shape> shapes;
  std::map<llvm::AllocaInst*, StackArray> arrays;
  llvm::DenseMap<const llvm::Value*, llvm::AllocaInst*> array_of;  // pointers into stack arrays
  llvm::DenseMap<const llvm::Instruction*, std::shared_ptr<Bundle>> bundles;
  BlockSet joins;
  std::vector<llvm::BasicBlock*> divergent;  // blocks whose branch lanes may take both ways
  llvm::DenseMap<llvm::BasicBlock*, BlockSet> regions;  // between a divergent branch and its meeting block

  Shape shape(const llvm::Value* value) const;
  bool is_divergent(llvm::BasicBlock* block) const;
  // The array that a pointer points into when lanes have copies of their own, else null.
  const StackArray* own_array(const llvm::Value* pointer) const;
};

// The shape of an instruction's result, given its operands'. Group 0 while an operand's is not known.
Shape transfer(const Analysis& analysis, const llvm::Instruction& instruction);

// Finds the arrays and what points into them.
Refusal find_arrays(Analysis& analysis);
void find_bundles(Analysis& analysis);
// True when an array had to be given up as shared. Needs shapes.
bool unshare_arrays(Analysis& analysis);

// Fills shapes, joins, divergent and regions.
Refusal analyse(Analysis& analysis);

}  // namespace klab_vector
