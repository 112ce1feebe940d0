#include "special_files.h"

#include <filesystem>
#include <set>
#include <string_view>
#include <vector>

#include "cpu/compiler/storage.h"

namespace klab::cpu {
namespace {

namespace fs = std::filesystem;

// The compiler has limits of its own; these only keep the look ahead short.
constexpr size_t max_files = 500;
constexpr uint64_t max_file_bytes = 8 << 20;

struct Include {
  std::string name;
  bool is_quoted = false;
  uint32_t line = 1, column = 1;
};

constexpr std::string_view blanks = " \t\f\v\r";

void skip_blanks(std::string_view line, size_t& at) { at = std::min(line.find_first_not_of(blanks, at), line.size()); }

std::string_view take_word(std::string_view line, size_t& at) {
  skip_blanks(line, at);
  const size_t begin = at;
  while (at < line.size() && (std::isalnum(static_cast<unsigned char>(line[at])) || line[at] == '_')) ++at;
  return line.substr(begin, at - begin);
}

// What a line names: in an include, or in a macro that an include may name.
std::optional<Include> include_of(std::string_view line, uint32_t number) {
  size_t at = 0;
  skip_blanks(line, at);
  if (at == line.size() || line[at] != '#') return std::nullopt;
  ++at;
  const std::string_view directive = take_word(line, at);
  if (directive == "define") take_word(line, at);
  else if (directive != "include" && directive != "import" && directive != "include_next" && directive != "embed") return std::nullopt;
  skip_blanks(line, at);
  if (at == line.size() || (line[at] != '"' && line[at] != '<')) return std::nullopt;
  const size_t end = line.find(line[at] == '"' ? '"' : '>', at + 1);
  if (end == std::string_view::npos || end == at + 1) return std::nullopt;
  return Include{std::string(line.substr(at + 1, end - at - 1)), line[at] == '"', number, uint32_t(at + 1)};
}

std::string_view kind_of(fs::file_type type) {
  switch (type) {
    case fs::file_type::character:
    case fs::file_type::block: return "a device";
    case fs::file_type::fifo: return "a pipe";
    case fs::file_type::socket: return "a socket";
    default: return "";
  }
}

class Search {
 public:
  explicit Search(const ModuleRequest& request) : request_(request), folder_(fs::path(request.path).parent_path()) {}

  std::optional<Diagnostic> in(const std::string& path, std::string_view text) {
    uint32_t number = 0;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      const auto include = include_of(text.substr(begin, end - begin), ++number);
      begin = end + 1;
      if (!include) continue;
      if (auto found = follow(path, *include)) return found;
    }
    return std::nullopt;
  }

 private:
  std::optional<Diagnostic> follow(const std::string& from, const Include& include) {
    const fs::path path = resolve(from, include);
    if (path.empty()) return std::nullopt;
    std::error_code error;
    const std::string_view kind = kind_of(fs::status(path, error).type());
    if (!kind.empty()) {
      Diagnostic diagnostic;
      diagnostic.file = from;
      diagnostic.line = diagnostic.end_line = include.line;
      diagnostic.column = include.column;
      diagnostic.end_column = uint32_t(include.column + include.name.size() + 2);
      diagnostic.message = "'" + include.name + "' is " + std::string(kind) + ", which cannot be included: name an ordinary file";
      return diagnostic;
    }
    std::string text;
    const bool is_new = seen_.size() < max_files && seen_.insert(path.lexically_normal().string()).second;
    if (!is_new || fs::file_size(path, error) > max_file_bytes || error || !read_file(path.string(), text)) return std::nullopt;
    return in(path.string(), text);
  }

  // As the compiler looks for it; a folder of the name is passed over.
  fs::path resolve(const std::string& from, const Include& include) const {
    std::vector<fs::path> folders;
    if (include.is_quoted) folders = {fs::path(from).parent_path(), folder_};
    folders.insert(folders.end(), request_.include_roots.begin(), request_.include_roots.end());
    if (fs::path(include.name).is_absolute()) folders = {"/"};
    for (const fs::path& folder : folders) {
      std::error_code error;
      const fs::path path = folder / include.name;
      const fs::file_status status = fs::status(path, error);
      if (fs::exists(status) && !fs::is_directory(status)) return path;
    }
    return {};
  }

  const ModuleRequest& request_;
  const fs::path folder_;
  std::set<std::string> seen_;
};

}  // namespace

std::optional<Diagnostic> find_special_file(const ModuleRequest& request) { return Search(request).in(request.path, request.source); }

}  // namespace klab::cpu
