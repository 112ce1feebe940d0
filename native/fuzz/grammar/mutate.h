// Breaks a source: tokens go, come twice, change places, or become others.
#pragma once
#include <string>

#include "random.h"

namespace klab_fuzz {

std::string mutate(const std::string& source, Random& random);

}  // namespace klab_fuzz
