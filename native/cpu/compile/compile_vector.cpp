// One entry point to a library that runs a simdgroup at a time: clang with the pass of native/cpu/vector.
#include <unistd.h>

#include <filesystem>
#include <map>
#include <mutex>

#include "build_entry.h"
#include "cpu/compiler/own_library.h"
#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"
#include "refusal.h"

namespace klab::cpu {
namespace {

constexpr uint32_t plugin_clang = 22;  // a plugin is made for one LLVM

// See native/msl/vector/simdgroup_matrix.h.
const std::string elements_declaration = "namespace klab_msl { template <class T> void klab_asks_for_elements(ElementsOf<T>); }\n";

std::string find_plugin() {
  std::string plugin = beside_own_library("libklab_vector.so");
#ifdef KLAB_VECTOR_PLUGIN
  if (plugin.empty() && access(KLAB_VECTOR_PLUGIN, R_OK) == 0) plugin = KLAB_VECTOR_PLUGIN;
#endif
  return plugin;
}

constexpr std::string_view mark_of_the_pass = "klab-vector:\t";

// What the plugin says it was made of; see native/cpu/vector/identity.cpp.
std::string sources_of(const std::string& plugin) {
  constexpr std::string_view mark = "klab-vector-identity ";
  constexpr size_t digits = 64;
  static std::mutex mutex;
  static std::map<std::string, std::string> known;  // by stamp
  const std::lock_guard lock(mutex);
  std::string& found = known[stamp_of(plugin)];
  std::string bytes;
  if (found.empty() && read_file(plugin, bytes)) {
    const size_t at = bytes.find(mark);
    found = at == std::string::npos ? sha256_hex(bytes) : bytes.substr(at + mark.size(), digits);
  }
  return found;
}

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(at, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

// clang names a file from the folder in which it ran, where it can.
bool is_in(const std::string& folder, const std::string& directory, const std::string& place) {
  const auto path = (std::filesystem::path(directory) / place).lexically_normal();
  return path.string().starts_with(std::filesystem::absolute(folder).lexically_normal().string());
}

// The pass says "klab-vector:<tab>reason<tab>directory<tab>file:line<tab>…", the innermost place first. A place in the MSL library
// tells a user nothing.
Error explain_refusal(const std::string& shim, const std::string& compiler_output) {
  const size_t at = compiler_output.find(mark_of_the_pass);
  if (at == std::string::npos) return {KLAB_UNSUPPORTED, "the compiler cannot make machine code of the vector form: " + first_error(compiler_output)};
  const size_t begin = at + mark_of_the_pass.size(), end = std::min(compiler_output.find('\n', begin), compiler_output.size());
  const std::vector<std::string> parts = split(compiler_output.substr(begin, end - begin), '\t');
  for (size_t i = 2; i < parts.size(); i += 2) {
    if (!is_in(shim, parts[i - 1], parts[i]) && !parts[i].starts_with("<")) return {KLAB_UNSUPPORTED, parts[0] + ", " + parts[i]};
  }
  return {KLAB_UNSUPPORTED, parts[0]};
}

}  // namespace

Error find_vector_compiler(const Toolchain& toolchain, std::string& plugin) {
  plugin = find_plugin();
  if (plugin.empty()) return {KLAB_UNSUPPORTED, "LLVM's development package was not there when the lab was built (apt-get install llvm-22-dev, then build again)"};
  if (toolchain.major != plugin_clang) return {KLAB_UNSUPPORTED, "needs clang " + std::to_string(plugin_clang) + " (apt-get install clang-22); " + toolchain.version + " is used"};
  return {};
}

std::string vector_flags(const std::string& plugin) { return "-fpass-plugin=klab_vector@" + sources_of(plugin); }

Error compile_vector_entry(const ModuleState& state, const OpRequest& request, const VectorOptions& options, const CompileContext& context, CompiledEntry& out) {
  std::string plugin;
  if (Error error = find_vector_compiler(state.toolchain, plugin)) return error;
  if ((request.flags | state.request.flags) & KLAB_MODULE_DEBUG) return {KLAB_UNSUPPORTED, "a debug build runs thread by thread"};
  EntryPlan plan;
  if (Error error = plan_entry(state, request, plan, out)) return error;
  ModuleState vector = state;
  vector.build.flavour = Flavour::vector;
  msl::CppText text = msl::emit_source(*state.program, &request.constants, true);
  text.text += "# 1 \"<entry point>\"\n";
  msl::append_entry(text, *state.program, *plan.entry, msl::vector_functions(plan.names.contains("threadgroup_barrier"), options.is_wide));
  EntryRecipe recipe;
  recipe.text = (plan.names.contains("thread_elements") ? elements_declaration : "") + std::move(text.text);
  recipe.arguments = {"-fpass-plugin=" + plugin};
  recipe.flags = vector_flags(plugin);
  recipe.identity = content_hash(plugin);
  recipe.explain = [&](const ProcessResult& failed, CompiledEntry&) {
    const Error passing = passing_failure(state.toolchain, failed, mark_of_the_pass);
    return passing ? passing : explain_refusal(state.shim, failed.err);
  };
  return build_entry(vector, request, context, recipe, out);
}

}  // namespace klab::cpu
