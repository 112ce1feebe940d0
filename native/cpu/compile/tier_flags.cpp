#include "flags.h"

namespace klab::cpu {

Error flags_of_tier(const CompileContext& context, std::string_view tier, std::string& flags) {
  Toolchain toolchain;
  if (Error error = find_toolchain(context, toolchain)) return error;
  BuildOptions build;
  BuildParts parts;
  if (Error error = shim_hash(shim_folder(context), parts.msl)) return error;
  if (tier == "leader") build.flavour = Flavour::leader;
  if (tier == "vector") {
    build.flavour = Flavour::vector;
    std::string plugin;
    if (Error error = find_vector_compiler(toolchain, plugin)) return error;
    parts.more = vector_flags(plugin);
  }
  flags = flags_used(toolchain, build, parts);
  return {};
}

}  // namespace klab::cpu
