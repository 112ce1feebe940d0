// The generated end of a kernel source: from kernel_abi.h's entry to the user's kernel.
#pragma once
#include "emit.h"
#include "entries.h"

namespace klab::msl {

// The program as C++, ready for append_call or append_entry. See constant_replacements for `values`.
CppText emit_source(const Program& program, const std::vector<ConstantValue>* values, bool has_markers);

// Makes the compiler check the call of the entry, and instantiate its template; `number` keeps names apart.
void append_call(CppText& text, const Program& program, const EntryPoint& entry, size_t number);

// What stands between klab_kernel_desc and `klab__call_0(l, g, position, index)`, which runs one thread.
struct KernelFunctions {
  std::string code;  // C++ that defines the functions named below
  std::string thread = "nullptr", loop = "nullptr", simdgroup = "nullptr";
  uint32_t width_multiple = 0;
  bool uses_sync = true;
};
KernelFunctions thread_functions(bool uses_sync);
// One lane stands for its simdgroup; see uniform.h.
KernelFunctions leader_functions(bool has_barriers, uint32_t width_multiple);
// For one lane, until the vector pass has seen it. is_wide: width_multiple is 32, and all lanes are there.
KernelFunctions vector_functions(bool has_barriers, bool is_wide);

// append_call, and the `klab_kernel` that the runtime looks for.
void append_entry(CppText& text, const Program& program, const EntryPoint& entry, const KernelFunctions& functions);

}  // namespace klab::msl
