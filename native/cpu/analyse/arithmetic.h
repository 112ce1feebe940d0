// What an instruction computes, for the counters.
#pragma once
#include "cpu/analyse/debug_info.h"
#include "cpu/analyse/ir_text.h"
#include "cpu/analyse/sites.h"

namespace klab::analyse {

// Adds the instruction to the line's operations. Comparisons, conversions, selections and negations count as nothing.
void count_arithmetic(const Instruction& instruction, const SourcePosition& position, BlockLine& line);

// "@llvm.fma.f32" of a call's text; empty for a call through a pointer.
std::string_view callee_of(std::string_view call);

}  // namespace klab::analyse
