// The cpu device's Module: a source that was read, from which entry points are compiled.
#pragma once
#include <functional>
#include <memory>

#include "tiers/op_source.h"

namespace klab::cpu {

// Makes the device's op of an entry point. COMPILE adds to `diagnostics`.
using MakeOp = std::function<Error(const OpSource& source, std::vector<Diagnostic>& diagnostics, std::unique_ptr<Op>& op)>;

class CpuModule final : public Module {
 public:
  // OK also when the source has errors; the caller decides by info().diagnostics.
  static Error create(const ModuleRequest& request, CompileContext context, MakeOp make_op, std::unique_ptr<Module>& module);

  const ModuleInfo& info() const override { return info_; }
  Error create_op(const OpRequest& request, std::unique_ptr<Op>& op) override;

 private:
  CpuModule(std::shared_ptr<ModuleState> state, CompileContext context, MakeOp make_op);

  std::shared_ptr<ModuleState> state_;
  CompileContext context_;
  MakeOp make_op_;
  ModuleInfo info_;  // the state's, and what create_op added
};

}  // namespace klab::cpu
