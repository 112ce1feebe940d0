// The types that generated kernels compute with, and the variables of a scope.
#pragma once
#include <string>
#include <vector>

#include "random.h"

namespace klab_fuzz {

enum class Scalar { boolean, int32, uint32, float32, half16, int16, uint8, uint64 };

struct Type {
  Scalar scalar = Scalar::uint32;
  uint32_t width = 1;

  bool operator==(const Type&) const = default;
  bool is_real() const { return scalar == Scalar::float32 || scalar == Scalar::half16; }
  bool is_narrow() const { return scalar == Scalar::int16 || scalar == Scalar::uint8; }
  Type element() const { return {scalar, 1}; }
  std::string name() const {
    static const char* const names[] = {"bool", "int", "uint", "float", "half", "short", "uchar", "ulong"};
    return names[int(scalar)] + (width > 1 ? std::to_string(width) : "");
  }
};

inline constexpr Type bool_type{Scalar::boolean, 1}, int_type{Scalar::int32, 1}, uint_type{Scalar::uint32, 1}, float_type{Scalar::float32, 1};

struct Variable {
  std::string name;
  Type type;
  bool is_writable = true;
  bool is_uniform = false;  // the same in every thread of the threadgroup
  uint32_t array = 0;       // elements of a private array, a power of two; 0: none
};

// Innermost last; a block forgets what it declared.
class Scope {
 public:
  void add(Variable variable) { variables_.push_back(std::move(variable)); }
  size_t mark() const { return variables_.size(); }
  void forget(size_t mark) { variables_.resize(mark); }

  template <class Fits>
  const Variable* pick(Random& random, Fits fits) const {
    std::vector<const Variable*> found;
    for (const Variable& variable : variables_) {
      if (fits(variable)) found.push_back(&variable);
    }
    return found.empty() ? nullptr : found[random.below(uint32_t(found.size()))];
  }
  const std::vector<Variable>& all() const { return variables_; }

 private:
  std::vector<Variable> variables_;
};

}  // namespace klab_fuzz
