#include "cpu/analyse/report.h"

#include "cpu/analyse/json.h"

namespace klab::analyse {

namespace {

void add(AccessCounts& to, const AccessCounts& from) {
  to.accesses += from.accesses;
  to.bytes += from.bytes;
  to.lines += from.lines;
  to.ideal_lines += from.ideal_lines;
  to.conflicts += from.conflicts;
}

// A matrix product of 8x8 by 8x8 is 1024 operations; its type is that of the operands a and b.
void add_matrix_flops(const std::string& name, uint64_t count, LineTotals& line) {
  const size_t comma = name.find(", ");
  const std::string_view operand = comma == name.npos ? std::string_view() : std::string_view(name).substr(comma + 2);
  uint64_t& flops = operand.starts_with("_Float16") || operand.starts_with("half") ? line.half_flops : operand.starts_with("float") ? line.float_flops : line.bfloat_flops;
  flops += count * 1024;
}

void add_site(const Site& site, const SiteCounts& counts, LineTotals& line) {
  switch (site.kind) {
    case SiteKind::branch:
      line.branches += counts.executions;
      line.divergent_branches += counts.divergent;
      return;
    case SiteKind::barrier:
      line.barriers += counts.executions;
      return;
    case SiteKind::meet: {
      if (counts.executions == 0) return;
      const std::string kind = site.name.substr(0, site.name.find('<'));
      line.simdgroup_ops += counts.executions;
      line.simdgroup_op_kinds[kind] += counts.executions;
      if (kind == "simdgroup_multiply_accumulate") add_matrix_flops(site.name, counts.executions, line);
      return;
    }
    default:
      break;
  }
  if (site.kind == SiteKind::atomic) {
    for (const AccessCounts& space : counts.space) line.atomics += space.accesses;
  }
  add(site.is_write ? line.device_write : line.device_read, counts.space[device_space]);
  add(line.constant_read, counts.space[constant_space]);
  add(site.is_write ? line.threadgroup_write : line.threadgroup_read, counts.space[threadgroup_space]);
}

void add_block(const BlockLine& one, const BlockCounts& counts, LineTotals& line) {
  // A line may be spread over blocks: it ran as often as the one of them that ran most. Of the library's own blocks it is
  // the one that ran least, since they may be loops within one call.
  const bool is_first_own = one.is_own && !line.has_own, is_more = counts.executions > line.executions || (counts.executions == line.executions && counts.lanes > line.active_lanes);
  const bool is_less = counts.executions > 0 && (line.executions == 0 || counts.executions < line.executions);
  line.has_own |= one.is_own;
  if (is_first_own || (one.is_own ? is_more : !line.has_own && is_less)) {
    line.executions = counts.executions;
    line.active_lanes = counts.lanes;
  }
  line.half_flops += one.half_flops * counts.lanes;
  line.bfloat_flops += one.bfloat_flops * counts.lanes;
  line.float_flops += one.float_flops * counts.lanes;
  line.double_flops += one.double_flops * counts.lanes;
  line.special_ops += one.special_ops * counts.lanes;
  line.int_ops += one.int_ops * counts.lanes;
}

void write_counts(Json& json, const LineTotals& t) {
  json.number("executions", t.executions).number("activeLanes", t.active_lanes).number("laneSlots", t.executions * KLAB_SIMD_WIDTH);
  json.number("deviceReadBytes", t.device_read.bytes).number("deviceWriteBytes", t.device_write.bytes);
  json.number("deviceReadLines", t.device_read.lines).number("deviceWriteLines", t.device_write.lines);
  json.number("deviceIdealLines", t.device_read.ideal_lines + t.device_write.ideal_lines);
  json.number("deviceAccesses", t.device_read.accesses + t.device_write.accesses);
  json.number("constantReadBytes", t.constant_read.bytes).number("constantReadLines", t.constant_read.lines).number("constantAccesses", t.constant_read.accesses);
  json.number("threadgroupReadBytes", t.threadgroup_read.bytes).number("threadgroupWriteBytes", t.threadgroup_write.bytes);
  json.number("threadgroupReadLines", t.threadgroup_read.lines).number("threadgroupWriteLines", t.threadgroup_write.lines);
  json.number("threadgroupAccesses", t.threadgroup_read.accesses + t.threadgroup_write.accesses);
  json.number("bankConflictCycles", t.threadgroup_read.conflicts + t.threadgroup_write.conflicts);
  json.number("flopsF16", t.half_flops).number("flopsBf16", t.bfloat_flops).number("flopsF32", t.float_flops).number("flopsF64", t.double_flops);
  json.number("specialOps", t.special_ops).number("intOps", t.int_ops);
  json.number("simdgroupOps", t.simdgroup_ops).begin_object("simdgroupOpKinds");
  for (const auto& [kind, count] : t.simdgroup_op_kinds) json.number(kind.c_str(), count);
  json.end_object();
  json.number("atomics", t.atomics).number("barriers", t.barriers).number("branches", t.branches).number("divergentBranches", t.divergent_branches);
}

constexpr const char* kind_names[] = {"out-of-bounds", "race", "cross-threadgroup-race", "uninitialised", "divergent-barrier"};
constexpr const char* space_names[] = {"device", "constant", "threadgroup"};

void write_finding(Json& json, const Finding& f) {
  json.begin_object();
  json.text("kind", kind_names[static_cast<size_t>(f.kind)]).text("file", f.at.file).number("line", f.at.line);
  if (f.other.line) {
    json.number("otherLine", f.other.line);
    if (f.other.file != f.at.file) json.text("otherFile", f.other.file);
  }
  const bool has_access = f.kind != FindingKind::divergent_barrier;
  if (has_access) json.text("access", f.is_write ? "write" : "read");
  if (f.has_memory && f.binding >= 0) json.number("buffer", f.binding);
  if (f.has_memory && !f.name.empty()) json.text("bufferName", f.name);
  if (f.has_space) json.text("space", space_names[f.space]);
  if (f.has_memory) json.number("offset", f.offset);
  if (has_access) json.number("bytes", f.bytes);
  json.position("thread", f.thread);
  if (f.has_other_thread) json.position("otherThread", f.other_thread);
  json.position("threadgroup", f.threadgroup);
  if (f.has_other_thread) json.position("otherThreadgroup", f.other_threadgroup);
  json.number("count", f.count).text("message", f.message);
  json.end_object();
}

}  // namespace

void LineTotals::add(const LineTotals& other) {
  executions += other.executions;
  active_lanes += other.active_lanes;
  analyse::add(device_read, other.device_read);
  analyse::add(device_write, other.device_write);
  analyse::add(constant_read, other.constant_read);
  analyse::add(threadgroup_read, other.threadgroup_read);
  analyse::add(threadgroup_write, other.threadgroup_write);
  half_flops += other.half_flops;
  bfloat_flops += other.bfloat_flops;
  float_flops += other.float_flops;
  double_flops += other.double_flops;
  special_ops += other.special_ops;
  int_ops += other.int_ops;
  atomics += other.atomics;
  barriers += other.barriers;
  branches += other.branches;
  divergent_branches += other.divergent_branches;
  simdgroup_ops += other.simdgroup_ops;
  for (const auto& [kind, count] : other.simdgroup_op_kinds) simdgroup_op_kinds[kind] += count;
}

void Report::add(const SiteTable& table, LaneLog& log) {
  std::map<Place, LineTotals> dispatch;
  const auto line_of = [&](uint32_t file, uint32_t line) -> LineTotals& { return dispatch[{table.files[file], line}]; };
  for (size_t i = 0; i < table.sites.size(); i++) {
    if (table.sites[i].line) add_site(table.sites[i], log.sites()[i], line_of(table.sites[i].file, table.sites[i].line));
  }
  for (size_t i = 0; i < table.blocks.size(); i++) {
    for (const BlockLine& one : table.blocks[i]) add_block(one, log.blocks()[i], line_of(one.file, one.line));
  }
  for (const auto& [place, totals] : dispatch) {
    if (totals.executions) lines_[place].add(totals);
  }
}

void Report::ran(const SiteTable& table) { code_ += (code_.empty() ? "" : " ") + table.code; }

std::string Report::write(const Findings& findings) const {
  Json json;
  json.begin_object().begin_list("findings");
  for (const Finding& finding : findings.all()) write_finding(json, finding);
  json.end_list().number("omitted", findings.omitted()).text("code", code_).begin_object("counters").begin_list("lines");
  LineTotals total;
  for (const auto& [place, totals] : lines_) {
    json.begin_object().text("file", place.file).number("line", place.line);
    write_counts(json, totals);
    json.end_object();
    total.add(totals);
  }
  json.end_list().begin_object("total");
  write_counts(json, total);
  return json.end_object().end_object().end_object().take();
}

}  // namespace klab::analyse
