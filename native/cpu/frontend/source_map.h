// From places in preprocessed text back to lines and columns of the user's files.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "token.h"

namespace klab::msl {

// 1-based, columns in bytes; end_column is one past the token.
struct Location {
  std::string file;
  uint32_t line = 1, column = 1, end_column = 1;
};

class SourceMap {
 public:
  SourceMap() = default;
  // Reads the line markers of `stream`. `main_file` names the file whose text is `main_text`.
  SourceMap(std::string_view text, const TokenStream& stream, std::string main_file, std::string main_text);

  Location locate(const TokenStream& stream, uint32_t token) const;
  // Files that the text came from, the main one included.
  const std::vector<std::string>& files() const { return files_; }
  const std::string& main_file() const { return main_file_; }
  const std::string& main_text() const { return main_text_; }

 private:
  struct Line {
    uint32_t file = 0, line = 1;
    bool operator==(const Line&) const = default;
  };
  struct Marker {
    uint32_t physical;  // line of the text that the marker speaks of, 0-based
    Line line;
  };
  Line line_of(uint32_t offset) const;
  std::string user_line(const Line& line) const;

  std::vector<uint32_t> line_starts_;
  std::vector<Marker> markers_;
  std::vector<std::string> files_;
  std::string main_file_, main_text_;
};

// For each of `emitted` (the tokens that one line of the user's became) the column and end column, 0-based, of the
// token of `line` that it came from; a token that a macro made gets the macro's name.
std::vector<std::pair<uint32_t, uint32_t>> align_columns(std::string_view line, const std::vector<std::string_view>& emitted);

}  // namespace klab::msl
