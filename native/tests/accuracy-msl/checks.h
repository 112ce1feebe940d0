// What the accuracy program checks on a device, each in a file of its own.
#pragma once
#include "include/klab.h"

namespace msl_accuracy {

struct Scope {
  // Not in the vector tier: integers of 128 bits, and functions of vectors, which must have the bits of the functions of
  // their components. That holds for all tiers when it does for one, for they share the library.
  bool is_vector_tier = false;
  bool is_verbose = false;
};

// The functions of functions.h.
void check_math(klab_device* device, const Scope& scope);
// The functions of integer_functions.h for every integer type, exactly.
void check_integers(klab_device* device, const Scope& scope);
// Classification, select, any and all: exactly, in fast math too.
void check_relations(klab_device* device);
// Functions of two vectors of two, three or four, within bounds derived from their sums.
void check_geometry(klab_device* device);

}  // namespace msl_accuracy
