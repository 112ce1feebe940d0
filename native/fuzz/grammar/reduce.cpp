#include "reduce.h"

#include <sstream>
#include <vector>

namespace klab_fuzz {
namespace {

using Lines = std::vector<std::string>;

std::string join(const Lines& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

int braces(const std::string& line) {
  int depth = 0;
  for (const char c : line) depth += c == '{' ? 1 : c == '}' ? -1 : 0;
  return depth;
}

// One past the last line of what starts at `first`: the line, or the block that it opens.
size_t end_of(const Lines& lines, size_t first) {
  int depth = 0;
  for (size_t i = first; i < lines.size(); i++) {
    depth += braces(lines[i]);
    if (depth <= 0) return i + 1;
  }
  return lines.size();
}

bool try_without(Lines& lines, size_t first, size_t last, const std::function<bool(const std::string&)>& still_fails) {
  Lines rest(lines.begin(), lines.begin() + long(first));
  rest.insert(rest.end(), lines.begin() + long(last), lines.end());
  if (!still_fails(join(rest))) return false;
  lines = std::move(rest);
  return true;
}

}  // namespace

std::string reduce_source(std::string source, const std::function<bool(const std::string&)>& still_fails) {
  Lines lines;
  std::istringstream in(source);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (size_t count = 8; count >= 1; count /= 2) {
      // From the end: what is declared early is used later.
      for (size_t i = lines.size(); i-- > 0;) {
        size_t end = i;
        for (size_t k = 0; k < count && end < lines.size(); k++) end = end_of(lines, end);
        has_changed |= try_without(lines, i, end, still_fails);
      }
    }
    // The lines around a block, without what is in it.
    for (size_t i = lines.size(); i-- > 0;) {
      const size_t end = i < lines.size() ? end_of(lines, i) : i;
      if (end < i + 2 || end > lines.size()) continue;
      Lines rest = lines;
      rest.erase(rest.begin() + long(end) - 1);
      rest.erase(rest.begin() + long(i));
      if (still_fails(join(rest))) lines = std::move(rest), has_changed = true;
    }
  }
  return join(lines);
}

}  // namespace klab_fuzz
