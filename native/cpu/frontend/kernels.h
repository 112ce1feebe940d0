// Kernels and their parameters: what an entry binds.
#pragma once
#include "syntax.h"

namespace klab::msl {

struct FunctionSite {
  uint32_t first = 0, last = 0;  // up to the body or the ';'
  FunctionHead head;
  Scope scope;
  bool is_definition = false;
};

// Files the function as a kernel if it is one, and turns it into a static C++ function.
void read_kernel(Program& program, const FunctionSite& site);

// Parameters between the parentheses (open, close). Indices left out are dealt in order.
std::vector<Parameter> read_parameters(Program& program, uint32_t open, uint32_t close);

// True for thread_position_in_grid and its kind.
bool is_position_attribute(std::string_view name);

}  // namespace klab::msl
