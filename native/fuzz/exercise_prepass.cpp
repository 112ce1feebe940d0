#include "exercise_prepass.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cpu/compile/diagnostics.h"
#include "cpu/frontend/glue.h"
#include "cpu/frontend/lexer.h"
#include "cpu/frontend/reachable.h"
#include "cpu/frontend/scan.h"
#include "cpu/frontend/simple_source.h"

namespace klab_fuzz {
namespace {

using namespace klab;

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "impossible: %s\n", what);
  std::abort();
}

size_t line_count(std::string_view text) {
  size_t lines = 1;
  for (const char c : text) lines += c == '\n';
  return lines;
}

bool is_named_header(std::string_view name) { return name.starts_with("metal_"); }

void check_tokens(const msl::Program& program) {
  uint32_t end = 0;
  for (const msl::Token& token : program.stream.tokens) {
    require(token.begin >= end && token.end > token.begin && token.end <= program.text.size(), "tokens overlap or are empty");
    require(token.text == std::string_view(program.text).substr(token.begin, token.end - token.begin), "a token's text is not its place");
    require(token.match == msl::none || uint32_t(token.match) < program.size(), "a bracket's partner is beyond the end");
    end = token.end;
  }
}

// Line markers of the input may name any line of any file, so only sources without them have a last line.
void check_places(const std::vector<Diagnostic>& diagnostics, std::string_view source, bool has_markers) {
  const size_t lines = line_count(source);
  for (const Diagnostic& d : diagnostics) {
    require(!d.message.empty() && d.line >= 1 && d.column >= 1, "a diagnostic without a message or a place");
    require(d.end_line == 0 || d.end_line >= d.line, "a diagnostic ends before it starts");
    require(has_markers || d.line <= lines + 1, "a diagnostic is behind the end of the file");
  }
}

// A compiler may complain of any place of the text that it is given, and of none.
std::vector<cpu::RawDiagnostic> complaints_of(const msl::CppText& text) {
  const auto lines = uint32_t(line_count(text.text));
  std::string said = "<stdin>:0:0: error: no place\n<stdin>:4294967295:4294967295: error: beyond\nmsl.h:3:4: error: no member named 'klab_x' in 'vec<_Float16, 4>' (aka 'vec<_Float16, 4>')\n";
  const uint32_t step = lines / 4 + 1;
  for (uint32_t line = 1; line <= lines; line += step) {
    const std::string place = "<stdin>:" + std::to_string(line) + ":" + std::to_string(1 + line * 7 % 60);
    said += place + ": error: use of 'klab_msl::x' (lambda at " + place + ")\n" + place + ": note: candidate not viable: unsigned int [-Wall]\n";
  }
  return cpu::parse_diagnostics(said);
}

void emit_all(const msl::Program& program, std::string_view source, bool has_markers) {
  constexpr size_t max_entries = 4;
  const std::vector<ConstantValue> values = {{0, KLAB_F32, 0x7fc00000, ""}, {1, KLAB_I64, 1ull << 63, ""}, {7, KLAB_F16, 0x3c00, "n"}};
  msl::CppText checked = msl::emit_source(program, nullptr, false);
  const auto entries = msl::entry_points(program);
  for (size_t i = 0; i < entries.size() && i < max_entries; ++i) {
    msl::reflect(program, entries[i]);
    msl::append_call(checked, program, entries[i], i);
    msl::CppText built = msl::emit_source(program, &values, true);
    const auto names = msl::reachable_names(program, entries[i].token, program.size());
    msl::append_entry(built, program, entries[i], msl::thread_functions(msl::may_synchronise(program, names)));
  }
  msl::reflect_constants(program);
  check_places(cpu::map_problems(program), source, has_markers);
  check_places(cpu::map_diagnostics(complaints_of(checked), program, checked), source, has_markers);
}

void scan_and_emit(std::string text, std::string_view source) {
  const auto program = msl::scan({std::move(text), "k.metal", std::string(source)});
  check_tokens(*program);
  bool has_markers = false;
  for (const msl::Directive& directive : program->stream.directives) has_markers |= directive.is_marker;
  emit_all(*program, source, has_markers);
}

}  // namespace

void exercise_prepass(std::string_view source) {
  if (auto simple = msl::preprocess_simply(source, "k.metal", is_named_header)) scan_and_emit(std::move(*simple), source);
  scan_and_emit(std::string(source), source);
}

}  // namespace klab_fuzz
