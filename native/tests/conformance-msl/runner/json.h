// Just enough JSON to read a launch: objects, arrays, strings without escapes, numbers, true and false.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace msl_conformance {

struct Json {
  enum class Kind { boolean, number, string, array, object };
  Kind kind = Kind::object;
  std::string text;  // of a string, or a number or boolean as written
  std::vector<Json> items;
  std::vector<std::pair<std::string, Json>> members;

  const Json* find(std::string_view key) const;
};

// False, with what is wrong and where in `error`, when the text is not such a document.
bool parse_json(std::string_view text, Json& out, std::string& error);

}  // namespace msl_conformance
