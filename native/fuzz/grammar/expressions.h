// Random expressions of a given type, without undefined behaviour: every value they give is the same in every build.
#pragma once
#include "types.h"

namespace klab_fuzz {

class Expressions {
 public:
  Expressions(Random& random, const Scope& scope) : random_(random), scope_(scope) {}

  Type any_type();
  Type any_scalar();
  // In parentheses where it needs them.
  std::string of(Type type, uint32_t depth);
  // As `of`, and in the range that keeps later arithmetic finite and normal: what a variable may hold.
  std::string value(Type type, uint32_t depth);
  // The same in every thread of the threadgroup.
  std::string uniform_condition();
  // An index below `count`, a power of two.
  std::string index(uint32_t count);
  std::string literal(Type type);

 private:
  std::string leaf(Type type);
  std::string vector(Type type, uint32_t depth);
  std::string real(Type type, uint32_t depth);
  std::string unsigned_number(Type type, uint32_t depth);
  std::string signed_number(Type type, uint32_t depth);
  std::string narrow(Type type, uint32_t depth);
  std::string boolean(uint32_t depth);

  Random& random_;
  const Scope& scope_;
};

}  // namespace klab_fuzz
