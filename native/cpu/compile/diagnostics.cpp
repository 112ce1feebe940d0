#include "diagnostics.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <tuple>

namespace klab::cpu {
namespace {

constexpr std::string_view generated_file = "<stdin>";

std::optional<uint32_t> read_number(std::string_view text) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<RawDiagnostic> parse_line(std::string_view line) {
  struct Kind {
    std::string_view mark;
    uint32_t severity;
  };
  for (const Kind& kind : {Kind{": fatal error: ", KLAB_SEVERITY_ERROR}, Kind{": error: ", KLAB_SEVERITY_ERROR}, Kind{": warning: ", KLAB_SEVERITY_WARNING}, Kind{": note: ", KLAB_SEVERITY_NOTE}}) {
    const size_t at = line.find(kind.mark);
    if (at == std::string_view::npos) continue;
    const std::string_view place = line.substr(0, at);
    const size_t last = place.rfind(':');
    if (last == std::string_view::npos || last == 0) continue;
    const size_t middle = place.rfind(':', last - 1);
    if (middle == std::string_view::npos) continue;
    const auto line_number = read_number(place.substr(middle + 1, last - middle - 1)), column = read_number(place.substr(last + 1));
    if (!line_number || !column) continue;
    RawDiagnostic diagnostic;
    diagnostic.file = place.substr(0, middle);
    diagnostic.line = *line_number;
    diagnostic.column = *column;
    diagnostic.severity = kind.severity;
    diagnostic.message = line.substr(at + kind.mark.size());
    // "[-Wparentheses]" names a flag of a compiler that the user does not run.
    const size_t flag = diagnostic.message.rfind(" [-W");
    if (flag != std::string::npos && diagnostic.message.back() == ']') diagnostic.message.resize(flag);
    return diagnostic;
  }
  return std::nullopt;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
}

// vec<half, 4> → half4
void shorten_vectors(std::string& text) {
  for (size_t at = text.find("vec<"); at != std::string::npos; at = text.find("vec<", at + 1)) {
    if (at > 0 && (std::isalnum(static_cast<unsigned char>(text[at - 1])) || text[at - 1] == '_')) continue;
    const size_t comma = text.find(", ", at), close = text.find('>', at);
    if (comma == std::string::npos || close != comma + 3) continue;
    const std::string element = text.substr(at + 4, comma - at - 4);
    if (element.find_first_of("<>,") != std::string::npos || text[comma + 2] < '2' || text[comma + 2] > '4') continue;
    text.replace(at, close - at + 1, element + text[comma + 2]);
  }
}

// 'float4' (aka 'float4') says nothing.
void drop_echoes(std::string& text) {
  for (size_t at = text.find(" (aka '"); at != std::string::npos; at = text.find(" (aka '", at + 1)) {
    const size_t end = text.find("')", at);
    const size_t open = at > 1 ? text.rfind('\'', at - 2) : std::string::npos;
    if (end == std::string::npos || open == std::string::npos) continue;
    const std::string alias = text.substr(open + 1, at - open - 2), meaning = text.substr(at + 7, end - at - 7);
    if (alias == meaning) text.erase(at, end + 2 - at);
  }
}

// "(lambda at <stdin>:3:4)" → "(lambda)": the place is one of generated text.
void drop_generated_places(std::string& text) {
  const std::string mark = " at " + std::string(generated_file) + ":";
  for (size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
    const size_t end = text.find_first_not_of("0123456789:", at + mark.size());
    text.erase(at, (end == std::string::npos ? text.size() : end) - at);
  }
}

class Mapper {
 public:
  Mapper(const msl::Program& program, const msl::CppText& text) : p_(program), text_(text) {}

  std::vector<Diagnostic> run(const std::vector<RawDiagnostic>& raw) {
    for (size_t i = 0; i < raw.size();) {
      size_t end = i + 1;
      while (end < raw.size() && raw[end].severity == KLAB_SEVERITY_NOTE) ++end;
      group({raw.data() + i, end - i});
      i = end;
    }
    return std::move(out_);
  }

 private:
  static bool is_own(const RawDiagnostic& raw) { return raw.file == generated_file; }

  Diagnostic at(const RawDiagnostic& place, const RawDiagnostic& what) const {
    const msl::Place found = text_.place_at(place.line, place.column);
    msl::Location location = p_.map.locate(p_.stream, found.token);
    if (found.is_behind) location.column = location.end_column++;
    Diagnostic diagnostic;
    diagnostic.severity = what.severity;
    diagnostic.file = location.file;
    diagnostic.line = diagnostic.end_line = location.line;
    diagnostic.column = location.column;
    diagnostic.end_column = location.end_column;
    diagnostic.message = in_msl_terms(what.message);
    return diagnostic;
  }

