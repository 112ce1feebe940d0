#include "foreign_symbols.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <set>

#include "cpu/compiler/storage.h"

namespace klab::cpu {
namespace {

const std::set<std::string_view> runtime_symbols = {"klab_current", "klab_loop_enter", "klab_simdgroup_meet", "klab_threadgroup_barrier", "klab_threadgroup_barrier_at", "klab_threadgroup_variable"};

// Of double; float's have an f behind them.
const std::set<std::string_view> math_symbols = {
    "acos",  "acosh", "asin",  "asinh",  "atan",  "atan2", "atanh", "cbrt",      "ceil",  "copysign", "cos",   "cosh",      "erf",       "erfc",   "exp",    "exp10",   "exp2",  "expm1", "fabs",
    "fdim",  "floor", "fma",   "fmax",   "fmin",  "fmod",  "frexp", "hypot",     "ilogb", "ldexp",    "lgamma", "llrint",   "llround",   "log",    "log10",  "log1p",   "log2",  "logb",  "lrint",
    "lround", "modf", "nearbyint", "nextafter", "pow", "remainder", "remquo", "rint", "round", "roundeven", "scalbln", "scalbn", "sin", "sincos", "sinh", "sqrt", "tan", "tanh", "tgamma", "trunc"};

const std::set<std::string_view> memory_symbols = {"bcmp", "memcmp", "memcpy", "memmove", "memset"};

// The compiler's support library: conversions, 128-bit integers, atomics without an instruction, guards of static variables.
constexpr std::string_view support_prefixes[] = {"__trunc", "__extend", "__fix", "__float", "__udiv", "__umod", "__div", "__mod", "__mul", "__ash", "__lshr", "__pow", "__popcount", "__parity", "__clz", "__ctz", "__bswap", "__cmp", "__ucmp", "__aarch64_", "__atomic_", "__cxa_guard_", "klab_analyse_",
                                               // What a watched build asks for until it is rewritten; no process of ours defines it.
                                               "__tsan_"};

template <typename Header>
std::optional<Header> header_at(std::string_view bytes, uint64_t offset) {
  Header header;
  if (offset > bytes.size() || sizeof header > bytes.size() - offset) return std::nullopt;
  std::memcpy(&header, bytes.data() + offset, sizeof header);
  return header;
}

std::string_view text_at(std::string_view bytes, uint64_t offset) {
  if (offset >= bytes.size()) return {};
  bytes.remove_prefix(offset);
  return bytes.substr(0, bytes.find('\0'));
}

// The section of dynamic symbols and the offset of their names.
struct DynamicSymbols {
  Elf64_Shdr table;
  uint64_t names;
};

std::optional<DynamicSymbols> dynamic_symbols(std::string_view bytes) {
  const auto file = header_at<Elf64_Ehdr>(bytes, 0);
  if (!file || std::memcmp(file->e_ident, ELFMAG, SELFMAG) != 0 || file->e_ident[EI_CLASS] != ELFCLASS64) return std::nullopt;
  for (uint32_t i = 0; i < file->e_shnum; ++i) {
    const auto section = header_at<Elf64_Shdr>(bytes, file->e_shoff + uint64_t(i) * file->e_shentsize);
    if (!section || section->sh_type != SHT_DYNSYM) continue;
    const auto names = header_at<Elf64_Shdr>(bytes, file->e_shoff + uint64_t(section->sh_link) * file->e_shentsize);
    if (!names) return std::nullopt;
    return DynamicSymbols{*section, names->sh_offset};
  }
  return std::nullopt;
}

std::optional<uint32_t> find_declaration(const msl::Program& program, const std::string& symbol) {
  const std::string name = name_of_symbol(symbol), label = '"' + symbol + '"';
  std::optional<uint32_t> mention;
  for (uint32_t i = 0; i < program.size(); ++i) {
    if (program.is(i, label)) return i;
    if (!program.is(i, name)) continue;
    if (!mention) mention = i;
  }
  return mention;
}

}  // namespace

bool is_kernel_symbol(std::string_view symbol) {
  if (runtime_symbols.contains(symbol) || memory_symbols.contains(symbol) || math_symbols.contains(symbol)) return true;
  if (symbol.ends_with('f') && math_symbols.contains(symbol.substr(0, symbol.size() - 1))) return true;
  return std::any_of(std::begin(support_prefixes), std::end(support_prefixes), [&](std::string_view prefix) { return symbol.starts_with(prefix); });
}

Error foreign_symbols(const std::string& library, std::vector<std::string>& out) {
  std::string bytes;
  if (!read_file(library, bytes)) return {KLAB_IO, "cannot read " + library + " after it was linked"};
  const auto symbols = dynamic_symbols(bytes);
  if (!symbols) return {KLAB_IO, library + " has no table of symbols after it was linked"};
  for (uint64_t at = 0; at + sizeof(Elf64_Sym) <= symbols->table.sh_size; at += sizeof(Elf64_Sym)) {
    const auto symbol = header_at<Elf64_Sym>(bytes, symbols->table.sh_offset + at);
    if (!symbol) return {KLAB_IO, library + " was cut short after it was linked"};
    const std::string_view name = text_at(bytes, symbols->names + symbol->st_name);
    if (symbol->st_shndx == SHN_UNDEF && !name.empty() && !is_kernel_symbol(name)) out.emplace_back(name);
  }
  return {};
}

std::string name_of_symbol(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> readable(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0 || !readable) return symbol;
  std::string name;
  int depth = 0;  // of template arguments
  for (const char* at = readable.get(); *at; ++at) {
    if (*at == '<') ++depth;
    else if (*at == '>') --depth;
    else if (depth > 0) continue;
    else if (*at == '(' && !name.empty()) break;
    else if (*at == ' ' || *at == ':') name.clear();
    else if (*at != '(') name += *at;
  }
  return name.empty() ? symbol : name;
}

std::vector<Diagnostic> explain_foreign_symbols(const msl::Program& program, const std::vector<std::string>& symbols, const Diagnostic& fallback) {
  std::vector<Diagnostic> out;
  for (const std::string& symbol : symbols) {
    Diagnostic diagnostic = fallback;
    diagnostic.severity = KLAB_SEVERITY_ERROR;
    if (const auto token = find_declaration(program, symbol)) {
      const msl::Location location = program.map.locate(program.stream, *token);
      diagnostic.file = location.file;
      diagnostic.line = diagnostic.end_line = location.line;
      diagnostic.column = location.column;
      diagnostic.end_column = location.end_column;
    }
    diagnostic.message = "'" + name_of_symbol(symbol) + "' is used and defined nowhere: a kernel has only what its source and Metal's library define";
    out.push_back(std::move(diagnostic));
  }
  return out;
}

}  // namespace klab::cpu
