// Which memory the pointers of a function lead to, as far as its words say it.
#pragma once
#include <map>
#include <string_view>

#include "program.h"

namespace klab::msl {

// The names that one function declares, and the source's constants. A name that is declared twice, that hides behind
// a type's name or that has more than one level of pointers counts as unknown: what is answered is certain.
class PointerSpaces {
 public:
  PointerSpaces(const Program& program, const Function& function);

  // Of what the pointer that [first, last) computes leads to; unnamed when that cannot be told.
  AddressSpace of(uint32_t first, uint32_t last) const;

  // Of the object that [first, last) names, which a reference might be bound to.
  AddressSpace of_object(uint32_t first, uint32_t last) const;

  // A declaration or an assignment of a pointer: where it may lead, and the tokens of what it is given.
  struct Given {
    uint32_t name = 0, first = 0, last = 0;
    AddressSpace space = AddressSpace::unnamed;
  };
  const std::vector<Given>& given() const { return given_; }

 private:
  struct Variable {
    AddressSpace space = AddressSpace::unnamed;
    bool is_pointer = false, is_array = false, is_known = true;
  };
  struct Type {
    AddressSpace space = AddressSpace::unnamed;
    uint32_t space_words = 0;
    bool is_auto = false;
  };

  void add_parameters(uint32_t open);
  void add_lambda_parameters(uint32_t open);
  void add_declaration(uint32_t first, uint32_t end);
  uint32_t add_declarator(uint32_t i, uint32_t end, const Type& type);
  void add_assignment(uint32_t name, uint32_t end);
  void add(std::string_view name, const Variable& variable);
  const Variable* find(uint32_t i) const;
  bool is_sum(uint32_t first, uint32_t last) const;

  const Program& p_;
  std::map<std::string_view, Variable> variables_;
  std::vector<Given> given_;
};

// The one address space that [first, last), a type, names before its first '*' or '&'; unnamed when none or several.
AddressSpace pointee_space(const Program& program, uint32_t first, uint32_t last);

std::string_view space_name(AddressSpace space);

}  // namespace klab::msl
