#pragma once
#include <string>

#include "triple.h"

namespace msl_conformance {

bool read_launch(const std::string& text, Launch& out, std::string& error);

}  // namespace msl_conformance
