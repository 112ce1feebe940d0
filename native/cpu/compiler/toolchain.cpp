#include "toolchain.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>

#include "process.h"
#include "sha256.h"
#include "storage.h"

namespace klab::cpu {
namespace {

constexpr uint32_t oldest_clang = 16, newest_clang = 22;
constexpr const char* advice = "install one with: apt-get install clang-22 (elsewhere: any clang of version 16 or newer on PATH), or name it with the device option \"clang\"";

std::string find_on_path(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  std::string rest = path ? path : "/usr/bin:/bin";
  for (size_t begin = 0; begin <= rest.size();) {
    const size_t end = std::min(rest.find(':', begin), rest.size());
    const std::string file = rest.substr(begin, end - begin) + "/" + name;
    struct stat info {};
    if (end > begin && stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(file.c_str(), X_OK) == 0) return file;
    begin = end + 1;
  }
  return "";
}

// "Debian clang version 22.1.0 (…)" → 22 and "clang 22.1.0"; 0 when it is no clang.
uint32_t read_version(const std::string& text, std::string& version) {
  const size_t at = text.find("clang version ");
  if (at == std::string::npos) return 0;
  const size_t begin = at + 14;
  const size_t end = text.find_first_not_of("0123456789.", begin);
  version = "clang " + text.substr(begin, end - begin);
  return uint32_t(std::strtoul(text.c_str() + begin, nullptr, 10));
}

// What a compiler said of itself, kept until its file changes: asking costs as much as a small compile.
std::string answer_file(const CompileContext& context, const std::string& clang) {
  std::string folder;
  if (!context.is_cache_on || storage_folder(context, "compilers", folder)) return "";
  return folder + "/" + Sha256().add_field(clang).add_field(stamp_of(clang)).hex();
}

Error ask_version(const CompileContext& context, const std::string& clang, std::string& answer) {
  const std::string file = answer_file(context, clang);
  if (!file.empty() && touch(file) && read_file(file, answer) && !answer.empty()) return {};
  ProcessRequest request;
  request.arguments = {clang, "--version"};
  request.timeout_ns = 20'000'000'000;
  ProcessResult result;
  if (Error error = run_process(request, result)) return error;
  answer = result.out;
  if (!file.empty() && result.exit_code == 0) write_file(file, answer);
  return {};
}

Error probe(const CompileContext& context, const std::string& clang, Toolchain& toolchain) {
  std::string answer;
  if (Error error = ask_version(context, clang, answer)) return error;
  std::error_code unreadable;
  toolchain.clang = clang;
  toolchain.program = std::filesystem::canonical(clang, unreadable).string();
  toolchain.stamp = stamp_of(toolchain.program);
  toolchain.major = read_version(answer, toolchain.version);
  if (toolchain.major == 0) return {KLAB_TOOL_MISSING, clang + " is not a clang that answers --version; " + advice};
  if (toolchain.major < oldest_clang) return {KLAB_TOOL_MISSING, clang + " is " + toolchain.version + ", which is too old; " + advice};
  return {};
}

Error search(const CompileContext& context, Toolchain& toolchain) {
  const std::string& wanted = context.clang;
  if (!wanted.empty()) {
    const std::string clang = find_on_path(wanted);
    if (clang.empty()) return {KLAB_TOOL_MISSING, "the compiler '" + wanted + "' of the device option \"clang\" is not there or cannot be run; " + advice};
    return probe(context, clang, toolchain);
  }
  for (uint32_t version = newest_clang; version >= oldest_clang; --version) {
    const std::string clang = find_on_path("clang-" + std::to_string(version));
    if (!clang.empty() && !probe(context, clang, toolchain)) return {};
  }
  const std::string clang = find_on_path("clang");
  if (!clang.empty()) return probe(context, clang, toolchain);
  return {KLAB_TOOL_MISSING, std::string("the cpu device compiles kernels with clang, and none was found; ") + advice};
}

}  // namespace

Error find_toolchain(const CompileContext& context, Toolchain& toolchain) {
  static std::mutex mutex;
  static std::map<std::string, Toolchain> found;
  const std::lock_guard lock(mutex);
  const auto known = found.find(context.clang);
  if (known != found.end() && known->second.stamp == stamp_of(known->second.program)) return toolchain = known->second, Error{};
  Toolchain candidate;
  if (Error error = search(context, candidate)) return error;
  for (const char* name : {"ld.bfd", "ld", "ld.lld"}) {
    if (candidate.linker.empty()) candidate.linker = find_on_path(name);
  }
  if (candidate.linker.empty()) return {KLAB_TOOL_MISSING, "the cpu device links kernels with ld, and none was found; install it with: apt-get install binutils"};
  toolchain = found[context.clang] = candidate;
  return {};
}

}  // namespace klab::cpu
