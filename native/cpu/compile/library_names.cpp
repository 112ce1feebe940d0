#include "library_names.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <set>

#include "../frontend/lexer.h"
#include "cpu/compiler/storage.h"

namespace klab::cpu {
namespace {

std::set<std::string> words_of(const std::string& shim) {
  std::set<std::string> words;
  std::error_code error;
  for (std::filesystem::directory_iterator it(shim, error), end; !error && it != end; it.increment(error)) {
    std::string text;
    if (it->path().extension() != ".h" || !read_file(it->path().string(), text)) continue;
    for (size_t i = 0; i < text.size();) {
      size_t last = i + 1;
      if (msl::is_identifier_start(text[i])) {
        while (last < text.size() && msl::is_identifier_part(text[last])) ++last;
        words.insert(text.substr(i, last - i));
      }
      i = last;
    }
  }
  return words;
}

}  // namespace

bool is_library_name(const std::string& shim, std::string_view name) {
  if (name.size() < 2) return false;
  static std::mutex mutex;
  static std::map<std::string, std::set<std::string>> known;
  const std::lock_guard lock(mutex);
  auto& words = known[shim];
  if (words.empty()) words = words_of(shim);
  return words.contains(std::string(name));
}

}  // namespace klab::cpu
