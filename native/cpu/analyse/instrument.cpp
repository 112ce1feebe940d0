#include "cpu/analyse/instrument.h"

#include "cpu/analyse/instrument_block.h"
#include "cpu/compiler/sha256.h"

namespace klab::analyse {

namespace {

constexpr std::string_view declarations =
    "\n@klab_analyse_counts = external thread_local(initialexec) global ptr\n"
    "declare ptr @klab_analyse_read(ptr, i32)\n"
    "declare ptr @klab_analyse_write(ptr, i32)\n"
    "declare ptr @klab_analyse_atomic(ptr, i32)\n"
    "declare ptr @klab_analyse_range(ptr, i64, i32)\n"
    "declare ptr @klab_analyse_array(ptr, ptr, i32)\n"
    "declare void @klab_analyse_branch(i32, i32)\n"
    "declare void @klab_analyse_meet(i32, ptr, i32)\n"
    "declare void @klab_analyse_barrier_at(i32, i32, ptr, i32)\n"
    "declare void @klab_analyse_simdgroup_barrier_at(i32, i32, ptr, i32)\n"
    "declare ptr @klab_analyse_variable(i32, i32, i64, i64)\n";

std::string table_text(const SiteTable& table) {
  static const char* const digits = "0123456789ABCDEF";
  const std::string text = table.write();
  std::string out = "@klab_analysis_table = constant [" + std::to_string(text.size() + 1) + " x i8] c\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte < 127 && byte != '"' && byte != '\\') {
      out += c;
    } else {
      out += '\\';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out + "\\00\", align 1\n";
}

// Runs when the library is loaded, before anything is watched.
bool is_initialiser(std::string_view define) {
  for (const std::string_view name : {"@_GLOBAL__", "@__cxx_global_var_init", "@tsan.module_ctor"}) {
    if (define.find(name) != define.npos) return true;
  }
  return false;
}

bool is_label(std::string_view line) {
  if (line.empty() || line[0] == ' ' || line[0] == ';' || line[0] == '}') return false;
  const size_t colon = line.find(':');
  return colon != line.npos && line.find(' ') > colon;
}

// A line of the module without metadata, which says where it comes from; empty for what is nothing else.
std::string_view code_of(std::string_view line) {
  const size_t begin = line.find_first_not_of(' ');
  if (begin == line.npos) return {};
  const std::string_view text = line.substr(begin);
  for (const std::string_view noise : {"!", ";", "#dbg", "source_filename"}) {
    if (text.starts_with(noise)) return {};
  }
  const size_t attached = std::min(text.find(", !dbg "), text.find(" !dbg "));
  return text.substr(0, attached);
}

class Rewriter {
 public:
  explicit Rewriter(const InstrumentRequest& request) : request_(request), debug_(request.ir, request.library_folder) {}

  Error run(std::string& out) {
    out.reserve(request_.ir.size() * 2);
    for (size_t begin = 0; begin < request_.ir.size();) {
      const size_t end = std::min(request_.ir.find('\n', begin), request_.ir.size());
      const std::string_view text = request_.ir.substr(begin, end - begin);
      if (const std::string_view code = code_of(text); !code.empty()) code_.add(code).add("\n");
      line(text, out);
      begin = end + 1;
    }
    if (table_.sites.size() >= most_sites) return {KLAB_UNSUPPORTED, "the kernel has more accesses than an analysis can tell apart; analyse a smaller instance of it"};
    table_.code = code_.hex();
    out += declarations;
    out += table_text(table_);
    return {};
  }

 private:
  void line(std::string_view text, std::string& out) {
    if (text.starts_with('%')) types_.define(text);
    if (!function_) {
      append(text, out);
      if (text.starts_with("define ") && !is_initialiser(text)) function_ = std::make_unique<FunctionScope>();
      return;
    }
    if (is_label(text) || text.starts_with("}")) {
      flush(out);
      append(text, out);
      if (text.starts_with("}")) function_.reset();
      return;
    }
    block_.push_back(text);
  }

  void flush(std::string& out) {
    if (block_.empty()) return;
    BlockRewriter(request_, debug_, types_, table_, *function_).rewrite(block_, out);
    block_.clear();
  }

  void append(std::string_view text, std::string& out) const {
    if (text.find("call void @__tsan_init()") != text.npos) return;
    out += text;
    out += '\n';
  }

  const InstrumentRequest& request_;
  DebugInfo debug_;
  TypeSizes types_;
  SiteTable table_;
  cpu::Sha256 code_;
  std::unique_ptr<FunctionScope> function_;
  std::vector<std::string_view> block_;
};

}  // namespace

Error instrument(const InstrumentRequest& request, std::string& out) { return Rewriter(request).run(out); }

}  // namespace klab::analyse
