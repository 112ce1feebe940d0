// Whether a device's result will do.
#pragma once
#include "functions.h"

namespace msl_accuracy {

enum class Mode { precise, fast, half };

struct Judgement {
  bool is_accepted = true;
  double ulp = 0;  // off by; 0 where only a class of values is asked for
};

// `got` for f(v). Denormal operands and results may be taken for zero; but for that, and for a finite x beyond the
// domain of fast math, every value has an answer, NaN and infinities included: the device promises to honour them in
// fast math, too.
Judgement judge(const Function& f, Mode mode, const Args& v, float got);

}  // namespace msl_accuracy
