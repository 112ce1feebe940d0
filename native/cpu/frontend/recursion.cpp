#include "recursion.h"

#include <algorithm>
#include <map>
#include <optional>

#include "syntax.h"

namespace klab::msl {
namespace {

struct Call {
  uint32_t function = 0, token = 0;
};

constexpr uint32_t none_found = UINT32_MAX;

struct NamedType {
  std::string type, name;  // as written, without const; no type where it cannot be told
};

struct Node {
  const Function* function = nullptr;
  size_t least = 0;  // arguments
  std::vector<NamedType> parameters;
  bool is_plain = false;     // it and its calls can be told: no method, nothing that may end while the kernel is compiled
  bool is_template = false;  // plain, for every type it is instantiated with
  std::vector<Call> calls;
};

class CallGraph {
 public:
  explicit CallGraph(const Program& program) : p_(program) {
    for (const Function& function : p_.functions) {
      by_name_[function.name].push_back(uint32_t(nodes_.size()));
      nodes_.push_back(node_of(function));
    }
    for (Node& node : nodes_) find_calls(node);
  }

  // What is left when functions that call nothing of the rest, or that nothing of the rest calls, are taken away.
  std::vector<bool> in_circles() const {
    std::vector<bool> is_left(nodes_.size());
    for (size_t i = 0; i < nodes_.size(); ++i) is_left[i] = nodes_[i].is_plain && !nodes_[i].calls.empty();
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      // Both ways, so that a long chain of calls goes in one step.
      for (size_t i = 0; i < nodes_.size(); ++i) has_changed |= leave(is_left, i);
      for (size_t i = nodes_.size(); i-- > 0;) has_changed |= leave(is_left, i);
      std::vector<bool> is_called(nodes_.size());
      for (size_t i = 0; i < nodes_.size(); ++i) {
        for (const Call& call : nodes_[i].calls) {
          if (is_left[i]) is_called[call.function] = true;
        }
      }
      for (size_t i = 0; i < nodes_.size(); ++i) {
        if (is_left[i] && !is_called[i]) is_left[i] = false, has_changed = true;
      }
    }
    return is_left;
  }

  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  // Takes away a function that calls none of those left.
  bool leave(std::vector<bool>& is_left, size_t i) const {
    if (!is_left[i]) return false;
    const auto& calls = nodes_[i].calls;
    is_left[i] = std::any_of(calls.begin(), calls.end(), [&](const Call& call) { return is_left[call.function]; });
    return !is_left[i];
  }

  // A constexpr function may call itself while the kernel is compiled, and `if constexpr` may end a template's calls.
  bool is_for_the_compiler(const Function& function) const {
    for (uint32_t i = function.open; i-- > 0 && !p_.is(i, ";") && !p_.is(i, "}") && !p_.is(i, "{");) {
      if (p_.is(i, "constexpr") || p_.is(i, "enable_if") || p_.is(i, "enable_if_t") || p_.is(i, "requires")) return true;
    }
    for (uint32_t i = function.body_first; function.is_in_template && i < function.body_last; ++i) {
      if (p_.is(i, "constexpr")) return true;
    }
    return false;
  }

  // `thread const float &x = y` → "thread float&" and "x".
  NamedType parameter(uint32_t first, uint32_t last) const {
    NamedType out;
    uint32_t name = none_found;
    for (uint32_t i = first; i < last && !p_.is(i, "="); ++i) {
      if (p_.in_attribute(i)) continue;
      if (p_.opens(i)) return {};
      if (p_[i].is_identifier()) name = i;
    }
    for (uint32_t i = first; i < name && name != none_found; ++i) {
      if (!p_.in_attribute(i) && !p_.is(i, "const")) out.type += std::string(p_[i].text) + " ";
    }
    if (!out.type.empty()) out.name = p_[name].text;
    return out;
  }

  Node node_of(const Function& function) const {
    Node node;
    node.function = &function;
    node.is_plain = !function.is_member && function.open != 0 && function.name != "operator" && !is_for_the_compiler(function);
    node.is_template = function.is_in_template;
    if (!node.is_plain) return node;
    for (const auto& [first, last] : split_commas(p_, function.open + 1, p_.close(function.open))) {
      if (last == first + 1 && p_.is(first, "void")) continue;
      node.parameters.push_back(parameter(first, last));
      bool has_default = false;
      for (uint32_t i = first; i < last; ++i) {
        has_default |= p_.is(i, "=");
        node.is_plain &= !p_.is(i, "...");
      }
      node.least += !has_default;
    }
    return node;
  }

  using Argument = std::pair<uint32_t, uint32_t>;  // tokens, [first, last)

