#include "module.h"

#include <utility>

namespace klab::cpu {

CpuModule::CpuModule(std::shared_ptr<ModuleState> state, CompileContext context, MakeOp make_op)
    : state_(std::move(state)), context_(std::move(context)), make_op_(std::move(make_op)), info_(cpu::info(*state_)) {}

Error CpuModule::create(const ModuleRequest& request, CompileContext context, MakeOp make_op, std::unique_ptr<Module>& module) {
  std::shared_ptr<ModuleState> state;
  if (Error error = read_module(request, context, state)) return error;
  module.reset(new CpuModule(std::move(state), std::move(context), std::move(make_op)));
  return {};
}

Error CpuModule::create_op(const OpRequest& request, std::unique_ptr<Op>& op) {
  // What an earlier entry complained about is not this one's business.
  info_.diagnostics = cpu::info(*state_).diagnostics;
  std::vector<Diagnostic> diagnostics;
  Error error = make_op_({state_, request, context_}, diagnostics, op);
  info_.diagnostics.insert(info_.diagnostics.end(), diagnostics.begin(), diagnostics.end());
  return error;
}

}  // namespace klab::cpu
