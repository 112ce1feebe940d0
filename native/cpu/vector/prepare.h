// Brings a kernel into the form that the analysis reads.
#pragma once
#include "analysis.h"

namespace klab_vector {

// Copies and fills of memory become loads and stores, hints that the vector form does not need go away.
Refusal prepare(llvm::Function& function);

// An array in which lanes meet several times becomes one for each meeting, where what is read is of one of them.
void separate_meetings(llvm::Function& function);

// Vectors of a few elements become scalars.
void scalarise(llvm::Function& function);

// What has no vector form, after the analysis.
Refusal check_support(const Analysis& analysis);

}  // namespace klab_vector
