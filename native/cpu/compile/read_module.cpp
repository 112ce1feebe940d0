// Source to diagnostics and reflection.
#include <algorithm>
#include <chrono>

#include "../frontend/recursion.h"
#include "../frontend/scan.h"
#include "../frontend/space_checks.h"
#include "check.h"
#include "cpu/compiler/sha256.h"
#include "diagnostics.h"
#include "library_names.h"
#include "memo.h"
#include "preprocess.h"
#include "state.h"

namespace klab::cpu {
namespace {

uint64_t now_ns() { return uint64_t(std::chrono::steady_clock::now().time_since_epoch().count()); }

bool is_error(const Diagnostic& diagnostic) { return diagnostic.severity == KLAB_SEVERITY_ERROR; }

// Of the tokens of all files: comments, spacing and paths do not count.
std::string hash_of_tokens(const msl::Program& program) {
  Sha256 hash;
  for (const msl::Token& token : program.stream.tokens) hash.add(token.text).add("\n");
  for (const msl::Directive& directive : program.stream.directives) {
    if (!directive.out.empty()) hash.add_field(std::to_string(directive.next_token)).add_field(directive.out);
  }
  return hash.hex();
}

// An unmatched bracket is told by the compiler too, unless it has other things to say; a line that the pre-pass has
// already explained needs no second opinion.
void merge(std::vector<Diagnostic>& all, std::vector<Diagnostic> problems, std::vector<Diagnostic> compiler, bool has_unmatched) {
  const bool compiler_complains = std::any_of(compiler.begin(), compiler.end(), is_error);
  if (has_unmatched && compiler_complains) problems.clear();
  for (Diagnostic& diagnostic : problems) all.push_back(diagnostic);
  bool drops_notes = false;
  for (Diagnostic& diagnostic : compiler) {
    if (diagnostic.severity != KLAB_SEVERITY_NOTE) {
      drops_notes = std::any_of(problems.begin(), problems.end(), [&](const Diagnostic& p) { return p.file == diagnostic.file && p.line == diagnostic.line; });
    }
    if (!drops_notes) all.push_back(std::move(diagnostic));
  }
}

void reflect(ModuleState& state) {
  state.entries = msl::entry_points(*state.program);
  for (const msl::EntryPoint& entry : state.entries) state.info.entries.push_back(msl::reflect(*state.program, entry));
  state.info.constants = msl::reflect_constants(*state.program);
}

Error check(ModuleState& state, const CompileContext& context) {
  std::vector<Diagnostic> compiler;
  const bool is_skipped = state.is_broken || (state.request.flags & KLAB_MODULE_NO_CHECK);
  if (!is_skipped) {
    const Error error = check_module(state, context, compiler, state.info.is_cached);
    state.is_given_up = error.status == KLAB_COMPILE;
    if (error && !state.is_given_up) return error;
  }
  merge(state.info.diagnostics, map_problems(*state.program), std::move(compiler), !state.program->unmatched.empty());
  state.is_broken |= std::any_of(state.program->problems.begin(), state.program->problems.end(), [](const msl::Problem& problem) { return !problem.is_limit && !problem.is_warning; });
  return {};
}

}  // namespace

Error read_module(const ModuleRequest& request, const CompileContext& context, std::shared_ptr<ModuleState>& out) {
  const uint64_t start = now_ns();
  auto state = std::make_shared<ModuleState>();
  state->request = request;
  if (state->request.path.empty()) state->request.path = "kernel.metal";
  if (Error error = find_toolchain(context, state->toolchain)) return error;
  state->shim = shim_folder(context);
  if (Error error = shim_hash(state->shim, state->shim_hash)) return error;
  state->build = {request.math_mode, (request.flags & KLAB_MODULE_DEBUG) != 0, Flavour::threads};
  state->info.compiler = state->toolchain.version;

  const bool uses_memo = !(request.flags & KLAB_MODULE_NO_CACHE);
  const std::string key = memo_key(*state, context);
  if (const auto known = uses_memo ? recall(key) : nullptr) {
    *state = *known;
    state->info.is_cached = true;
    state->info.front_end_ns = now_ns() - start;
    out = std::move(state);
    return {};
  }

  Preprocessed preprocessed;
  if (Error error = preprocess(state->request, context, state->toolchain, preprocessed)) return error;
  state->info.diagnostics = preprocessed.diagnostics;
  state->is_broken = std::any_of(preprocessed.diagnostics.begin(), preprocessed.diagnostics.end(), is_error);
  state->program = msl::scan({std::move(preprocessed.text), state->request.path, state->request.source});
  if (state->program->unmatched.empty()) {
    const auto is_library = [&](std::string_view name) { return is_library_name(state->shim, name); };
    msl::report_recursion(*state->program, is_library);
    msl::report_space_mismatches(*state->program, is_library);
  }
  state->info.source_hash = hash_of_tokens(*state->program);
  reflect(*state);
  if (Error error = check(*state, context)) return error;
  limit_diagnostics(state->info.diagnostics, state->request.path);
  state->info.front_end_ns = now_ns() - start;
  // A header that was missing may have appeared the next time.
  const bool is_preprocessed = std::none_of(preprocessed.diagnostics.begin(), preprocessed.diagnostics.end(), is_error);
  if (uses_memo && is_preprocessed && !state->is_given_up) remember(key, state);
  out = std::move(state);
  return {};
}

const ModuleInfo& info(const ModuleState& state) { return state.info; }

bool has_errors(const ModuleState& state) { return std::any_of(state.info.diagnostics.begin(), state.info.diagnostics.end(), is_error); }

}  // namespace klab::cpu
