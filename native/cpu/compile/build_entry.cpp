#include "build_entry.h"

#include <unistd.h>

#include <chrono>

#include "cpu/compiler/run.h"
#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"
#include "foreign_symbols.h"
#include "prefix.h"

namespace klab::cpu {
namespace {

uint64_t now_ns() { return uint64_t(std::chrono::steady_clock::now().time_since_epoch().count()); }

Error link(const ModuleState& state, const CompileContext& context, const std::string& object, const std::string& library) {
  ProcessRequest run;
  run.arguments = {state.toolchain.linker, "-shared", "-z", "nodelete", "-z", "now", "-z", "noexecstack", "--hash-style=gnu", "--build-id=none", "-o", library, object};
  run.cancel = context.cancel;
  ProcessResult result;
  if (Error error = run_process(run, result)) return error;
  if (result.exit_code == 0) return {};
  if (const std::string reason = output_failure(result.err); !reason.empty()) return cannot_store(library.substr(0, library.rfind('/')), reason);
  return {KLAB_INTERNAL, state.toolchain.linker + " failed: " + result.err.substr(0, 800)};
}

struct Generation {
  std::string_view ir;
  std::string object;  // path
};

// `printed` is what the compiler wrote to its output.
Error compile(const ModuleState& state, const CompileContext& context, const EntryRecipe& recipe, std::vector<std::string> arguments, CompiledEntry& out, std::string& printed) {
  ProcessResult result;
  arguments.insert(arguments.end(), recipe.arguments.begin(), recipe.arguments.end());
  if (Error error = run_compiler(state, context, arguments, recipe.text, result)) return error;
  printed = std::move(result.out);
  return result.exit_code == 0 ? Error{} : recipe.explain(result, out);
}

const std::vector<std::string>& generation_flags() {
  static const std::vector<std::string> flags = {"-w", "-O1", "-Xclang", "-disable-llvm-passes", "-fPIC", "-ffp-contract=on", "-fno-omit-frame-pointer", "-mllvm", "-enable-tail-merge=0", "-mllvm", "-static-likely-prob=100"};
  return flags;
}

// Machine code from intermediate text that is optimised already.
Error generate(const ModuleState& state, const CompileContext& context, const EntryRecipe& recipe, Generation what, CompiledEntry& out) {
  ClangRun run;
  run.arguments = {"-c", "-x", "ir", "-", "-o", what.object};
  run.arguments.insert(run.arguments.end(), generation_flags().begin(), generation_flags().end());
  run.input = what.ir;
  run.cpu_seconds = context.build_cpu_seconds;
  run.is_usual = true;
  ProcessResult result;
  if (Error error = run_clang(context, state.toolchain, run, result)) return error;
  if (result.exit_code == 0) return {};
  if (!result.end_reason.empty()) return recipe.explain(result, out);
  if (const std::string reason = output_failure(result.err); !reason.empty()) return cannot_store(what.object.substr(0, what.object.rfind('/')), reason);
  return {KLAB_INTERNAL, state.toolchain.version + " does not take the rewritten code: " + result.err.substr(0, 800)};
}

Error compile_rewritten(const ModuleState& state, const CompileContext& context, const EntryRecipe& recipe, const std::string& object, CompiledEntry& out) {
  std::string ir, rewritten;
  if (Error error = compile(state, context, recipe, {"-S", "-emit-llvm", "-w", "-o", "-"}, out, ir)) return error;
  if (Error error = recipe.rewrite(ir, rewritten)) return error;
  return generate(state, context, recipe, {rewritten, object}, out);
}

// A library is loaded into the lab's own process, whose symbols it must not reach for.
Error refuse_foreign_symbols(const ModuleState& state, const std::string& library, CompiledEntry& out) {
  std::vector<std::string> symbols;
  if (Error error = foreign_symbols(library, symbols)) return error;
  if (symbols.empty()) return {};
  const Diagnostic entry = {.line = out.entry.line, .file = out.entry.file, .message = {}};
  for (Diagnostic& diagnostic : explain_foreign_symbols(*state.program, symbols, entry)) out.diagnostics.push_back(std::move(diagnostic));
  return {KLAB_COMPILE, out.diagnostics.back().message};
}

Error build(const ModuleState& state, const CompileContext& context, const EntryRecipe& recipe, CompiledEntry& out) {
  const std::string object = temporary_beside(out.library) + ".o", library = temporary_beside(out.library);
  const uint64_t start = now_ns();
  std::string nothing;
  Error error = recipe.rewrite ? compile_rewritten(state, context, recipe, object, out) : compile(state, context, recipe, {"-c", "-w", "-o", object}, out, nothing);
  out.optimise_ns = now_ns() - start;
  const uint64_t link_start = now_ns();
  if (!error) error = link(state, context, object, library);
  out.link_ns = now_ns() - link_start;
  unlink(object.c_str());
  if (!error) error = refuse_foreign_symbols(state, library, out);
  if (error) {
    unlink(library.c_str());
    return error;
  }
  return publish(library, out.library);
}

// What the recipe adds to the flags of the state's build.
std::string describe(const EntryRecipe& recipe) { return recipe.rewrite ? recipe.flags + ", then " + join(generation_flags()) : recipe.flags; }

}  // namespace

Error build_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, const EntryRecipe& recipe, CompiledEntry& out) {
  CompileContext place = context;
  place.is_cache_on = context.is_cache_on && !((request.flags | state.request.flags) & KLAB_MODULE_NO_CACHE);
  std::string folder;
  if (Error error = storage_folder(place, "entries", folder)) return error;
  const std::string key = Sha256().add_field(build_identity(state)).add_field(recipe.identity).add_field(describe(recipe)).add_field(recipe.text).add_field("symbols checked").hex();
  out.flags_used = flags_used(state.toolchain, state.build, {state.shim_hash, describe(recipe)});
  out.library = folder + "/" + key + (place.is_cache_on ? "" : "." + temporary_beside("").substr(1)) + ".so";
  const std::string refusal = folder + "/" + key + ".refused";
  if (place.is_cache_on && touch(out.library)) {
    out.is_cached = true;
    return {};
  }
  if (std::string reason; place.is_cache_on && touch(refusal) && read_file(refusal, reason)) return {KLAB_UNSUPPORTED, reason};
  if (context.is_cached_only) return {KLAB_NOT_FOUND, "'" + request.entry + "' has yet to be built"};
  Error error = build(state, context, recipe, out);
  if (was_emptied(error)) {
    if (!(error = storage_folder(place, "entries", folder))) error = build(state, context, recipe, out);
  }
  if (error) {
    if (place.is_cache_on && error.status == KLAB_UNSUPPORTED) write_file(refusal, error.message);
    return error;
  }
  if (place.is_cache_on) trim_sometimes(folder, context.cache_limit_bytes);
  return {};
}

}  // namespace klab::cpu
