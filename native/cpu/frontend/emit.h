// A Program as C++ text, with the way back from every place of it to the user's files.
#pragma once
#include <string>
#include <vector>

#include "constants.h"
#include "program.h"

namespace klab::msl {

// Where a piece of generated text comes from.
struct Segment {
  uint32_t begin = 0;  // offset in the text
  uint32_t token = 0;
  uint32_t length = 0;
};

struct Place {
  uint32_t token = 0;
  bool is_behind = false;  // in the white space behind the token: where something is missing
};

struct CppText {
  std::string text;
  std::vector<Segment> segments;  // in order; a place belongs to the last one that begins at or before it

  // Appends generated code that speaks for a token of the user's.
  void append(std::string_view code, uint32_t token);
  // What is at a line and column (1-based) of the text.
  Place place_at(uint32_t line, uint32_t column) const;
};

struct EmitOptions {
  std::string prologue;  // generated code before the user's
  Replacements replacements;
  bool has_markers = false;  // keep line markers: debug information then names the user's lines
};

CppText emit(const Program& program, const EmitOptions& options);

}  // namespace klab::msl
