#include "source_map.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "lexer.h"

namespace klab::msl {
namespace {

// `# 12 "path" 1 3` → line and path.
bool parse_marker(std::string_view text, uint32_t& line, std::string& file) {
  size_t at = text.find_first_of("0123456789");
  if (at == std::string_view::npos) return false;
  uint64_t number = 0;
  while (at < text.size() && text[at] >= '0' && text[at] <= '9' && number < (1u << 30)) number = number * 10 + uint64_t(text[at++] - '0');
  line = uint32_t(number);
  const size_t open = text.find('"', at);
  if (open == std::string_view::npos) return true;
  file.clear();
  for (size_t i = open + 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    file += text[i];
  }
  return true;
}

std::string_view nth_line(std::string_view text, uint32_t line) {
  size_t begin = 0;
  for (uint32_t i = 1; i < line; ++i) {
    const size_t newline = text.find('\n', begin);
    if (newline == std::string_view::npos) return {};
    begin = newline + 1;
  }
  return text.substr(begin, text.find('\n', begin) - begin);
}

constexpr size_t max_aligned_tokens = 600;  // aligning is quadratic
constexpr size_t max_searched_tokens = 20000;  // on a line of more, made by a program or a macro, nobody looks for a column
constexpr size_t max_searched_bytes = 64 << 10;

// On a line too long to align: the token of `line` that is the n-th of its text, as `token` is since `first`.
std::pair<uint32_t, uint32_t> same_occurrence(std::string_view line, const TokenStream& stream, uint32_t first, uint32_t token) {
  const std::string_view text = stream.tokens[token].text;
  size_t wanted = 0;
  for (uint32_t i = first; i < token; ++i) wanted += stream.tokens[i].text == text;
  std::pair<uint32_t, uint32_t> place{0, 0};
  for (const Token& user : lex(line).tokens) {
    if (user.text != text) continue;
    place = {user.begin, user.end};
    if (wanted-- == 0) break;
  }
  return place;
}

}  // namespace

SourceMap::SourceMap(std::string_view text, const TokenStream& stream, std::string main_file, std::string main_text)
    : main_file_(std::move(main_file)), main_text_(std::move(main_text)) {
  line_starts_.push_back(0);
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) line_starts_.push_back(uint32_t(at + 1));
  files_.push_back(main_file_);
  std::map<std::string, uint32_t> known{{main_file_, 0}};
  std::string file = main_file_;
  for (const Directive& directive : stream.directives) {
    uint32_t line = 1;
    if (!directive.is_marker || !parse_marker(text.substr(directive.begin, directive.end - directive.begin), line, file)) continue;
    const auto [it, is_new] = known.emplace(file, uint32_t(files_.size()));
    if (is_new) files_.push_back(file);
    const auto physical = std::upper_bound(line_starts_.begin(), line_starts_.end(), directive.begin) - line_starts_.begin();
    markers_.push_back({uint32_t(physical), {it->second, line}});
  }
}

SourceMap::Line SourceMap::line_of(uint32_t offset) const {
  const auto physical = uint32_t(std::upper_bound(line_starts_.begin(), line_starts_.end(), offset) - line_starts_.begin() - 1);
  const auto after = std::upper_bound(markers_.begin(), markers_.end(), physical,
                                      [](uint32_t line, const Marker& marker) { return line < marker.physical; });
  if (after == markers_.begin()) return {0, physical + 1};
  const Marker& marker = *(after - 1);
  return {marker.line.file, marker.line.line + (physical - marker.physical)};
}

std::string SourceMap::user_line(const Line& line) const {
  if (line.file == 0) return std::string(nth_line(main_text_, line.line));
  std::ifstream in(files_[line.file], std::ios::binary);
  std::string text;
  for (uint32_t i = 0; i < line.line && std::getline(in, text); ++i) {
  }
  return in ? text : std::string();
}

Location SourceMap::locate(const TokenStream& stream, uint32_t token) const {
  Location location;
  location.file = main_file_;
  if (stream.tokens.empty()) return location;
  token = std::min(token, uint32_t(stream.tokens.size() - 1));
  const Line line = line_of(stream.tokens[token].begin);
  location.file = files_.empty() ? main_file_ : files_[line.file];
  location.line = std::max(line.line, 1u);  // `#line 0` is accepted

  uint32_t first = token, last = token + 1;
  while (first > 0 && token - first <= max_searched_tokens && line_of(stream.tokens[first - 1].begin) == line) --first;
  const std::string written = user_line(line);
  if (token - first > max_searched_tokens || written.size() > max_searched_bytes) return location;
  while (last < stream.tokens.size() && last - first <= max_aligned_tokens && line_of(stream.tokens[last].begin) == line) ++last;
  if (last - first > max_aligned_tokens) {
    const auto [begin, end] = same_occurrence(written, stream, first, token);
    location.column = begin + 1;
    location.end_column = end + 1;
    return location;
  }
  std::vector<std::string_view> emitted;
  for (uint32_t i = first; i < last; ++i) emitted.push_back(stream.tokens[i].text);
  const auto columns = align_columns(written, emitted);
  location.column = columns[token - first].first + 1;
  location.end_column = columns[token - first].second + 1;
  return location;
}

std::vector<std::pair<uint32_t, uint32_t>> align_columns(std::string_view line, const std::vector<std::string_view>& emitted) {
  std::vector<std::pair<uint32_t, uint32_t>> columns(emitted.size(), {0, 0});
  TokenStream written = lex(line);
  std::vector<Token>& user = written.tokens;
  if (user.size() > 4 * max_aligned_tokens) user.resize(4 * max_aligned_tokens);
  const size_t rows = emitted.size(), width = user.size();
  if (width == 0) return columns;

  // Longest common subsequence: common[i][j] of emitted[i…] and user[j…].
  std::vector<uint16_t> common((rows + 1) * (width + 1), 0);
  const auto at = [&](size_t i, size_t j) -> uint16_t& { return common[i * (width + 1) + j]; };
  for (size_t i = rows; i-- > 0;) {
    for (size_t j = width; j-- > 0;) {
      at(i, j) = emitted[i] == user[j].text ? uint16_t(at(i + 1, j + 1) + 1) : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  size_t j = 0;
  for (size_t i = 0; i < rows; ++i) {
    while (j < width && emitted[i] != user[j].text && at(i, j) == at(i, j + 1) && at(i, j) != at(i + 1, j)) ++j;
    const bool is_same = j < width && emitted[i] == user[j].text;
    const Token& from = user[std::min(j, width - 1)];
    columns[i] = {from.begin, from.end};
    if (is_same) ++j;
  }
  return columns;
}

}  // namespace klab::msl
