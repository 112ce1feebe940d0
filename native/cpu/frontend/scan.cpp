#include "scan.h"

#include <algorithm>

#include "address_spaces.h"
#include "argument_buffers.h"
#include "attributes.h"
#include "constants.h"
#include "declarations.h"
#include "global_positions.h"
#include "instantiations.h"
#include "lexer.h"
#include "literals.h"
#include "loops.h"
#include "restrictions.h"
#include "space_checks.h"
#include "swizzles.h"
#include "syntax.h"
#include "threadgroup_variables.h"
#include "unavailable.h"
#include "unsupported.h"

namespace klab::msl {
namespace {

void check_instantiations(Program& p) {
  for (const Instantiation& instantiation : p.instantiations) {
    if (find_kernel(p, instantiation)) continue;
    p.report(instantiation.token, "explicit instantiation of '" + instantiation.base + "', but no kernel of that name" +
                                      (instantiation.has_signature ? " and number of parameters" : "") + " is defined before");
  }
}

void check_brackets(Program& p) {
  constexpr size_t max_reported = 20;
  for (size_t k = 0; k < std::min(p.unmatched.size(), max_reported); ++k) {
    const uint32_t i = p.unmatched[k];
    const bool is_open = p.is(i, "(") || p.is(i, "[") || p.is(i, "{");
    p.report(i, "'" + std::string(p[i].text) + "' has no " + (is_open ? "closing" : "opening") + " partner");
  }
}

}  // namespace

std::unique_ptr<Program> scan(ScanRequest request) {
  auto program = std::make_unique<Program>();
  Program& p = *program;
  p.text = std::move(request.preprocessed);
  p.stream = lex(p.text);
  p.map = SourceMap(p.text, p.stream, std::move(request.main_file), std::move(request.main_text));
  p.unmatched = match_brackets(p.stream.tokens);
  find_definitions(p);
  read_attributes(p);
  rewrite_literals(p);
  rewrite_pragmas(p);
  rewrite_newer_keywords(p);
  rewrite_asserts(p);
  read_declarations(p);
  read_defined_tests(p);
  pass_global_positions(p);
  resolve_space_variants(p);
  report_unsupported(p);
  report_argument_buffers(p);
  report_restrictions(p);
  remove_unavailable(p);
  rewrite_swizzles(p);
  rewrite_address_spaces(p);
  rewrite_threadgroup_variables(p);
  count_rounds(p);
  check_instantiations(p);
  rank_problems(p);
  // The declarations behind an unmatched bracket are guesses: what was reported of them may be wrong.
  if (!p.unmatched.empty()) {
    p.problems.clear();
    check_brackets(p);
  }
  return program;
}

}  // namespace klab::msl
