#include "overloads.h"

#include <algorithm>

#include "same_body.h"

namespace klab::msl {
namespace {

struct Signature {
  std::string key, spaces;
  std::string similar_key;  // with every integer type alike, and without parameters that have defaults
  uint32_t integer_bytes = 0, parameters = 0;
  bool is_optional = false;  // what is added is a parameter with a default

  void add(std::string_view word) {
    key += word;
    key += ' ';
    if (is_optional) return;
    const uint32_t bytes = integer_width(word);
    integer_bytes += bytes;
    similar_key += bytes ? "integer" : word;
    similar_key += ' ';
  }

 private:
  static uint32_t integer_width(std::string_view word) {
    constexpr std::pair<std::string_view, uint32_t> integers[] = {{"short", 2}, {"ushort", 2}, {"int16_t", 2}, {"uint16_t", 2}, {"int", 4}, {"uint", 4}, {"int32_t", 4}, {"uint32_t", 4},
                                                                  {"long", 8}, {"ulong", 8}, {"int64_t", 8}, {"uint64_t", 8}, {"size_t", 8}};
    for (const auto& [name, bytes] : integers) {
      if (word == name) return bytes;
    }
    return 0;
  }
};

// Template parameters by position, so that their names do not matter.
std::string_view canonical(std::string_view word, const std::vector<std::string>& parameters, std::string& storage) {
  const auto found = std::find(parameters.begin(), parameters.end(), word);
  if (found == parameters.end() || word.empty()) return word;
  storage = "$" + std::to_string(found - parameters.begin());
  return storage;
}

class SignatureReader {
 public:
  SignatureReader(const Program& program, uint32_t first, uint32_t last)
      : p_(program), names_(template_parameter_names(program, first, last)) {}

  // Every token as it is; address spaces apart.
  void tokens(uint32_t first, uint32_t last) {
    for (uint32_t i = first; i < last; ++i) add(i);
  }

  // A parameter without its name and default; `const` moves to the front of what it qualifies.
  void parameter(uint32_t first, uint32_t last) {
    uint32_t end = first;
    while (end < last && !p_.is(end, "=")) end = skip(end);
    signature_.is_optional = end < last;
    ++signature_.parameters;
    uint32_t pointer = first;
    while (pointer < end && !p_.is(pointer, "*") && !p_.is(pointer, "&") && !p_.is(pointer, "&&")) pointer = skip(pointer);
    const uint32_t name = name_of(first, end);
    const bool is_indirect = pointer < end;
    for (uint32_t i = first; is_indirect && i < pointer; i = skip(i)) {
      if (p_.is(i, "const") || p_.is(i, "constant")) {
        signature_.add("const");
        break;
      }
    }
    for (uint32_t i = first; i < end; ++i) {
      if (i == name) continue;
      const bool is_outer_const = p_.is(i, "const") && !is_nested(first, i);
      if (!is_outer_const) add(i);
    }
    signature_.add(",");
    signature_.is_optional = false;
  }

  // Behind the parameters `constant` says `const`, but for constructors, which are for an address space and no more.
  void qualifiers(uint32_t first, uint32_t last, bool is_constructor) {
    bool is_const = false;
    for (uint32_t i = first; i < last; ++i) {
      is_const |= p_.is(i, "const") || p_.is(i, "constant");
      if (!p_.is(i, "const")) add(i);
    }
    signature_.add(is_const && !is_constructor ? ") const" : ")");
  }

  Signature take() { return std::move(signature_); }

 private:
  void add(uint32_t i) {
    if (p_.in_attribute(i)) return;
    const std::string_view word = p_[i].text;
    if (is_address_space(word)) {
      signature_.spaces += word;
      signature_.spaces += ' ';
      return;
    }
    std::string storage;
    signature_.add(canonical(word, names_, storage));
  }

  uint32_t skip(uint32_t i) const {
    if (p_.is(i, "<")) return skip_angles(p_, i).value_or(i + 1);
    return p_.opens(i) ? p_.close(i) + 1 : i + 1;
  }

  bool is_nested(uint32_t first, uint32_t target) const {
    uint32_t i = first;
    while (i < target) i = skip(i);
    return i != target;
  }

  // The last word before '[' or the end, unless it is the only word, which is then the type.
  uint32_t name_of(uint32_t first, uint32_t end) const {
    uint32_t words = 0, last_word = p_.size();
    for (uint32_t i = first; i < end; i = skip(i)) {
      if (p_.is(i, "[") && !p_.in_attribute(i)) break;
      if (p_.in_attribute(i) || is_address_space(p_[i].text) || p_.is(i, "const") || p_.is(i, "volatile") || p_.is(i, "typename")) continue;
      if (p_[i].is_identifier() && !(i > first && p_.is(i - 1, "::"))) {
        ++words;
        last_word = i;
      } else if (p_[i].is_identifier()) {
        last_word = i;
      }
    }
    return words > 1 ? last_word : p_.size();
  }

