// The cpu device's own checks: tools, memory, a kernel in every tier, and the baseline, against known answers.
#pragma once
#include <string>

#include "core/device.h"

namespace klab::cpu {

// A failed check is a line of the document; the Error is for what keeps the document from being made.
Error run_selftest(Device& device, std::string& json);

}  // namespace klab::cpu
