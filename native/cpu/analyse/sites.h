// What the instrumented build knows of a kernel before it runs: every place in it that is watched, and what its blocks
// compute. The build embeds this table in the kernel's library; watching code passes an index into it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace klab::analyse {

enum class SiteKind : uint8_t {
  read,      // of memory: bytes, 0 when only the call knows
  write,
  atomic,
  thread_array,  // an access to a variable of the thread itself: `extent` is the variable's size
  branch,
  meet,      // a simdgroup operation: `name`
  barrier,   // threadgroup_barrier
  variable,  // a threadgroup variable's declaration: `name`, and `extent` is its size
  last = variable,
};

struct Site {
  SiteKind kind = SiteKind::read;
  uint32_t file = 0, line = 0, column = 0;
  uint32_t bytes = 0;
  uint32_t extent = 0;   // thread_array, variable: bytes of the variable
  bool is_write = false;
  bool is_read = true;   // an atomic update is both
  bool is_copy = false;  // moves whole objects, padding included
  bool may_fail = false; // an exchange that may find another value and write nothing
  bool is_again = false; // the second half of an update: its first half tells of both
  std::string name;
};

// Arithmetic of one line within one basic block, for one lane that runs the block once. An fma is two.
struct BlockLine {
  uint32_t file = 0, line = 0;
  uint32_t half_flops = 0, bfloat_flops = 0, float_flops = 0, double_flops = 0;
  uint32_t special_ops = 0;  // exp, sin, rsqrt …
  uint32_t int_ops = 0;
  bool is_own = false;  // the user's own code, or a meeting; else code of the library alone, which may have loops of its own
};

struct SiteTable {
  // Hash of what was compiled, without where in the source it comes from: sources that compile to the same code have the same.
  std::string code;
  std::vector<std::string> files;
  std::vector<Site> sites;
  std::vector<std::vector<BlockLine>> blocks;

  uint32_t file_index(std::string_view file);
  // What the kernel's threadgroup variables take together, at least: two of a size that one line declares in several
  // instantiations of a template count once.
  uint64_t threadgroup_bytes() const;
  std::string write() const;
  // False when the text is no table of this version.
  bool read(std::string_view text);
};

// Entries of the log have 18 bits for a site; 21 are in the shadow.
inline constexpr uint32_t most_sites = 1u << 18;

}  // namespace klab::analyse
