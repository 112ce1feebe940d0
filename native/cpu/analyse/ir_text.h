// Reading single lines of LLVM's intermediate language.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace klab::analyse {

// Sizes of types as text: "float", "<4 x i32>", "[32 x [32 x float]]", "{ i32, ptr }", "%struct.S".
class TypeSizes {
 public:
  // Remembers a line "%name = type { … }".
  void define(std::string_view line);
  // Bytes that an object of the type takes in an array; 0 when the type is not understood.
  uint64_t bytes(std::string_view type) const;

 private:
  struct Layout {
    uint64_t bytes = 0, alignment = 1;
  };
  Layout layout(std::string_view type) const;
  Layout aggregate(std::string_view fields, bool is_packed) const;
  std::unordered_map<std::string, std::string> named_;
};

// "float" of "float %1, %2" and "<4 x float>" of "<4 x float> %1": the type at the start of the text.
std::string_view leading_type(std::string_view text);
// The text up to the first top-level comma.
std::string_view until_comma(std::string_view text);

// One past the operand that starts at `at`.
size_t operand_end(std::string_view line, size_t at);

struct Instruction {
  std::string_view result;  // "%5"; empty when there is none
  std::string_view opcode;  // without tail, musttail, notail
  std::string_view rest;    // behind the opcode, metadata included
};
// False for labels, comments and ends of multi-line instructions.
bool read_instruction(std::string_view line, Instruction& out);

// Drops words such as fast-math flags, nuw or volatile in front of a type.
std::string_view skip_flags(std::string_view text);

}  // namespace klab::analyse
