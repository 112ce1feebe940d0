// One basic block on its way through the instrumentation.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cpu/analyse/debug_info.h"
#include "cpu/analyse/instrument.h"
#include "cpu/analyse/ir_text.h"

namespace klab::analyse {

// A variable of the thread that a pointer leads into.
struct ThreadVariable {
  std::string name;        // of the pointer to the variable itself
  uint64_t bytes = 0;      // 0: not known
  bool is_indexed = false; // by more than constants
};

// What the runtime keeps of a thread, that the library reads: klab_current itself, the fiber it points to, and what that
// points to.
enum class RuntimeMemory : uint8_t { current, fiber, group };

struct FunctionScope {
  std::unordered_map<std::string, ThreadVariable> variables;      // by the name of the pointer
  std::unordered_map<std::string, RuntimeMemory> runtime_memory;  // likewise
  SourcePosition last;  // the last one that was a user's line, for code that has none
};

class BlockRewriter {
 public:
  BlockRewriter(const InstrumentRequest& request, const DebugInfo& debug, const TypeSizes& types, SiteTable& table, FunctionScope& function)
      : request_(request), debug_(debug), types_(types), table_(table), function_(function) {}

  void rewrite(const std::vector<std::string_view>& lines, std::string& out);

 private:
  struct Access {
    size_t pointer = 0, length = 0;  // where its operand stands in the line
    Site site;
  };
  void count(const std::vector<std::string_view>& lines, std::string& out);
  void rewrite_line(std::string_view line, std::string& out);
  void note_pointer(const Instruction& instruction);
  void note_runtime_pointer(const Instruction& instruction);
  bool find_access(std::string_view line, const Instruction& instruction, Access& access) const;
  void rewrite_access(std::string_view line, Access access, std::string& out);
  void rewrite_transfer(std::string_view line, std::string& out);
  void rewrite_branch(std::string_view line, const Instruction& instruction, std::string& out);
  bool rewrite_call(std::string_view line, std::string& out);
  std::string watch_range(std::string_view pointer, std::string_view bytes, bool is_write, std::string& out);
  uint32_t add_site(Site site);
  const SourcePosition& position_of(std::string_view line);
  std::string fresh(const char* what) { return "%klab." + (what + std::to_string(table_.sites.size())); }

  const InstrumentRequest& request_;
  const DebugInfo& debug_;
  const TypeSizes& types_;
  SiteTable& table_;
  FunctionScope& function_;
  std::string_view dbg_;  // ", !dbg !7" of the line at hand
};

}  // namespace klab::analyse
