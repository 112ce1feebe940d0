// The kernels that compute functions of the table.
#pragma once
#include <string>
#include <vector>

#include "functions.h"

namespace msl_accuracy {

using Chunk = std::vector<const Function*>;

// `all` in portions of one arity that compile quickly.
std::vector<Chunk> chunks(const std::vector<Function>& all, bool has_helpers);

// Kernel `check`: out[k * n + i] = function k of (in[i], in[n + i], in[2 n + i]), computed by `scope` ("metal::precise::")
// on `type` ("half").
std::string scalar_source(const Chunk& chunk, const std::string& scope, const std::string& type);

// Kernel `check`: out[k * n + i] counts components of function k of vectors of two, three and four that do not have the
// bits of the function of the component.
std::string vector_source(const Chunk& chunk, const std::string& scope, const std::string& type);

}  // namespace msl_accuracy
