#include "cpu/analyse/instrument_block.h"

#include <algorithm>

#include "cpu/analyse/arithmetic.h"

namespace klab::analyse {

namespace {

// Of the MSL library: files whose code works on the runtime's own memory. In simdgroup_matrix.h only loads and stores
// touch the user's.
bool is_runtime_code(const SourcePosition& position) {
  const std::string& file = position.innermost_file;
  if (file == "simdgroup_matrix.h") return !position.innermost_function.starts_with("simdgroup_load") && !position.innermost_function.starts_with("simdgroup_store");
  for (const std::string_view name : {"meeting.h", "simd.h", "quad.h", "loop.h", "glue.h", "matrix_arithmetic.h", "simt_abi.h", "kernel_abi.h", "<entry point>"}) {
    if (file == name) return true;
  }
  return false;
}

std::string_view dbg_of(std::string_view line) {
  const size_t at = line.rfind(", !dbg !");
  if (at == line.npos) return {};
  const size_t end = line.find_first_not_of("0123456789", at + 8);
  return line.substr(at, end == line.npos ? line.npos : end - at);
}

std::vector<std::string_view> arguments_of(std::string_view call, size_t open) {
  std::vector<std::string_view> out;
  std::string_view rest = call.substr(open + 1);
  for (;;) {
    std::string_view one = until_comma(rest);
    const bool is_last = one.size() >= rest.size() || one.find(')') != one.npos;
    int depth = 0;
    for (size_t i = 0; i < one.size(); i++) {
      depth += one[i] == '(';
      if (one[i] == ')' && depth-- == 0) return out.push_back(one.substr(0, i)), out;
    }
    out.push_back(one);
    if (is_last && one.size() >= rest.size()) return out;
    rest.remove_prefix(one.size() + 1);
  }
}

std::string_view last_word(std::string_view text) {
  const size_t space = text.rfind(' ');
  return space == text.npos ? text : text.substr(space + 1);
}

std::string before_bracket(std::string_view text) { return std::string(text.substr(0, text.find('<'))); }

}  // namespace

const SourcePosition& BlockRewriter::position_of(std::string_view line) {
  const SourcePosition& position = debug_.of(line);
  if (!position.file.empty() && position.line > 0) function_.last = position;
  return position;
}

uint32_t BlockRewriter::add_site(Site site) {
  site.file = table_.file_index(function_.last.file);
  site.line = function_.last.line;
  site.column = function_.last.column;
  table_.sites.push_back(std::move(site));
  return static_cast<uint32_t>(table_.sites.size() - 1);
}

// A counter for blocks in which a user's line does something.
void BlockRewriter::count(const std::vector<std::string_view>& lines, std::string& out) {
  std::map<std::pair<uint32_t, uint32_t>, BlockLine> found;
  for (const std::string_view line : lines) {
    Instruction instruction;
    if (!read_instruction(line, instruction) || instruction.opcode == "phi") continue;
    const SourcePosition& position = debug_.of(line);
    if (position.file.empty() || position.line == 0) continue;
    BlockLine& at = found[{table_.file_index(position.file), position.line}];
    at.is_own |= position.innermost_file.empty() || line.find("@klab_simdgroup_meet(") != line.npos || line.find("@klab_analyse_") != line.npos;
    if (!is_runtime_code(position)) count_arithmetic(instruction, position, at);
  }
  if (found.empty()) return;
  const std::string id = std::to_string(table_.blocks.size());
  auto& block = table_.blocks.emplace_back();
  for (auto& [where, line] : found) {
    line.file = where.first;
    line.line = where.second;
    block.push_back(line);
  }
  const std::string name = "%klab.c" + id;
  out += "  " + name + " = load ptr, ptr @klab_analyse_counts, align 8\n";
  out += "  " + name + "p = getelementptr i32, ptr " + name + ", i64 " + id + "\n";
  out += "  " + name + "v = load i32, ptr " + name + "p, align 4\n";
  out += "  " + name + "n = add i32 " + name + "v, 1\n";
  out += "  store i32 " + name + "n, ptr " + name + "p, align 4\n";
}

void BlockRewriter::rewrite(const std::vector<std::string_view>& lines, std::string& out) {
  size_t i = 0;
  for (; i < lines.size() && lines[i].find(" = phi ") != lines[i].npos; i++) (out += lines[i]) += '\n';
  count(lines, out);
  // Code without a line takes that of its neighbours in the block, if any has one.
  for (size_t k = lines.size(); k-- > i;) position_of(lines[k]);
  for (; i < lines.size(); i++) rewrite_line(lines[i], out);
}

void BlockRewriter::rewrite_line(std::string_view line, std::string& out) {
  Instruction instruction;
  if (read_instruction(line, instruction)) {
    const SourcePosition& position = position_of(line);
    dbg_ = dbg_of(line);
    note_pointer(instruction);
    note_runtime_pointer(instruction);
    if (instruction.opcode == "call" && rewrite_call(line, out)) return;
    if (is_runtime_code(position)) {
      (out += line) += '\n';
      return;
    }
    Access access;
    if (find_access(line, instruction, access)) return rewrite_access(line, std::move(access), out);
    if (instruction.opcode == "call" && (line.find("@llvm.memcpy.") != line.npos || line.find("@llvm.memmove.") != line.npos || line.find("@llvm.memset.") != line.npos)) {
      return rewrite_transfer(line, out);
    }
    if (position.innermost_file.empty() && !position.file.empty()) rewrite_branch(line, instruction, out);
  }
  (out += line) += '\n';
}

bool BlockRewriter::find_access(std::string_view line, const Instruction& instruction, Access& access) const {
  const bool is_load = instruction.opcode == "load", is_store = instruction.opcode == "store";
  const bool is_exchange = instruction.opcode == "cmpxchg", is_update = instruction.opcode == "atomicrmw";
  if (!is_load && !is_store && !is_exchange && !is_update) return false;
  const bool is_atomic = is_exchange || is_update || instruction.rest.starts_with("atomic ");
  const size_t start = static_cast<size_t>(instruction.rest.data() - line.data());
  const size_t keyword = is_exchange || is_update ? line.find("ptr %", start) : line.find(", ptr %", start);
  if (keyword == line.npos) return false;
  size_t at = keyword;
  // The value of a store may itself be a pointer.
  if (is_store && instruction.rest.starts_with("ptr ")) at = line.find(", ptr %", start);
  access.pointer = line.find('%', at);
  access.length = operand_end(line, access.pointer) - access.pointer;
  std::string_view type = leading_type(skip_flags(instruction.rest));
  if (is_exchange || is_update) {
    const size_t after = line.find(", ", access.pointer);
    if (after == line.npos) return false;
    type = leading_type(line.substr(after + 2));
  }
  access.site.kind = is_atomic ? SiteKind::atomic : is_store ? SiteKind::write : SiteKind::read;
  access.site.is_write = !is_load;
  access.site.is_read = !is_store;
  access.site.bytes = static_cast<uint32_t>(types_.bytes(type));
  // The library updates by a load and exchanges until one succeeds: the load stands for the update.
  const bool is_update_loop = is_atomic && debug_.of(line).innermost_function.starts_with("update<");
  access.site.is_write |= is_update_loop;
  access.site.is_again = is_exchange && is_update_loop;
  access.site.may_fail = is_exchange && !is_update_loop;
  return access.site.bytes > 0;
}

void BlockRewriter::rewrite_access(std::string_view line, Access access, std::string& out) {
  const std::string pointer(line.substr(access.pointer, access.length));
  const std::string result = fresh("p");
  const auto own = function_.variables.find(pointer);
  std::string call;
  if (own != function_.variables.end()) {
    if (own->second.is_indexed && own->second.bytes > 0) {
      access.site.kind = SiteKind::thread_array;
      access.site.extent = static_cast<uint32_t>(own->second.bytes);
      call = "@klab_analyse_array(ptr " + pointer + ", ptr " + own->second.name;
    }
  } else {
    call = (access.site.kind == SiteKind::atomic ? "@klab_analyse_atomic(ptr " : access.site.is_write ? "@klab_analyse_write(ptr " : "@klab_analyse_read(ptr ") + pointer;
  }
  if (call.empty() || function_.runtime_memory.contains(pointer)) {
    (out += line) += '\n';
    return;
  }
  out += "  " + result + " = call ptr " + call + ", i32 " + std::to_string(add_site(std::move(access.site))) + ")";
  (out += dbg_) += '\n';
  out += line.substr(0, access.pointer);
  out += result;
  (out += line.substr(access.pointer + access.length)) += '\n';
}

std::string BlockRewriter::watch_range(std::string_view pointer, std::string_view bytes, bool is_write, std::string& out) {
  if (!pointer.starts_with('%') || function_.variables.contains(std::string(pointer))) return std::string(pointer);
  Site site;
  site.kind = is_write ? SiteKind::write : SiteKind::read;
  site.is_write = is_write;
  site.is_read = !is_write;
  site.is_copy = true;
  site.bytes = static_cast<uint32_t>(std::strtoul(std::string(bytes).c_str(), nullptr, 10));  // 0 when only the call knows
  const std::string result = fresh("p");
  out += "  " + result + " = call ptr @klab_analyse_range(ptr " + std::string(pointer) + ", i64 " + std::string(bytes) + ", i32 " + std::to_string(add_site(std::move(site))) + ")";
  (out += dbg_) += '\n';
  return result;
}

// memcpy, memmove and memset: (target, source or value, bytes, is_volatile).
void BlockRewriter::rewrite_transfer(std::string_view line, std::string& out) {
  const size_t open = line.find('(', line.find("@llvm.mem"));
  const std::vector<std::string_view> arguments = arguments_of(line, open);
  if (arguments.size() != 4) {
    (out += line) += '\n';
    return;
  }
  const std::string_view bytes = last_word(arguments[2]);
  const bool is_set = line.find("@llvm.memset.") != line.npos;
  const std::string source = is_set ? std::string(last_word(arguments[1])) : watch_range(last_word(arguments[1]), bytes, false, out);
  const std::string target = watch_range(last_word(arguments[0]), bytes, true, out);
  const auto replaced = [](std::string_view argument, const std::string& operand) { return std::string(argument.substr(0, argument.rfind(' ') + 1)) + operand; };
  out += line.substr(0, open + 1);
  out += replaced(arguments[0], target) + "," + replaced(arguments[1], source) + ",";
  out += line.substr(static_cast<size_t>(arguments[2].data() - line.data()));
  out += '\n';
}

void BlockRewriter::rewrite_branch(std::string_view line, const Instruction& instruction, std::string& out) {
  const bool is_switch = instruction.opcode == "switch";
  if (!is_switch && (instruction.opcode != "br" || !instruction.rest.starts_with("i1 "))) return;
  const std::string_view type = leading_type(instruction.rest);
  const size_t at = instruction.rest.find(' ') + 1;
  const std::string_view operand = instruction.rest.substr(at, operand_end(instruction.rest, at) - at);
  if (!operand.starts_with('%')) return;
  std::string value(operand);
  if (type != "i32") {
    value = fresh("b");
    out += "  " + value + " = " + (type == "i64" ? "trunc " : "zext ") + std::string(type) + " " + std::string(operand) + " to i32\n";
  }
  Site site;
  site.kind = SiteKind::branch;
  out += "  call void @klab_analyse_branch(i32 " + value + ", i32 " + std::to_string(add_site(std::move(site))) + ")";
  (out += dbg_of(line)) += '\n';
}

// Calls of the runtime go to the watching runtime, with their site in front.
bool BlockRewriter::rewrite_call(std::string_view line, std::string& out) {
  struct Renamed {
    std::string_view from, to;
    SiteKind kind;
  };
  constexpr Renamed renamed[] = {
      {"@klab_simdgroup_meet(", "@klab_analyse_meet(", SiteKind::meet},
      {"@klab_analyse_simdgroup_barrier(", "@klab_analyse_simdgroup_barrier_at(", SiteKind::meet},
      {"@klab_analyse_barrier(", "@klab_analyse_barrier_at(", SiteKind::barrier},
      {"@klab_threadgroup_variable(", "@klab_analyse_variable(", SiteKind::variable},
  };
  for (const Renamed& one : renamed) {
    const size_t at = line.find(one.from);
    if (at == line.npos) continue;
    const SourcePosition position = position_of(line);
    const std::vector<std::string_view> arguments = arguments_of(line, at + one.from.size() - 1);
    Site site;
    site.kind = one.kind;
    const bool is_direct = position.innermost_file == "simdgroup_matrix.h";
    site.name = before_bracket(is_direct ? position.innermost_function : position.library_function);
    if (is_direct) site.name = position.innermost_function;
    if (one.kind == SiteKind::variable) {
      const std::string_view function = position.library_function;
      const size_t tag = function.find("klab__"), tag_end = function.find("_tag", tag);
      const size_t slot = arguments.empty() ? ~size_t{0} : std::strtoul(std::string(last_word(arguments[0])).c_str(), nullptr, 10);
      if (tag != function.npos && tag_end != function.npos) site.name = function.substr(tag + 6, tag_end - tag - 6);
      else site.name = slot < request_.variable_names.size() ? request_.variable_names[slot] : "";
      if (arguments.size() > 1) site.extent = static_cast<uint32_t>(std::strtoul(std::string(last_word(arguments[1])).c_str(), nullptr, 10));
    }
    out += line.substr(0, at);
    out += one.to;
    out += "i32 " + std::to_string(add_site(std::move(site))) + ", ";
    (out += line.substr(at + one.from.size())) += '\n';
    return true;
  }
  return false;
}

}  // namespace klab::analyse
