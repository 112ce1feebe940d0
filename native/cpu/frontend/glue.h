// The generated end of a kernel source: from kernel_abi.h's entry to the user's kernel.
#pragma once
#include "emit.h"
#include "entries.h"

namespace klab::msl {

// The program as C++, ready for append_call or append_entry. See constant_replacements for `values`.
CppText emit_source(const Program& program, const std::vector<ConstantValue>* values, bool has_markers);

// Makes the compiler check the call of the entry, and instantiate its template; `number` keeps names apart.
void append_call(CppText& text, const Program& program, const EntryPoint& entry, size_t number);

// append_call, and the `klab_kernel` that the runtime looks for.
void append_entry(CppText& text, const Program& program, const EntryPoint& entry, bool uses_sync);

}  // namespace klab::msl
