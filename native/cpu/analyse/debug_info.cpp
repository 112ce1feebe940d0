#include "cpu/analyse/debug_info.h"

#include <cstdlib>
#include <filesystem>

namespace klab::analyse {

namespace {

constexpr std::string_view entry_file = "<entry point>";

// The number behind "key: " or "key: !" of a metadata node; 0 when there is none, and no node that matters is 0.
uint32_t number_of(std::string_view node, std::string_view key) {
  const size_t at = node.find(key);
  if (at == std::string_view::npos) return 0;
  const char* text = node.data() + at + key.size();
  if (*text == '!') text++;
  return static_cast<uint32_t>(std::strtoul(text, nullptr, 10));
}

// LLVM writes what is not printable, quotes and backslashes as \xx.
std::string text_of(std::string_view node, std::string_view key) {
  const size_t at = node.find(key);
  if (at == std::string_view::npos) return {};
  std::string out;
  for (size_t i = at + key.size() + 1; i < node.size() && node[i] != '"'; i++) {
    if (node[i] == '\\' && i + 2 < node.size()) {
      const char hex[3] = {node[i + 1], node[i + 2], 0};
      out += static_cast<char>(std::strtoul(hex, nullptr, 16));
      i += 2;
    } else {
      out += node[i];
    }
  }
  return out;
}

}  // namespace

DebugInfo::DebugInfo(std::string_view ir, std::string library) : library_(std::filesystem::path(std::move(library)).lexically_normal().string()) {
  for (size_t begin = 0; begin < ir.size();) {
    const size_t end = std::min(ir.find('\n', begin), ir.size());
    if (ir[begin] == '!') read(ir.substr(begin, end - begin));
    begin = end + 1;
  }
}

void DebugInfo::read(std::string_view line) {
  const auto id = static_cast<uint32_t>(std::strtoul(line.data() + 1, nullptr, 10));
  if (line.find("!DILocation(") != line.npos) {
    locations_[id] = {number_of(line, "(line: "), number_of(line, " column: "), number_of(line, "scope: "), number_of(line, "inlinedAt: ")};
  } else if (line.find("!DISubprogram(") != line.npos) {
    scopes_[id] = {text_of(line, "(name: "), number_of(line, ", file: "), 0};
  } else if (line.find("!DILexicalBlock") != line.npos) {
    scopes_[id] = {"", number_of(line, "file: "), number_of(line, "(scope: ")};
  } else if (line.find("!DIFile(") != line.npos) {
    File file{text_of(line, "filename: "), false};
    std::filesystem::path full = file.name;
    if (full.is_relative()) full = std::filesystem::path(text_of(line, "directory: ")) / full;
    file.is_library = file.name == entry_file || full.lexically_normal().string().starts_with(library_);
    files_[id] = std::move(file);
  }
}

std::string DebugInfo::function_of(uint32_t scope) const {
  for (auto it = scopes_.find(scope); it != scopes_.end(); it = scopes_.find(it->second.parent)) {
    if (!it->second.function.empty()) return it->second.function;
  }
  return {};
}

const DebugInfo::File& DebugInfo::file_of(uint32_t scope) const {
  static const File none;
  for (auto it = scopes_.find(scope); it != scopes_.end(); it = scopes_.find(it->second.parent)) {
    if (const auto file = files_.find(it->second.file); file != files_.end()) return file->second;
  }
  return none;
}

SourcePosition DebugInfo::resolve(uint32_t location) const {
  SourcePosition out;
  bool is_innermost = true;
  for (auto it = locations_.find(location); it != locations_.end(); it = locations_.find(it->second.inlined_at)) {
    const Location& at = it->second;
    const File& file = file_of(at.scope);
    const std::string function = function_of(at.scope);
    if (is_innermost) out.innermost_function = function;
    if (is_innermost && file.is_library) out.innermost_file = std::filesystem::path(file.name).filename().string();
    is_innermost = false;
    if (file.is_library) {
      out.library_function = function;
      continue;
    }
    out.file = file.name;
    out.line = at.line;
    out.column = at.column;
    return out;
  }
  return out;
}

const SourcePosition& DebugInfo::of(std::string_view instruction) const {
  static const SourcePosition none;
  const size_t at = instruction.rfind("!dbg !");
  if (at == instruction.npos) return none;
  const auto id = static_cast<uint32_t>(std::strtoul(instruction.data() + at + 6, nullptr, 10));
  const auto known = resolved_.find(id);
  return known != resolved_.end() ? known->second : resolved_.emplace(id, resolve(id)).first->second;
}

}  // namespace klab::analyse
