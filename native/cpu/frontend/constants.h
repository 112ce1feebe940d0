// Function constants, and variables at namespace scope.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/device.h"
#include "program.h"

namespace klab::msl {

// [first, last) declares a variable (or something else, which is left alone).
void read_global(Program& program, uint32_t first, uint32_t last);
// The names that the declaration [first, last), which is no function's, declares.
std::vector<std::string> declared_names(const Program& program, uint32_t first, uint32_t last);
// `static const constant T x = …;` needs constexpr inside a C++ class.
void read_static_member(Program& program, uint32_t first, uint32_t last);
// Finds `is_function_constant_defined(x)`.
void read_defined_tests(Program& program);

// What is emitted in place of tokens, by token: constants with their values. Without `values` (a check) every constant
// has a value that the compiler does not know.
using Replacements = std::map<uint32_t, std::string>;
Replacements constant_replacements(const Program& program, const std::vector<ConstantValue>* values);

// The value as a C++ expression of the constant's declared type.
std::string constant_expression(const Constant& constant, const ConstantValue& value);

const ConstantValue* find_value(const Constant& constant, const std::vector<ConstantValue>& values);

}  // namespace klab::msl
