// What the instrumentation knows of pointers: those into the thread's own variables, and into the runtime's memory.
#include "cpu/analyse/instrument_block.h"

namespace klab::analyse {

// Follows pointers into variables of the thread: those no other thread can reach by an index of its own.
void BlockRewriter::note_pointer(const Instruction& instruction) {
  if (instruction.opcode == "alloca") {
    const std::string_view type = leading_type(instruction.rest);
    const std::string_view rest = instruction.rest.substr(type.size());
    const bool has_count = rest.starts_with(", i") || type == "inalloca";
    function_.variables[std::string(instruction.result)] = {std::string(instruction.result), has_count ? 0 : types_.bytes(type), false};
  } else if (instruction.opcode == "getelementptr") {
    const size_t at = instruction.rest.find(", ptr %");
    if (at == instruction.rest.npos) return;
    const size_t begin = at + 6, end = operand_end(instruction.rest, begin);
    const auto base = function_.variables.find(std::string(instruction.rest.substr(begin, end - begin)));
    if (base == function_.variables.end()) return;
    ThreadVariable variable = base->second;
    const std::string_view indices = instruction.rest.substr(end, instruction.rest.find("!dbg", end) - end);
    variable.is_indexed |= indices.find('%') != indices.npos;
    function_.variables[std::string(instruction.result)] = std::move(variable);
  }
}

void BlockRewriter::note_runtime_pointer(const Instruction& instruction) {
  const std::string result(instruction.result);
  const std::string_view rest = instruction.rest;
  if (instruction.opcode == "call" && rest.find("@llvm.threadlocal.address") != rest.npos && rest.find("@klab_current)") != rest.npos) {
    function_.runtime_memory[result] = RuntimeMemory::current;
    return;
  }
  const bool is_load = instruction.opcode == "load" && rest.starts_with("ptr, ptr ");
  if (!is_load && instruction.opcode != "getelementptr") return;
  if (is_load && rest.starts_with("ptr, ptr @klab_current")) {
    function_.runtime_memory[result] = RuntimeMemory::fiber;
    return;
  }
  const size_t at = rest.find(", ptr %");
  if (at == rest.npos) return;
  const size_t begin = at + 6, end = operand_end(rest, begin);
  const auto base = function_.runtime_memory.find(std::string(rest.substr(begin, end - begin)));
  if (base == function_.runtime_memory.end()) return;
  const RuntimeMemory from = base->second;
  if (!is_load) function_.runtime_memory[result] = from;
  else if (from == RuntimeMemory::current) function_.runtime_memory[result] = RuntimeMemory::fiber;
  else if (from == RuntimeMemory::fiber) function_.runtime_memory[result] = RuntimeMemory::group;
}

}  // namespace klab::analyse
