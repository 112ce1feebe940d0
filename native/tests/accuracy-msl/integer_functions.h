// The integer functions of the language in exact arithmetic.
#pragma once
#include <cstdint>
#include <vector>

namespace msl_accuracy {

using Wide = __int128;

struct IntegerArgs {
  Wide x, y, z;
  int bits;  // of the type
  bool is_signed;
  uint32_t offset, count;  // of a bit field: offset + count <= bits

  Wide greatest() const { return (Wide(1) << (is_signed ? bits - 1 : bits)) - 1; }
  Wide least() const { return is_signed ? -(Wide(1) << (bits - 1)) : 0; }
  Wide saturated(Wide value) const { return value > greatest() ? greatest() : value < least() ? least() : value; }
  uint64_t pattern(Wide value) const { return static_cast<uint64_t>(value) & (bits == 64 ? ~uint64_t(0) : (uint64_t(1) << bits) - 1); }
};

struct IntegerFunction {
  const char* call;  // of x, y, z, offset, count
  Wide (*truth)(const IntegerArgs&);  // modulo two to the power of `bits`
  bool (*is_defined)(const IntegerArgs&) = nullptr;
  bool is_32_bit = false;      // exists for int and uint only
  bool has_product = false;  // of twice the bits: the vector tier refuses 128
};

const std::vector<IntegerFunction>& integer_functions();

}  // namespace msl_accuracy
