// Runs a triple on a device and compares.
#pragma once
#include <string>

#include "triple.h"

namespace msl_conformance {

enum class Verdict : uint32_t { none, running, passed, failed, skipped };

struct Report {
  Verdict verdict = Verdict::failed;
  std::string detail;  // why it failed or was skipped
  std::string tier;    // that ran it
};

// Skipped: the device lacks what the launch requires, or the tier asked for cannot run it.
Report run_triple(klab_device* device, const Triple& triple);

}  // namespace msl_conformance
