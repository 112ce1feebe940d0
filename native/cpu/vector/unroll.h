#pragma once
#include <llvm/IR/PassManager.h>

#include "analysis.h"

namespace klab_vector {

// Unrolls the loops in which each lane walks along a row of its own, piece by piece, so that pieces become bundles.
// Returns whether the function has changed: then it is to be analysed anew.
bool unroll_row_loops(const Analysis& analysis, llvm::FunctionAnalysisManager& analyses);

}  // namespace klab_vector
