// What clang's driver makes of a command line, remembered: the driver looks at the machine and its folders each time,
// and leaves files behind when the compiler crashes.
#pragma once
#include "toolchain.h"

namespace klab::cpu {

// The one command that the driver would run for `arguments` (without the program), starting with the program's path.
// Empty when it would run none or several, or another program than the toolchain's: `arguments` are then for the driver.
std::vector<std::string> compiler_command(const CompileContext& context, const Toolchain& toolchain, const std::vector<std::string>& arguments);

// The commands in what `clang -###` prints, each a list of words.
std::vector<std::vector<std::string>> read_commands(std::string_view text);

}  // namespace klab::cpu
