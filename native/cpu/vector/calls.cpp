#include "calls.h"

#include <llvm/Analysis/VectorUtils.h>
#include <llvm/IR/Intrinsics.h>
#include <llvm/IR/Function.h>

using namespace llvm;

namespace klab_vector {

VectorForm vector_form_of(const CallBase& call) {
  const Function* callee = call.getCalledFunction();
  if (!callee) return VectorForm::none;
  const Intrinsic::ID id = callee->getIntrinsicID();
  if (id != Intrinsic::not_intrinsic) {
    const bool has_overflow = id == Intrinsic::uadd_with_overflow || id == Intrinsic::sadd_with_overflow || id == Intrinsic::usub_with_overflow ||
                              id == Intrinsic::ssub_with_overflow || id == Intrinsic::umul_with_overflow || id == Intrinsic::smul_with_overflow;
    if (isTriviallyVectorizable(id) && call.getType()->isSingleValueType()) return VectorForm::intrinsic;
    return has_overflow && !call.getType()->isSingleValueType() ? VectorForm::intrinsic : VectorForm::none;
  }
  const bool is_pure = !call.mayReadOrWriteMemory() || callee->onlyAccessesInaccessibleMemory();
  // glibc's, that clang knows nothing of: it may set errno and nothing else.
  const bool is_math = callee->getName() == "exp10f";
  const bool returns_number = call.getType()->isFloatingPointTy() || call.getType()->isIntegerTy();
  return callee->isDeclaration() && returns_number && (is_math || (is_pure && call.doesNotThrow())) ? VectorForm::lane_by_lane : VectorForm::none;
}

}  // namespace klab_vector
