// Functions and specialisations that differ only in address spaces are one and the same in C++: all but the first go,
// unless what they do differs as well.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "syntax.h"

namespace klab::msl {

struct FunctionDeclaration {
  uint32_t first = 0, last = 0;  // up to the body or the ';'
  FunctionHead head;
  bool is_member = false, is_definition = false, is_constructor = false;
};

class Overloads {
 public:
  Overloads();
  void enter_namespace(const std::string& name);
  void enter_class();
  void leave();

  // True when an earlier declaration of the scope differs from this one in address spaces alone. When the bodies differ
  // too, both stay, as Program::space_variants.
  // Functions that differ in address spaces and in the width of integers, or in parameters with defaults, are ambiguous
  // then, and so the one that takes the most stays: an earlier one may go in favour of this one.
  bool is_duplicate_function(Program& program, const FunctionDeclaration& function);
  bool is_duplicate_class(const Program& program, uint32_t first, uint32_t brace);

 private:
  struct First {
    std::string spaces;
    FunctionDeclaration function;
  };
  struct Key {
    std::string kind, signature, spaces;
  };
  bool is_duplicate_in_spaces(Program& program, const FunctionDeclaration& function, const Key& key);
  void keep_both(Program& program, const FunctionDeclaration& first, const FunctionDeclaration& function, const Key& key);

  struct Similar {
    std::string spaces;
    uint32_t integer_bytes = 0, parameters = 0;
    FunctionDeclaration function = {};
  };
  struct Seen {
    std::map<std::string, First> exact;          // by signature without address spaces: the first that had it
    std::map<std::string, std::string> classes;  // the same for specialisations: the first one's address spaces
    std::map<std::string, Similar> similar;  // by Signature::similar_key
    std::map<std::string, FunctionDeclaration> dropped;  // declarations that were left out, by signature and spaces
  };
  bool is_narrower(Program& program, const FunctionDeclaration& function, const std::string& similar_key, const Key& key, Similar candidate);
  std::map<std::string, Seen> namespaces_;  // by path: a namespace may be opened again
  std::vector<std::string> paths_;
  std::vector<Seen*> open_;
  std::vector<std::unique_ptr<Seen>> classes_;
};

}  // namespace klab::msl
