// The pre-pass: preprocessed MSL in, a Program that can be emitted as C++ out.
#pragma once
#include <memory>
#include <string>

#include "program.h"

namespace klab::msl {

struct ScanRequest {
  std::string preprocessed;
  std::string main_file, main_text;  // as the user has them: columns are found in main_text
};

// Never fails: what is wrong with the source is in Program::problems and, later, in the compiler's diagnostics.
std::unique_ptr<Program> scan(ScanRequest request);

}  // namespace klab::msl
