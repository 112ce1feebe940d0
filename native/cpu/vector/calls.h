// Calls of functions that lanes make each for itself.
#pragma once
#include <llvm/IR/InstrTypes.h>

namespace klab_vector {

enum class VectorForm {
  none,
  intrinsic,          // the same intrinsic over vectors; operands that must be scalars are the same in all lanes
  lane_by_lane,       // called for every lane, active or not: it has no effects and cannot fail
};

VectorForm vector_form_of(const llvm::CallBase& call);

}  // namespace klab_vector
