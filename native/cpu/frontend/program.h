// What the pre-pass knows of a source: its tokens, and the declarations that matter to the lab.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "source_map.h"
#include "token.h"

namespace klab::msl {

struct Attribute {
  std::string name;              // "buffer", "host_name", …
  uint32_t first = 0, last = 0;  // tokens of its arguments, [first, last); empty when it has none
};

struct AttributeGroup {
  uint32_t first = 0, last = 0;  // the outer brackets, both included
  std::vector<Attribute> attributes;
};

enum class AddressSpace : uint8_t { unnamed, device, constant, threadgroup, thread };
enum class ParameterRole : uint8_t { unknown, buffer, threadgroup, texture, sampler, position };

struct Parameter {
  uint32_t first = 0, last = 0;  // tokens, [first, last)
  uint32_t token = 0;            // its name, else its first token
  std::string name, type;        // the pointee's type as written
  AddressSpace space = AddressSpace::unnamed;
  ParameterRole role = ParameterRole::unknown;
  bool is_pointer = false, is_reference = false, is_const = false, is_optional = false;
  bool has_index = false;
  uint32_t index = 0;
  uint32_t count = 0;    // of the buffers in `array<device float*, 4>`, at consecutive indices; 0: it is no array
  std::string position;  // the attribute's name when role is position
};

// A namespace a declaration is in: "" is an unnamed one.
using Scope = std::vector<std::string>;

struct Kernel {
  std::string name;
  Scope scope;
  uint32_t token = 0, id_last = 0;  // its name, with the arguments of a specialisation: [token, id_last)
  bool is_template = false, is_specialisation = false, is_definition = false;
  std::string host_name;
  std::string max_total_threads;  // the attribute's expression, as written
  std::string unavailable;        // why it cannot be built on this device; empty when it can
  std::vector<std::string> template_parameters;
  std::vector<Parameter> parameters;
  uint32_t hidden_parameters = 0;  // the last ones, which stand for variables at namespace scope
};

// `uint2 gid [[thread_position_in_grid]];` at namespace scope.
struct GlobalPosition {
  std::string name, type, position;
};

// `template [[host_name("x")]] kernel void f<float>(…);` in any spelling.
struct Instantiation {
  std::string host_name, base;
  Scope scope;
  uint32_t token = 0;                    // the base name
  uint32_t id_first = 0, id_last = 0;    // the template-id with its qualification
  uint32_t type_first = 0, type_last = 0;  // the declared type: a return type, a typedef or decltype(…)
  bool has_signature = false;
  uint32_t signature_first = 0, signature_last = 0;  // the parentheses, [first, last)
};

struct Constant {
  uint32_t index = 0;
  std::string name, type;
  uint32_t token = 0;  // its name, which is emitted as the whole declaration
  std::vector<uint32_t> defined_tests;  // `is_function_constant_defined` tokens
};

struct Function {
  std::string name;
  uint32_t body_first = 0, body_last = 0;  // the braces
  bool is_in_template = false, is_member = false;
  uint32_t open = 0;  // the parenthesis of its parameters
};

// One of several functions that C++ would take for one, as they differ in address spaces alone, and that do different
// things: each is emitted under a name of its own.
struct SpaceVariant {
  std::string name, emitted_name;
  uint32_t open = 0;  // the parenthesis of its parameters
};

// A variable at namespace scope, whose initialiser may name function constants.
struct GlobalVariable {
  std::string name;
  uint32_t first = 0, last = 0;
};

// A declaration at namespace scope.
struct Unit {
  uint32_t first = 0, last = 0;    // tokens, [first, last)
  std::vector<std::string> names;  // that it declares
  bool is_function = false;
};

struct Problem {
  uint32_t token = 0;
  std::string message;
  // Metal takes it and this device does not: only what needs it is lost.
  bool is_limit = false;
  bool is_warning = false;
};

struct Program {
  std::string text;  // preprocessed; tokens view it, so a Program does not move
  TokenStream stream;
  SourceMap map;
  std::vector<uint32_t> unmatched;  // brackets without a partner
  std::map<std::string_view, std::vector<uint32_t>> definitions;  // names before '=', ',' or '}': see evaluate_integer
  std::vector<AttributeGroup> attributes;
  std::vector<Kernel> kernels;
  std::vector<Instantiation> instantiations;
  std::vector<Constant> constants;
  std::vector<Function> functions;
  std::vector<Function> space_twins;  // left out: they do what a function does that differs in address spaces alone
  std::vector<SpaceVariant> space_variants;
  std::vector<GlobalVariable> globals;
  std::vector<Unit> units;
  std::vector<GlobalPosition> global_positions;
  std::set<std::string, std::less<>> members;  // names of data members of the source's own classes
  std::vector<Problem> problems;
  uint32_t threadgroup_slots = 0;  // variables outside templates

  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  uint32_t size() const { return uint32_t(stream.tokens.size()); }
  const Token& operator[](uint32_t i) const { return stream.tokens[i]; }
  Token& operator[](uint32_t i) { return stream.tokens[i]; }
  // Past the end there is an empty token, so that looking ahead needs no check.
  bool is(uint32_t i, std::string_view text) const { return i < size() && stream.tokens[i].text == text; }
  bool is_identifier(uint32_t i) const { return i < size() && stream.tokens[i].is_identifier(); }
  // The partner of the bracket at i; the last token when it has none.
  uint32_t close(uint32_t i) const { return stream.tokens[i].match > int32_t(i) ? uint32_t(stream.tokens[i].match) : size() - 1; }
  bool opens(uint32_t i) const { return is(i, "(") || is(i, "[") || is(i, "{"); }
  bool in_attribute(uint32_t i) const { return i < size() && stream.tokens[i].attribute != none; }
  void remove(uint32_t first, uint32_t last) {
    for (uint32_t i = first; i < last && i < size(); ++i) stream.tokens[i].is_removed = true;
  }
  void report(uint32_t token, std::string message) { problems.push_back({token, std::move(message), false, false}); }
  void warn(uint32_t token, std::string message) { problems.push_back({token, std::move(message), false, true}); }
  void report_limit(uint32_t token, std::string message) { problems.push_back({token, std::move(message), true, false}); }

  // Tokens [first, last) as text without attributes: as written, or as rewritten to C++.
  std::string written(uint32_t first, uint32_t last) const;
  std::string rewritten(uint32_t first, uint32_t last) const;
  // The preprocessed text of [first, last), attributes included.
  std::string raw(uint32_t first, uint32_t last) const;
  // The attribute groups that lie in [first, last).
  std::vector<const AttributeGroup*> groups(uint32_t first, uint32_t last) const;
  const Attribute* find_attribute(std::string_view name, uint32_t first, uint32_t last) const;
  // "a" "b" in [first, last) → ab
  std::string string_literal(uint32_t first, uint32_t last) const;
};

bool is_address_space(std::string_view word);
AddressSpace address_space(std::string_view word);

}  // namespace klab::msl
