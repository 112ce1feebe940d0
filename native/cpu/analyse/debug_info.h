// Source positions in the text of LLVM's intermediate language.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace klab::analyse {

// A user's line, and which functions of the MSL library the instruction came through.
struct SourcePosition {
  std::string file;  // as the line markers name it; "" when no user's line is behind the instruction
  uint32_t line = 0, column = 0;
  std::string innermost_file;      // of the library, by name alone; "" when the instruction is the user's own
  std::string innermost_function;  // that holds the instruction
  std::string library_function;    // of the library, that the user's line calls; "" when it calls none
};

class DebugInfo {
 public:
  // `library` is the folder of the MSL headers: what lies there is not the user's.
  DebugInfo(std::string_view ir, std::string library);

  // Of the instruction whose line of text ends with "!dbg !n"; a position without file when it has none.
  const SourcePosition& of(std::string_view instruction) const;

 private:
  struct Location {
    uint32_t line = 0, column = 0, scope = 0, inlined_at = 0;
  };
  struct Scope {
    std::string function;  // empty for a block within one
    uint32_t file = 0, parent = 0;
  };
  struct File {
    std::string name;
    bool is_library = false;
  };
  void read(std::string_view line);
  SourcePosition resolve(uint32_t location) const;
  std::string function_of(uint32_t scope) const;
  const File& file_of(uint32_t scope) const;

  std::string library_;
  std::unordered_map<uint32_t, Location> locations_;
  std::unordered_map<uint32_t, Scope> scopes_;
  std::unordered_map<uint32_t, File> files_;
  mutable std::unordered_map<uint32_t, SourcePosition> resolved_;
};

}  // namespace klab::analyse
