#include "triple.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "read_launch.h"

namespace msl_conformance {
namespace {

namespace fs = std::filesystem;

bool read_text(const std::string& path, std::string& out, std::string& error) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return error = path + " cannot be read", false;
  out = text.str();
  return true;
}

// out INDEX TYPE [ulp=N] [abs=X]
bool read_header(std::istringstream& words, Output& out) {
  std::string type, option;
  if (!(words >> out.index >> type)) return false;
  out.type = scalar_type(type);
  while (words >> option) {
    char* end = nullptr;
    if (option.starts_with("ulp=")) out.tolerance.ulp = std::strtod(option.c_str() + 4, &end);
    else if (option.starts_with("abs=")) out.tolerance.absolute = std::strtod(option.c_str() + 4, &end);
    if (!end || *end) return false;
  }
  return out.type <= KLAB_F64;
}

// VALUE, ? for anything, or either of them with *COUNT.
bool read_value(const std::string& word, Output& out) {
  const size_t star = std::min(word.find('*'), word.size());
  const std::string value = word.substr(0, star);
  Expectation expectation;
  expectation.is_any = value == "?";
  expectation.has_sign = value == "+0" || value == "-0";
  if (!expectation.is_any && !parse_scalar(value, out.type, expectation.bits)) return false;
  const unsigned long count = star < word.size() ? std::strtoul(word.c_str() + star + 1, nullptr, 10) : 1;
  out.values.insert(out.values.end(), count, expectation);
  return count > 0;
}

bool read_expected(const std::string& text, std::vector<Output>& out, std::string& error) {
  std::istringstream lines(text);
  std::string line, word;
  bool has_derivation = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto fail = [&](const std::string& what) { return error = "line " + std::to_string(number) + ": " + what, false; };
    if (line.starts_with("#")) {
      has_derivation = true;
      continue;
    }
    std::istringstream words(line);
    if (line.starts_with("out ")) {
      words >> word;
      if (!read_header(words, out.emplace_back())) return fail("expected: out INDEX TYPE [ulp=N] [abs=X]");
      continue;
    }
    while (words >> word) {
      if (out.empty() || !read_value(word, out.back())) return fail("cannot read " + word);
    }
  }
  if (!has_derivation) return error = "line 1: say in a comment (#) how the values were derived", false;
  if (out.empty() || std::any_of(out.begin(), out.end(), [](const Output& o) { return o.values.empty(); })) return error = "an output without values", false;
  return true;
}

}  // namespace

std::vector<std::string> list_triples(const std::string& root) {
  std::vector<std::string> names;
  for (const fs::directory_entry& file : fs::recursive_directory_iterator(root)) {
    fs::path path = file.path();
    if (path.extension() != ".json") continue;
    path = path.parent_path() / path.stem().stem();
    names.push_back(fs::relative(path, root).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool read_triple(const std::string& root, const std::string& name, Triple& out, std::string& error) {
  out = Triple();
  out.name = name;
  const std::string base = root + "/" + name;
  out.source = base + ".metal";
  std::string launch, expected;
  if (!read_text(out.source, out.text, error) || !read_text(base + ".launch.json", launch, error) || !read_text(base + ".expected", expected, error)) return false;
  if (!read_launch(launch, out.launch, error)) return error = name + ".launch.json: " + error, false;
  if (!read_expected(expected, out.outputs, error)) return error = name + ".expected: " + error, false;
  for (const Output& output : out.outputs) {
    const auto fits = [&](const Argument& argument) { return argument.index == output.index && argument.is_buffer && argument.bytes.size() >= output.values.size() * scalar_bytes(output.type); };
    if (std::none_of(out.launch.args.begin(), out.launch.args.end(), fits)) return error = name + ".expected: no buffer " + std::to_string(output.index) + " that holds " + std::to_string(output.values.size()) + " values", false;
  }
  return true;
}

}  // namespace msl_conformance
