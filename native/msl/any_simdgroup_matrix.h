// The simdgroup matrices of the kind of build that this is.
#pragma once
#if defined(KLAB_LEADER)
#include "leader/simdgroup_matrix.h"
#elif defined(KLAB_VECTOR)
#include "vector/simdgroup_matrix.h"
#else
#include "simdgroup_matrix.h"
#endif
