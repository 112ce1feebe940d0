// An entry point in its instrumented build. It can be analysed, and nothing else.
#pragma once
#include <memory>

#include "cpu/analyse/sites.h"
#include "cpu/tiers/library.h"
#include "cpu/tiers/op_source.h"

namespace klab::analyse {

class AnalysisOp final : public Op {
 public:
  // Errors as compile_analysis_entry's; PIPELINE when the library cannot be loaded.
  static Error create(const cpu::OpSource& source, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& op);

  OpInfo info() const override { return info_; }
  std::span<const Binding> bindings() const override { return bindings_; }
  const klab_kernel_desc& kernel() const { return library_->kernel(); }
  const SiteTable& table() const { return table_; }
  const std::vector<cpu::MemoryRange>& segments() const { return library_->segments(); }

 private:
  OpInfo info_;
  std::vector<Binding> bindings_;
  std::shared_ptr<const cpu::Library> library_;
  SiteTable table_;
};

}  // namespace klab::analyse
