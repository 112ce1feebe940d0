// as_type: the same bits as another type. Vectors of three components are as large as those of four.
#pragma once
#include "packed.h"

namespace metal {

template <class To, class From> KLAB_MSL_FN constexpr To as_type(const From& from) {
  static_assert(sizeof(To) == sizeof(From), "as_type needs types of the same size");
  return __builtin_bit_cast(To, from);
}

}  // namespace metal
