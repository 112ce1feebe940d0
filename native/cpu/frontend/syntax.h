// Shapes that the pre-pass recognises by brackets alone.
#pragma once
#include <optional>
#include <utility>
#include <vector>

#include "program.h"

namespace klab::msl {

// Index after the '>' that closes the '<' at `open`; none when it is a comparison.
std::optional<uint32_t> skip_angles(const Program& program, uint32_t open);

// Index after the `template <…>` headers (and attributes between them) at `first`; `first` when there are none.
uint32_t skip_template_headers(const Program& program, uint32_t first, uint32_t last);

// Names that the template headers in [first, last) declare, in order.
std::vector<std::string> template_parameter_names(const Program& program, uint32_t first, uint32_t last);

struct FunctionHead {
  uint32_t name_first = 0;  // start of the qualified name, or `operator`
  uint32_t name = 0;        // the unqualified name
  uint32_t open = 0;        // '(' of the parameters
};
// The function that the declaration [first, last) declares, if it does.
std::optional<FunctionHead> find_function(const Program& program, uint32_t first, uint32_t last);

// The parts of [first, last) between top-level commas; empty parts are left out.
std::vector<std::pair<uint32_t, uint32_t>> split_commas(const Program& program, uint32_t first, uint32_t last);

// Whether the `>` at `i` ends a list of template arguments.
bool closes_angles(const Program& program, uint32_t i);

// The parenthesis of the arguments when the identifier at `i` is called; 0 when it is not.
uint32_t called_at(const Program& program, uint32_t i);

// The last token of the statement at `i`.
uint32_t end_of_statement(const Program& program, uint32_t i);

// The token after the parentheses of the `if`, `for`, `while` or `switch` at `keyword`.
uint32_t after_header(const Program& program, uint32_t keyword);

// Value of a constant integer expression of literals, + - * and names that the source gives a literal value.
// Names are looked up in Program::definitions, which find_definitions fills.
std::optional<int64_t> evaluate_integer(const Program& program, uint32_t first, uint32_t last);
void find_definitions(Program& program);

}  // namespace klab::msl
