// Watching code for a kernel: rewrites the text of an optimised module in LLVM's intermediate language so that every
// access to memory that a buffer or threadgroup memory may hold goes through a call which answers where to access
// instead, and blocks, branches, barriers and simdgroup operations are told.
//
// A pass over text needs nothing but the clang that compiles kernels anyway.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/device.h"
#include "cpu/analyse/sites.h"

namespace klab::analyse {

struct InstrumentRequest {
  std::string_view ir;
  std::string library_folder;                       // of the MSL headers
  std::vector<std::string> variable_names;          // of threadgroup variables, by slot
};

// The text to compile; it defines klab_analysis_table, the written SiteTable. UNSUPPORTED for a kernel with more
// places than the watching code can number.
Error instrument(const InstrumentRequest& request, std::string& out);

// Another one for every version of the rewriting: a hash of its sources (identity.cmake).
extern const char* const instrumenter_identity;

}  // namespace klab::analyse
