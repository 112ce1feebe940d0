#include "driver.h"

#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "process.h"
#include "sha256.h"
#include "storage.h"

namespace klab::cpu {
namespace {

constexpr const char* output_place = "klab-output";  // stands for the file after -o, which is another one each time

std::string take_output(std::vector<std::string>& arguments) {
  for (size_t i = 1; i < arguments.size(); ++i) {
    if (arguments[i - 1] == "-o") return std::exchange(arguments[i], output_place);
  }
  return "";
}

std::string key_of(const Toolchain& toolchain, const std::vector<std::string>& arguments) {
  std::error_code error;
  Sha256 hash;
  hash.add_field(toolchain.program).add_field(toolchain.version).add_field(toolchain.stamp).add_field(processor_identity());
  hash.add_field(std::filesystem::current_path(error).string());  // part of the debug information
  for (const std::string& argument : arguments) hash.add_field(argument);
  return hash.hex();
}

std::string ask(const Toolchain& toolchain, const std::vector<std::string>& arguments) {
  ProcessRequest request;
  request.arguments = {toolchain.clang, "-###"};
  request.arguments.insert(request.arguments.end(), arguments.begin(), arguments.end());
  ProcessResult result;
  if (run_process(request, result) || result.exit_code != 0) return "";
  return result.err;
}

bool is_usable(const Toolchain& toolchain, const std::vector<std::vector<std::string>>& commands) {
  std::error_code error;
  return commands.size() == 1 && commands[0].size() > 2 && commands[0][1] == "-cc1" && std::filesystem::canonical(commands[0][0], error) == toolchain.program;
}

// The command with output_place in it, empty when there is none.
std::vector<std::string> command_for(const CompileContext& context, const Toolchain& toolchain, const std::vector<std::string>& arguments) {
  static std::mutex mutex;
  static std::map<std::string, std::vector<std::string>> known;
  constexpr size_t max_known = 256;
  constexpr uint64_t max_stored_bytes = 4 << 20;
  const std::string key = key_of(toolchain, arguments);
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  std::string folder, text;
  const std::string file = storage_folder(context, "compilers", folder) ? "" : folder + "/" + key;
  const bool is_stored = !file.empty() && touch(file) && read_file(file, text);
  if (!is_stored) text = ask(toolchain, arguments);
  const std::vector<std::vector<std::string>> commands = read_commands(text);
  const bool is_found = is_usable(toolchain, commands);
  if (!is_stored && is_found && !file.empty() && context.is_cache_on && !write_file(file, text)) trim_sometimes(folder, max_stored_bytes);
  if (known.size() >= max_known) known.clear();
  return known[key] = is_found ? commands[0] : std::vector<std::string>{};
}

}  // namespace

std::vector<std::vector<std::string>> read_commands(std::string_view text) {
  std::vector<std::vector<std::string>> commands;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (!line.starts_with(" \"")) continue;
    std::vector<std::string>& words = commands.emplace_back();
    bool is_quoted = false;
    for (size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '"') {
        is_quoted = !is_quoted;
        if (is_quoted) words.emplace_back();
      } else if (is_quoted) {
        i += line[i] == '\\' && i + 1 < line.size();
        words.back() += line[i];
      }
    }
  }
  return commands;
}

std::vector<std::string> compiler_command(const CompileContext& context, const Toolchain& toolchain, const std::vector<std::string>& arguments) {
  std::vector<std::string> general = arguments;
  const std::string output = take_output(general);
  std::vector<std::string> command = command_for(context, toolchain, general);
  for (std::string& word : command) {
    if (word == output_place) word = output;
  }
  return command;
}

}  // namespace klab::cpu
