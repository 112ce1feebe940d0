// The functions of native/msl that the pass knows by name.
#pragma once
#include <llvm/IR/InstrTypes.h>

namespace klab_vector {

enum class Known { none, lane, active, ballot, first, collect, permute, barrier, threadgroup_variable };

inline Known known_call(const llvm::CallBase& call) {
  const llvm::Function* callee = call.getCalledFunction();
  if (!callee) return Known::none;
  const llvm::StringRef name = callee->getName();
  if (name == "klab_vector_lane") return Known::lane;
  if (name == "klab_vector_active") return Known::active;
  if (name == "klab_vector_ballot") return Known::ballot;
  if (name == "klab_vector_first") return Known::first;
  if (name.starts_with("klab_vector_collect_")) return Known::collect;
  if (name.starts_with("klab_vector_permute_")) return Known::permute;
  if (name == "klab_threadgroup_barrier_at" || name == "klab_threadgroup_barrier") return Known::barrier;
  if (name == "klab_threadgroup_variable") return Known::threadgroup_variable;
  return Known::none;
}

}  // namespace klab_vector