  const Program& p_;
  std::vector<std::string> names_;
  Signature signature_;
};

}  // namespace

Overloads::Overloads() {
  paths_.push_back("");
  open_.push_back(&namespaces_[""]);
}

void Overloads::enter_namespace(const std::string& name) {
  paths_.push_back(paths_.back() + "::" + name);
  open_.push_back(&namespaces_[paths_.back()]);
}

void Overloads::enter_class() {
  classes_.push_back(std::make_unique<Seen>());
  paths_.push_back(paths_.back());
  open_.push_back(classes_.back().get());
}

void Overloads::leave() {
  if (open_.size() == 1) return;
  open_.pop_back();
  paths_.pop_back();
}

// The first of several that do different things keeps its name.
void Overloads::keep_both(Program& p, const FunctionDeclaration& first, const FunctionDeclaration& f, const Key& key) {
  const std::string name(p[f.head.name].text);
  const auto is_known = [&](const SpaceVariant& variant) { return variant.open == first.head.open; };
  if (std::none_of(p.space_variants.begin(), p.space_variants.end(), is_known)) p.space_variants.push_back({name, name, first.head.open});
  std::string emitted = name + "_in_" + key.spaces.substr(0, key.spaces.size() - 1);
  std::replace(emitted.begin(), emitted.end(), ' ', '_');
  p[f.head.name].rewrite(emitted);
  p.space_variants.push_back({name, emitted, f.head.open});
  const auto declared = open_.back()->dropped.find(key.signature + key.spaces);
  if (declared == open_.back()->dropped.end()) return;
  for (uint32_t i = declared->second.first; i <= declared->second.last; ++i) p[i].is_removed = p.in_attribute(i);
  p[declared->second.head.name].rewrite(emitted);
}

bool Overloads::is_duplicate_in_spaces(Program& p, const FunctionDeclaration& f, const Key& key) {
  const auto [it, is_new] = open_.back()->exact.emplace(key.kind + key.signature, First{key.spaces, f});
  if (is_new || it->second.spaces == key.spaces) return false;
  if (!f.is_definition) {
    open_.back()->dropped.emplace(key.signature + key.spaces, f);
    return true;
  }
  if (do_the_same(p, it->second.function, f)) return true;
  if (f.is_member) {
    p.report_limit(f.head.name, "methods '" + std::string(p[f.head.name].text) + "' that differ in address spaces alone and do different things are not available on the cpu device, which has one address space");
    return true;
  }
  keep_both(p, it->second.function, f, key);
  return false;
}

bool Overloads::is_narrower(Program& p, const FunctionDeclaration& f, const std::string& similar_key, const Key& key, Similar candidate) {
  candidate.function = f;
  const auto [it, is_new] = open_.back()->similar.emplace(similar_key, candidate);
  if (is_new || it->second.spaces == candidate.spaces) return false;
  const FunctionDeclaration& earlier = it->second.function;
  if (!f.is_member && f.is_definition && !do_the_same(p, earlier, f)) {
    keep_both(p, earlier, f, key);
    return false;
  }
  const auto rank = [](const Similar& similar) { return std::pair(similar.parameters, similar.integer_bytes); };
  if (rank(it->second) >= rank(candidate)) return true;
  p.remove(earlier.first, earlier.is_definition ? p.close(earlier.last) + 1 : earlier.last + 1);
  it->second = candidate;
  return false;
}

bool Overloads::is_duplicate_function(Program& p, const FunctionDeclaration& f) {
  SignatureReader reader(p, f.first, f.last);
  const uint32_t after_templates = skip_template_headers(p, f.first, f.last);
  reader.tokens(f.first, after_templates);
  reader.tokens(f.head.name_first, f.head.open + 1);
  const uint32_t close = p.close(f.head.open);
  for (const auto& [first, last] : split_commas(p, f.head.open + 1, close)) reader.parameter(first, last);
  // Qualifiers of a method; what follows ':' or '=' is no part of its type.
  uint32_t end = close + 1;
  while (end < f.last && !p.is(end, ":") && !p.is(end, "=") && !p.is(end, "->")) ++end;
  reader.qualifiers(close + 1, end, f.is_constructor);
  for (uint32_t i = end; i < f.last; ++i) {
    if (p.is(i, "=") && p.is(i + 1, "default")) reader.tokens(i + 2, f.last);  // `= default threadgroup` is seen too
  }
  Signature signature = reader.take();
  if (p.find_attribute("host_name", f.first, f.head.open)) return false;
  // A namespace may declare and define; a class declares once.
  const std::string kind = f.is_member ? "" : f.is_definition ? "definition " : "declaration ";
  const size_t variants = p.space_variants.size();
  const Key key{kind, signature.key, signature.spaces};
  if (is_duplicate_in_spaces(p, f, key)) return true;
  if (signature.integer_bytes == 0 || p.space_variants.size() > variants) return false;
  return is_narrower(p, f, kind + signature.similar_key, key, {signature.spaces, signature.integer_bytes, signature.parameters});
}

bool Overloads::is_duplicate_class(const Program& p, uint32_t first, uint32_t brace) {
  SignatureReader reader(p, first, brace);
  reader.tokens(first, brace);
  Signature signature = reader.take();
  if (signature.spaces.empty()) {
    open_.back()->classes.emplace(signature.key, "");
    return false;
  }
  const auto [it, is_new] = open_.back()->classes.emplace(signature.key, signature.spaces);
  return !is_new && it->second != signature.spaces;
}

}  // namespace klab::msl
