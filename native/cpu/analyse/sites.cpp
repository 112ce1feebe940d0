#include "cpu/analyse/sites.h"

#include <set>
#include <sstream>
#include <tuple>

namespace klab::analyse {

namespace {
constexpr std::string_view version = "klab-sites-7";
}

uint32_t SiteTable::file_index(std::string_view file) {
  for (uint32_t i = 0; i < files.size(); i++) {
    if (files[i] == file) return i;
  }
  files.emplace_back(file);
  return static_cast<uint32_t>(files.size() - 1);
}

uint64_t SiteTable::threadgroup_bytes() const {
  constexpr uint64_t align = 16;
  std::set<std::tuple<uint32_t, uint32_t, uint32_t, uint32_t, std::string_view>> known;
  uint64_t bytes = 0;
  for (const Site& s : sites) {
    if (s.kind != SiteKind::variable || !known.insert({s.file, s.line, s.column, s.extent, s.name}).second) continue;
    bytes += (s.extent + align - 1) / align * align;
  }
  return bytes;
}

// One item a line. Texts that may hold spaces (a file, a name) come last on theirs.
std::string SiteTable::write() const {
  std::ostringstream out;
  out << version << '\n';
  out << "code " << code << '\n';
  for (const std::string& file : files) out << "file " << file << '\n';
  for (const Site& s : sites) {
    out << "site " << unsigned(s.kind) << ' ' << s.file << ' ' << s.line << ' ' << s.column << ' ' << s.bytes << ' ' << s.extent << ' ' << s.is_write << ' ' << s.is_read << ' ' << s.is_copy << ' ' << s.may_fail << ' ' << s.is_again << ' ' << s.name << '\n';
  }
  for (const auto& block : blocks) {
    out << "block\n";
    for (const BlockLine& l : block) {
      out << "line " << l.file << ' ' << l.line << ' ' << l.half_flops << ' ' << l.bfloat_flops << ' ' << l.float_flops << ' ' << l.double_flops << ' ' << l.special_ops << ' ' << l.int_ops << ' ' << l.is_own << '\n';
    }
  }
  return out.str();
}

bool SiteTable::read(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string line;
  if (!std::getline(in, line) || line != version) return false;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string what;
    words >> what;
    if (what == "code") {
      words >> code;
    } else if (what == "file") {
      files.push_back(line.size() > 5 ? line.substr(5) : "");
    } else if (what == "site") {
      Site s;
      unsigned kind = 0;
      words >> kind >> s.file >> s.line >> s.column >> s.bytes >> s.extent >> s.is_write >> s.is_read >> s.is_copy >> s.may_fail >> s.is_again;
      if (!words || kind > unsigned(SiteKind::last) || s.file >= files.size()) return false;
      s.kind = static_cast<SiteKind>(kind);
      words.get();
      std::getline(words, s.name);
      sites.push_back(std::move(s));
    } else if (what == "block") {
      blocks.emplace_back();
    } else if (what == "line" && !blocks.empty()) {
      BlockLine l;
      words >> l.file >> l.line >> l.half_flops >> l.bfloat_flops >> l.float_flops >> l.double_flops >> l.special_ops >> l.int_ops >> l.is_own;
      if (!words || l.file >= files.size()) return false;
      blocks.back().push_back(l);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace klab::analyse
