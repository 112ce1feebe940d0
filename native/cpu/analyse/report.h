// The document of an analysis.
#pragma once
#include <map>
#include <string>

#include "cpu/analyse/counts.h"
#include "cpu/analyse/findings.h"
#include "cpu/analyse/sites.h"

namespace klab::analyse {

// What one line of source did, over all simdgroups of all dispatches.
struct LineTotals {
  uint64_t executions = 0, active_lanes = 0;
  bool has_own = false;  // executions are those of the user's own code, and not of the library's behind the line
  AccessCounts device_read, device_write, constant_read, threadgroup_read, threadgroup_write;
  uint64_t half_flops = 0, bfloat_flops = 0, float_flops = 0, double_flops = 0, special_ops = 0, int_ops = 0;
  uint64_t atomics = 0, barriers = 0, branches = 0, divergent_branches = 0, simdgroup_ops = 0;
  std::map<std::string, uint64_t> simdgroup_op_kinds;
  void add(const LineTotals& other);
};

class Report {
 public:
  // Adds the counters of one dispatch.
  void add(const SiteTable& table, LaneLog& log);
  // Notes which code a dispatch ran.
  void ran(const SiteTable& table);
  std::string write(const Findings& findings) const;

 private:
  LineTotals& at(const SiteTable& table, uint32_t file, uint32_t line) { return lines_[{table.files[file], line}]; }
  std::map<Place, LineTotals> lines_;
  std::string code_;  // of each kernel that was dispatched, in order
};

}  // namespace klab::analyse
