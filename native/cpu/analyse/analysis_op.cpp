#include "cpu/analyse/analysis_op.h"

#include <dlfcn.h>

#include <algorithm>

#include "cpu/analyse/instrument.h"

namespace klab::analyse {

namespace {

constexpr uint32_t max_threads = 1024;

Error watch(const cpu::IntermediateCode& code, std::string& out) { return instrument({code.text, code.library_folder, code.variable_names}, out); }

const cpu::Rewriting watching{std::string("analyse ") + instrumenter_identity, watch};

}  // namespace

Error AnalysisOp::create(const cpu::OpSource& source, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& out) {
  cpu::CompiledEntry compiled;
  const Error error = cpu::compile_analysis_entry(*source.state, source.request, watching, source.context, compiled);
  diagnostics = std::move(compiled.diagnostics);
  if (error) return error;
  auto op = std::make_unique<AnalysisOp>();
  if (Error failure = cpu::Library::open(compiled.library, op->library_)) return failure;
  const auto* table = static_cast<const char*>(dlsym(op->library_->handle(), "klab_analysis_table"));
  if (!table || !op->table_.read(table)) return {KLAB_PIPELINE, compiled.library + " was not made for this version of the lab; empty the compile cache"};
  op->bindings_ = std::move(compiled.entry.bindings);
  cpu::refine_bindings(op->library_->handle(), op->bindings_);
  const uint32_t declared = op->kernel().max_total_threads;
  op->info_.max_threads = declared ? std::min(declared, max_threads) : max_threads;
  op->info_.simd_width = KLAB_SIMD_WIDTH;
  op->info_.static_threadgroup_bytes = static_cast<uint32_t>(std::min<uint64_t>(op->table_.threadgroup_bytes(), UINT32_MAX));
  op->info_.is_cached = compiled.is_cached;
  op->info_.optimise_ns = compiled.optimise_ns;
  op->info_.link_ns = compiled.link_ns;
  op->info_.name = compiled.entry.name;
  op->info_.tier = "analyse";
  op->info_.flags_used = compiled.flags_used;
  out = std::move(op);
  return {};
}

}  // namespace klab::analyse
