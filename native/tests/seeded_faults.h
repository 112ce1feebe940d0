// Reads a kernel of tests/seeded-faults: its launch from the comments at its head, what is expected from those at its
// lines. The folder's README says how they are written.
#pragma once
#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "analyse_fixture.h"

namespace seeded_faults {

struct Expectation {
  std::string kind;
  uint32_t line = 0, other_line = 0;  // 0: any
  std::string access;                 // "": any
  int buffer = -1;
};

struct Finding {
  std::string kind, access, text;
  uint32_t line = 0, other_line = 0;
  int buffer = -1;
};

struct Fault {
  std::string name, source;
  uint32_t grid[3] = {1, 1, 1}, threads[3] = {1, 1, 1};
  std::vector<analyse_test::Argument> arguments;
  std::vector<Expectation> expected;
};

inline void read_three(const std::string& text, uint32_t (&out)[3]) {
  std::sscanf(text.c_str(), "%u,%u,%u", &out[0], &out[1], &out[2]);
}

inline uint16_t half_bits(float value) {
  const _Float16 half = static_cast<_Float16>(value);
  uint16_t bits;
  std::memcpy(&bits, &half, sizeof bits);
  return bits;
}

template <class T>
void append(std::vector<unsigned char>& bytes, T value) {
  const auto* data = reinterpret_cast<const unsigned char*>(&value);
  bytes.insert(bytes.end(), data, data + sizeof value);
}

inline void append_number(std::vector<unsigned char>& bytes, const std::string& type, double value) {
  if (type == "half") append(bytes, half_bits(static_cast<float>(value)));
  else if (type == "uint") append(bytes, static_cast<uint32_t>(value));
  else append(bytes, static_cast<float>(value));
}

// One line of the head, without its slashes. False when it is none of them.
inline bool read_head(const std::string& line, Fault& fault) {
  std::istringstream in(line);
  std::string word, index, type, init;
  in >> word;
  if (word == "dispatch:") {
    while (in >> word) {
      if (word.rfind("grid=", 0) == 0) read_three(word.substr(5), fault.grid);
      else if (word.rfind("threads=", 0) == 0) read_three(word.substr(8), fault.threads);
      else return false;
    }
    return true;
  }
  if (!(in >> index) || index.back() != ':') return true;  // prose
  analyse_test::Argument argument;
  argument.index = static_cast<uint32_t>(std::stoul(index));
  if (word == "buffer") {
    size_t count = 0;
    if (!(in >> type >> count >> init)) return false;
    for (size_t i = 0; i < count; i++) append_number(argument.bytes, type, init == "iota" ? double(i) : init == "ones" ? 1 : 0);
    if (init == "undefined") argument.flags = KLAB_BUFFER_UNDEFINED;
  } else if (word == "bytes") {
    double value = 0;
    if (!(in >> type >> value)) return false;
    append_number(argument.bytes, type, value);
    argument.is_constant = true;
  } else if (word == "threadgroup") {
    if (!(in >> argument.threadgroup_bytes)) return false;
  } else {
    return true;
  }
  fault.arguments.push_back(std::move(argument));
  return true;
}

inline bool read_expectation(const std::string& text, uint32_t line, const std::map<std::string, uint32_t>& labels, Expectation& out) {
  std::istringstream in(text);
  std::string word;
  in >> out.kind;
  out.line = line;
  while (in >> word && word != "//") {
    if (word == "read" || word == "write") out.access = word;
    else if (std::isdigit(static_cast<unsigned char>(word[0]))) out.buffer = std::stoi(word);
    else if (word == "with" && in >> word && labels.count(word)) out.other_line = labels.at(word);
    else return false;
  }
  return true;
}

// Empty, or what is wrong with the file.
inline std::string read_fault(const std::filesystem::path& path, Fault& fault) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  fault.name = path.stem();
  std::map<std::string, uint32_t> labels;
  for (uint32_t i = 0; i < lines.size(); i++) {
    fault.source += lines[i] + "\n";
    if (lines[i].rfind("// ", 0) == 0 && !read_head(lines[i].substr(3), fault)) return "line " + std::to_string(i + 1) + " is not understood";
    const size_t label = lines[i].find("// label: ");
    if (label == std::string::npos) continue;
    std::istringstream name(lines[i].substr(label + 10));
    std::string word;
    name >> word;
    labels[word] = i + 1;
  }
  for (uint32_t i = 0; i < lines.size(); i++) {
    for (size_t at = lines[i].find("// expect: "); at != std::string::npos; at = lines[i].find("// expect: ", at + 1)) {
      Expectation expectation;
      if (!read_expectation(lines[i].substr(at + 11), i + 1, labels, expectation)) return "the expectation of line " + std::to_string(i + 1) + " is not understood";
      fault.expected.push_back(expectation);
    }
  }
  return fault.expected.empty() ? "nothing is expected of it" : "";
}

inline analyse_test::Case case_of(const Fault& fault, const char* entry) {
  analyse_test::Case c;
  c.source = fault.source;
  c.entry = entry;
  c.is_whole_source = true;
  c.arguments = fault.arguments;
  std::copy(std::begin(fault.grid), std::end(fault.grid), c.grid);
  std::copy(std::begin(fault.threads), std::end(fault.threads), c.threads);
  return c;
}

inline std::string field(const std::string& object, const std::string& name) {
  const size_t at = object.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  const size_t start = at + name.size() + 3;
  return object[start] == '"' ? object.substr(start + 1, object.find('"', start + 1) - start - 1) : object.substr(start, object.find_first_of(",}", start) - start);
}

inline std::vector<Finding> read_findings(const std::string& json) {
  std::vector<Finding> out;
  const size_t end = json.find("],\"omitted\"");
  for (size_t at = json.find("{\"kind\":"); at < end; ) {
    const size_t next = std::min(json.find("{\"kind\":", at + 1), end);
    const std::string object = json.substr(at, next - at);
    Finding finding{field(object, "kind"), field(object, "access"), object};
    finding.line = static_cast<uint32_t>(std::strtoul(field(object, "line").c_str(), nullptr, 10));
    finding.other_line = static_cast<uint32_t>(std::strtoul(field(object, "otherLine").c_str(), nullptr, 10));
    if (const std::string buffer = field(object, "buffer"); !buffer.empty()) finding.buffer = std::stoi(buffer);
    out.push_back(finding);
    at = next;
  }
  return out;
}

inline bool fits(const Finding& f, const Expectation& e) {
  if (f.kind != e.kind || (!e.access.empty() && f.access != e.access) || (e.buffer >= 0 && f.buffer != e.buffer)) return false;
  if (!e.other_line) return f.line == e.line;
  return (f.line == e.line && f.other_line == e.other_line) || (f.line == e.other_line && f.other_line == e.line);
}

}  // namespace seeded_faults