  // Whether an inner variable may have a parameter's name.
  bool is_redeclared(const Function& in, std::string_view name) const {
    for (uint32_t i = in.body_first + 1; i < in.body_last; ++i) {
      if (p_.is(i, "auto") && p_.is(i + 1, "[")) return true;
      if (!p_.is(i, name)) continue;
      const bool is_behind_type = p_[i - 1].is_identifier() && !p_.is(i - 1, "return") && !p_.is(i - 1, "else") && !p_.is(i - 1, "case");
      if (is_behind_type || p_.is(i - 1, "*") || p_.is(i - 1, "&") || p_.is(i - 1, ">")) return true;
    }
    return false;
  }

  // The type of an argument that is a parameter of the function it is written in; empty for anything else.
  std::string type_of(const Node& in, const Argument& argument) const {
    const auto& [first, last] = argument;
    if (last != first + 1 || is_redeclared(*in.function, p_[first].text)) return "";
    for (const NamedType& parameter : in.parameters) {
      if (parameter.name == p_[first].text) return parameter.type;
    }
    return "";
  }

  // Of functions that differ in types: the one that has the types of the arguments wherever the others have different ones.
  std::optional<uint32_t> choose(const Node& in, const std::vector<uint32_t>& candidates, const std::vector<Argument>& arguments) const {
    std::vector<uint32_t> left = candidates;
    for (size_t i = 0; i < arguments.size(); ++i) {
      const auto type_in = [&](uint32_t candidate) -> const std::string& { return nodes_[candidate].parameters[i].type; };
      const bool is_alike = std::all_of(candidates.begin(), candidates.end(), [&](uint32_t one) { return type_in(one) == type_in(candidates[0]); });
      if (is_alike && !type_in(candidates[0]).empty()) continue;
      const std::string type = type_of(in, arguments[i]);
      if (type.empty()) return std::nullopt;
      std::erase_if(left, [&](uint32_t one) { return type_in(one) != type; });
    }
    return left.size() == 1 ? std::optional(left[0]) : std::nullopt;
  }

  // The one function that a call in `in` can mean.
  std::optional<uint32_t> resolve(const Node& in, std::string_view name, const std::vector<Argument>& arguments) const {
    const auto known = by_name_.find(name);
    if (known == by_name_.end()) return std::nullopt;
    std::vector<uint32_t> candidates;
    bool has_template = false;
    for (const uint32_t i : known->second) {
      const Node& node = nodes_[i];
      if (!node.is_plain) return std::nullopt;
      if (arguments.size() < node.least || arguments.size() > node.parameters.size()) continue;
      candidates.push_back(i);
      has_template |= node.is_template;
    }
    if (candidates.size() == 1) return candidates[0];
    return candidates.empty() || has_template || in.is_template ? std::nullopt : choose(in, candidates, arguments);
  }

  // `return f(1)` calls, `int f(1)` declares, `x.f(1)` and `metal::f(1)` are of others.
  bool is_call(uint32_t i) const {
    if (!p_[i].is_identifier() || !p_.is(i + 1, "(") || p_[i + 1].match == none || p_[i].is_removed) return false;
    if (p_.is(i - 1, ".") || p_.is(i - 1, "->") || p_.is(i - 1, "::") || p_.is(i - 1, ">")) return false;
    return !p_[i - 1].is_identifier() || p_.is(i - 1, "return") || p_.is(i - 1, "else") || p_.is(i - 1, "do");
  }

  // A variable of the body that has the function's name, such as a lambda.
  bool is_hidden(const Function& in, std::string_view name) const {
    const auto places = p_.definitions.find(name);
    if (places == p_.definitions.end()) return false;
    const auto first = std::lower_bound(places->second.begin(), places->second.end(), in.open);
    return first != places->second.end() && *first < in.body_last;
  }

  void find_calls(Node& node) const {
    if (!node.is_plain) return;
    for (uint32_t i = node.function->body_first + 1; i < node.function->body_last; ++i) {
      if (!is_call(i)) continue;
      const auto callee = resolve(node, p_[i].text, split_commas(p_, i + 2, p_.close(i + 1)));
      if (callee && !is_hidden(*node.function, p_[i].text)) node.calls.push_back({*callee, i});
    }
  }

  const Program& p_;
  std::vector<Node> nodes_;
  std::map<std::string_view, std::vector<uint32_t>> by_name_;
};

}  // namespace

void report_recursion(Program& p, const std::function<bool(std::string_view)>& is_library) {
  const CallGraph graph(p);
  const std::vector<bool> in_circles = graph.in_circles();
  for (size_t i = 0; i < in_circles.size(); ++i) {
    const Node& node = graph.nodes()[i];
    if (!in_circles[i] || is_library(node.function->name)) continue;
    for (const Call& call : node.calls) {
      const std::string& callee = graph.nodes()[call.function].function->name;
      if (!in_circles[call.function] || is_library(callee)) continue;
      const std::string through = call.function == i ? "" : " through '" + callee + "'";
      p.report(call.token, "'" + node.function->name + "' calls itself" + through + ": recursion is not supported in Metal");
      break;
    }
  }
}

}  // namespace klab::msl
