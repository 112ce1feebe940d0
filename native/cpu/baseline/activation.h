// The activation of a product, after bias, alpha and beta, in the type that the sums are in.
#pragma once
#include <cstddef>
#include <cstdint>

namespace klab::cpu {

// A klab_activation over a row of values. The float one is within 4 units of the last place, and some 2^-24 where the
// value is near 0; what is not a number stays so.
void activate(uint32_t activation, float* values, size_t count);
void activate(uint32_t activation, double* values, size_t count);

}  // namespace klab::cpu
