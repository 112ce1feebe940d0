// What the accuracy program checks on a device, each in a file of its own.
#pragma once
#include "include/klab.h"

namespace msl_accuracy {

// The functions of functions.h, of scalars and of vectors.
void check_math(klab_device* device, bool is_verbose);
// The functions of integer_functions.h for every integer type, of scalars and of vectors, exactly.
void check_integers(klab_device* device);
// Classification, select, any and all: exactly, in fast math too.
void check_relations(klab_device* device);
// Functions of two vectors of two, three or four, within bounds derived from their sums.
void check_geometry(klab_device* device);

}  // namespace msl_accuracy
