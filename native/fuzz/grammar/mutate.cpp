#include "mutate.h"

#include <cctype>
#include <vector>

namespace klab_fuzz {
namespace {

// Words, numbers and single characters; white space stays with the piece before it.
std::vector<std::string> pieces_of(const std::string& source) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  std::vector<std::string> pieces;
  for (size_t i = 0; i < source.size();) {
    size_t end = i + 1;
    while (is_word(source[i]) && end < source.size() && is_word(source[end])) ++end;
    while (end < source.size() && std::isspace(static_cast<unsigned char>(source[end]))) ++end;
    pieces.push_back(source.substr(i, end - i));
    i = end;
  }
  return pieces;
}

std::string junk(Random& random) {
  return random.word({"(", ")", "{", "}", "[[", "]]", "<", ">", ";", ",", "*", "&", "::", "= ", "template <", "kernel ", "device ", "threadgroup ", "constant ", "struct ", "float4 ",
                      "half ", "int ", "return ", "if (", "for (", "operator", "auto ", "[[buffer(0)]] ", "[[threadgroup(0)]] ", "1.0h", "\"", "'", "/*", "//", "#", "\\\n", "\n#define x\n",
                      "\n#endif\n", "double ", "goto ", "new ", "mpp::", "texture2d<float>", "\x80", "\xef\xbb\xbf", "\t", "?", "~", "...", "using ", "namespace n {", "simd_sum", "0x", "1e"});
}

}  // namespace

std::string mutate(const std::string& source, Random& random) {
  std::vector<std::string> pieces = pieces_of(source);
  const uint32_t changes = 1 + random.below(4);
  for (uint32_t k = 0; k < changes && pieces.size() > 4; k++) {
    const uint32_t at = random.below(uint32_t(pieces.size())), other = random.below(uint32_t(pieces.size()));
    switch (random.below(7)) {
      case 0: pieces.erase(pieces.begin() + at); break;
      case 1: pieces.insert(pieces.begin() + at, std::string(pieces[other])); break;
      case 2: std::swap(pieces[at], pieces[other]); break;
      case 3: pieces[at] = pieces[other]; break;
      case 4: pieces[at] = junk(random); break;
      case 5: pieces.insert(pieces.begin() + at, junk(random)); break;
      default: {
        const uint32_t end = std::min<uint32_t>(at + random.below(30), uint32_t(pieces.size()));
        pieces.erase(pieces.begin() + at, pieces.begin() + end);
      }
    }
  }
  if (random.chance(3)) pieces.resize(random.below(uint32_t(pieces.size())));
  std::string out;
  for (const std::string& piece : pieces) out += piece;
  return out;
}

}  // namespace klab_fuzz
