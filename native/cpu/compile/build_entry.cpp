#include "build_entry.h"

#include <unistd.h>

#include <chrono>

#include "prefix.h"
#include "sha256.h"
#include "storage.h"

namespace klab::cpu {
namespace {

uint64_t now_ns() { return uint64_t(std::chrono::steady_clock::now().time_since_epoch().count()); }

Error link(const ModuleState& state, const CompileContext& context, const std::string& object, const std::string& library) {
  ProcessRequest run;
  run.arguments = {state.toolchain.linker, "-shared", "-z", "nodelete", "-z", "now", "-z", "noexecstack", "--hash-style=gnu", "--build-id=none", "-o", library, object};
  run.cancel = context.cancel;
  ProcessResult result;
  if (Error error = run_process(run, result)) return error;
  if (result.exit_code != 0) return {KLAB_INTERNAL, state.toolchain.linker + " failed: " + result.err.substr(0, 800)};
  return {};
}

Error build(const ModuleState& state, const CompileContext& context, const EntryRecipe& recipe, CompiledEntry& out) {
  const std::string object = temporary_beside(out.library) + ".o", library = temporary_beside(out.library);
  const uint64_t start = now_ns();
  ProcessResult result;
  std::vector<std::string> arguments = {"-c", "-w", "-o", object};
  arguments.insert(arguments.end(), recipe.arguments.begin(), recipe.arguments.end());
  Error error = run_compiler(state, context, arguments, recipe.text, result);
  out.optimise_ns = now_ns() - start;
  if (!error && result.exit_code != 0) error = recipe.explain(result, out);
  const uint64_t link_start = now_ns();
  if (!error) error = link(state, context, object, library);
  out.link_ns = now_ns() - link_start;
  unlink(object.c_str());
  if (error) {
    unlink(library.c_str());
    return error;
  }
  return publish(library, out.library);
}

}  // namespace

Error build_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, const EntryRecipe& recipe, CompiledEntry& out) {
  CompileContext place = context;
  place.is_cache_on = context.is_cache_on && !((request.flags | state.request.flags) & KLAB_MODULE_NO_CACHE);
  std::string folder;
  if (Error error = storage_folder(place, "entries", folder)) return error;
  const std::string key = Sha256().add_field(build_identity(state)).add_field(recipe.identity).add_field(join(recipe.arguments)).add_field(recipe.text).hex();
  out.flags_used = state.toolchain.version + " " + join(compile_flags(state.toolchain, "msl", state.build));
  out.library = folder + "/" + key + (place.is_cache_on ? "" : "." + temporary_beside("").substr(1)) + ".so";
  const std::string refusal = folder + "/" + key + ".refused";
  if (place.is_cache_on && touch(out.library)) {
    out.is_cached = true;
    return {};
  }
  if (std::string reason; place.is_cache_on && touch(refusal) && read_file(refusal, reason)) return {KLAB_UNSUPPORTED, reason};
  if (context.is_cached_only) return {KLAB_NOT_FOUND, "'" + request.entry + "' has yet to be built"};
  if (Error error = build(state, context, recipe, out)) {
    if (place.is_cache_on && error.status == KLAB_UNSUPPORTED) write_file(refusal, error.message);
    return error;
  }
  if (place.is_cache_on) trim_sometimes(folder, context.cache_limit_bytes);
  return {};
}

}  // namespace klab::cpu
