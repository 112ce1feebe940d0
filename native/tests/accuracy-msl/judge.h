// Whether a device's result will do.
#pragma once
#include "functions.h"

namespace msl_accuracy {

enum class Mode { precise, fast, half };

struct Judgement {
  bool is_accepted = true;
  double ulp = 0;  // off by; 0 where only a class of values is asked for
};

// `got` for f(x, y). Denormal operands and results may be taken for zero. Under fast math nothing is asked where an
// operand or the truth is not finite.
Judgement judge(const Function& f, Mode mode, float x, float y, float got);

}  // namespace msl_accuracy