  void group(std::span<const RawDiagnostic> raw) {
    const RawDiagnostic& head = raw.front();
    if (head.severity == KLAB_SEVERITY_NOTE) return;
    const auto own = std::find_if(raw.begin(), raw.end(), is_own);
    if (own == raw.end()) {
      // Notes of where an error was instantiated come once for all errors there: one without is of the same place.
      if (head.severity == KLAB_SEVERITY_ERROR && !has_error_) orphan(head);
      return;
    }
    if (!is_own(head) && head.severity != KLAB_SEVERITY_ERROR) return;
    Diagnostic main = at(*own, head);
    if (speaks_of_glue(head.message)) {
      // Nothing new when the kernel itself is wrong.
      if (has_error_) return;
      main.message = "this entry point does not fit its kernel: check the template arguments and the types of the parameters";
    }
    has_error_ |= head.severity == KLAB_SEVERITY_ERROR;
    main.message += candidate_reason(raw);
    if (!seen_.emplace(main.file, main.line, main.column, main.message).second) return;
    out_.push_back(main);
    for (const RawDiagnostic& note : raw.subspan(1)) {
      if (!is_own(note) || &note == &*own || note.message.find("klab_") != std::string::npos) continue;
      Diagnostic mapped = at(note, note);
      if (mapped.line != main.line || mapped.column != main.column) out_.push_back(std::move(mapped));
    }
  }

  static bool speaks_of_glue(const std::string& message) {
    return message.find("klab_") != std::string::npos || message.starts_with("address of overloaded function") || message.starts_with("reference to overloaded function");
  }

  // Why the only candidate in the MSL headers was not taken; a list of many helps nobody.
  static std::string candidate_reason(std::span<const RawDiagnostic> raw) {
    constexpr std::string_view mark = "not viable: ";
    std::string reason;
    for (const RawDiagnostic& note : raw.subspan(1)) {
      const size_t found = note.message.find(mark);
      if (found == std::string::npos || is_own(note)) continue;
      if (!reason.empty()) return "";
      reason = "; " + in_msl_terms(note.message.substr(found + mark.size()));
    }
    return reason;
  }

  // An error with no line of the user's: a defect in the lab, but the user must see that the build failed.
  void orphan(const RawDiagnostic& head) {
    Diagnostic diagnostic;
    diagnostic.file = p_.map.main_file();
    diagnostic.message = "the lab's MSL library did not compile: " + in_msl_terms(head.message);
    if (seen_.emplace(diagnostic.file, 1, 1, diagnostic.message).second) out_.push_back(std::move(diagnostic));
  }

  const msl::Program& p_;
  const msl::CppText& text_;
  bool has_error_ = false;
  std::vector<Diagnostic> out_;
  std::set<std::tuple<std::string, uint32_t, uint32_t, std::string>> seen_;
};

}  // namespace

std::vector<RawDiagnostic> parse_diagnostics(std::string_view text) {
  std::vector<RawDiagnostic> found;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (auto diagnostic = parse_line(text.substr(begin, end - begin))) found.push_back(std::move(*diagnostic));
    begin = end + 1;
  }
  return found;
}

std::vector<Diagnostic> map_diagnostics(const std::vector<RawDiagnostic>& raw, const msl::Program& program, const msl::CppText& text) {
  return Mapper(program, text).run(raw);
}

std::vector<Diagnostic> map_problems(const msl::Program& program) {
  std::vector<Diagnostic> out;
  constexpr size_t max_problems = 100;  // more help nobody
  for (const msl::Problem& problem : program.problems) {
    if (out.size() == max_problems) break;
    const msl::Location location = program.map.locate(program.stream, problem.token);
    Diagnostic diagnostic;
    diagnostic.severity = problem.is_warning ? KLAB_SEVERITY_WARNING : KLAB_SEVERITY_ERROR;
    diagnostic.file = location.file;
    diagnostic.line = diagnostic.end_line = location.line;
    diagnostic.column = location.column;
    diagnostic.end_column = location.end_column;
    diagnostic.message = problem.message;
    out.push_back(std::move(diagnostic));
  }
  return out;
}

void limit_diagnostics(std::vector<Diagnostic>& diagnostics, const std::string& main_file) {
  constexpr size_t most = 200, most_notes = 20;  // of errors, of warnings; of notes of one
  size_t errors = 0, warnings = 0, notes = 0, left_out = 0;
  bool is_kept = true;
  std::erase_if(diagnostics, [&](const Diagnostic& one) {
    if (one.severity == KLAB_SEVERITY_NOTE) return !is_kept || ++notes > most_notes;
    size_t& count = one.severity == KLAB_SEVERITY_ERROR ? errors : warnings;
    is_kept = ++count <= most;
    left_out += !is_kept;
    notes = 0;
    return !is_kept;
  });
  if (left_out == 0) return;
  const bool has_error = errors > most;
  diagnostics.push_back({.severity = has_error ? KLAB_SEVERITY_ERROR : KLAB_SEVERITY_WARNING, .file = main_file, .message = std::to_string(left_out) + " more errors and warnings are left out"});
}

std::string in_msl_terms(std::string message) {
  replace_all(message, "klab_msl::", "");
  // Here the namespace is what the user forgot.
  constexpr std::string_view advice = "did you mean 'metal::";
  const size_t forgotten = message.find(advice);
  const std::string suggestion = forgotten == std::string::npos ? "" : message.substr(forgotten);
  message.resize(std::min(forgotten, message.size()));
  replace_all(message, "metal::", "");
  message += suggestion;
  replace_all(message, "_Float16", "half");
  replace_all(message, "unsigned int", "uint");
  replace_all(message, "unsigned short", "ushort");
  replace_all(message, "unsigned char", "uchar");
  replace_all(message, "unsigned long", "ulong");
  replace_all(message, "variable length arrays in C++ are a Clang extension", "arrays of variable length are not supported in Metal");
  drop_generated_places(message);
  shorten_vectors(message);
  drop_echoes(message);
  return message;
}

}  // namespace klab::cpu
