// From an MSL source to a loadable kernel: what the cpu device needs of the front end.
//
//   CompileContext context{.cancel = &flag};
//   std::shared_ptr<ModuleState> state;
//   Error e = read_module(request, context, state);          // diagnostics and reflection
//   CompiledEntry out;
//   e = compile_entry(*state, op_request, context, out);     // out.library is a .so with `klab_kernel`
//
// Loading: dlopen(out.library, RTLD_NOW | RTLD_LOCAL), then dlsym "klab_kernel" (klab_kernel_desc). The kernel's
// undefined symbols (kernel_abi.h) are looked up in the global scope: a library that is itself loaded locally calls
// expose_runtime() once before.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/device.h"
#include "cpu/compiler/toolchain.h"

namespace klab::cpu {

std::string default_shim_folder();  // KLAB_SHIM, else the folder compiled in, else msl/ beside the library

struct ModuleState;  // opaque: what read_module learned; immutable, so one may be compiled from by several threads

// Preprocesses, scans and (unless KLAB_MODULE_NO_CHECK) type-checks. OK with *state set also when the source has
// errors: look at info(state).diagnostics. Fails with TOOL_MISSING, CANCELLED, IO or INTERNAL.
Error read_module(const ModuleRequest& request, const CompileContext& context, std::shared_ptr<ModuleState>& state);
const ModuleInfo& info(const ModuleState& state);
bool has_errors(const ModuleState& state);

struct CompiledEntry {
  std::string library;  // path of the .so
  Entry entry;          // reflection
  bool is_cached = false;
  uint64_t optimise_ns = 0, link_ns = 0;
  std::string flags_used;
  std::vector<Diagnostic> diagnostics;  // when the status is COMPILE
};

// Builds one entry point. NOT_FOUND lists the entries, INVALID_ARGUMENT names an unknown or ill-typed function
// constant, PIPELINE a required one that is missing; COMPILE fills out.diagnostics.
Error compile_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, CompiledEntry& out);

// Builds one entry point so that one lane does its simdgroup's work, with a `simdgroup` function in its klab_kernel. Bits
// of the results are those of compile_entry's build. UNSUPPORTED says what in the kernel depends on the lane, and where, and
// holds for this source for ever. PIPELINE, IO and INTERNAL say why there is none this time: asking again may help. Other
// errors as compile_entry's. Its threadgroups must hold whole simdgroups.
Error compile_leader_entry(const ModuleState& state, const OpRequest& request, const CompileContext& context, CompiledEntry& out);

// An optimised entry in LLVM's intermediate language, as text.
struct IntermediateCode {
  std::string_view text;
  std::string library_folder;               // of the MSL headers
  std::vector<std::string> variable_names;  // of threadgroup variables, by slot
};

struct Rewriting {
  std::string identity;  // of what `apply` does: with another one, libraries in the cache are of no use
  std::function<Error(const IntermediateCode& code, std::string& out)> apply;
};

// Builds one entry point for being watched: accesses stay where they are written and machine code is made of what
// `rewriting` makes of the entry. Errors as compile_entry's, and the rewriting's own.
Error compile_analysis_entry(const ModuleState& state, const OpRequest& request, const Rewriting& rewriting, const CompileContext& context, CompiledEntry& out);

struct VectorOptions {
  // The build may count on threads_per_threadgroup.x, as it is at that threadgroup, being a multiple of 32, and on all
  // lanes being there: positions are then consecutive along x. Without it any shape and any lanes will do, more slowly.
  bool is_wide = true;
};

// As compile_entry, for the vector tier: the library's klab_kernel has `simdgroup` set and no thread function.
// UNSUPPORTED says why there is no such build of this entry: the first of a kernel's lines that stands in the way, or
// what is missing on this machine. No buffer that such a build is run with may be of 4 GiB or more.
Error compile_vector_entry(const ModuleState& state, const OpRequest& request, const VectorOptions& options, const CompileContext& context, CompiledEntry& out);
// OK when this machine can make vector builds at all; else UNSUPPORTED and why.
Error find_vector_compiler(const Toolchain& toolchain, std::string& plugin);
std::string vector_flags(const std::string& plugin);  // what flags_used says of it: the sources it was made of

// What flags_used will say of ops in a tier ("loop", "fiber", "leader", "vector") under the default math mode. UNSUPPORTED
// or TOOL_MISSING when this machine can make no build for it, and why.
Error flags_of_tier(const CompileContext& context, std::string_view tier, std::string& flags);

// Makes the library that holds this code visible to kernels that are loaded later.
void expose_runtime();

// Fills element_bytes of bindings whose type only the compiler knows, from a loaded kernel library.
void refine_bindings(void* library_handle, std::vector<Binding>& bindings);

}  // namespace klab::cpu
