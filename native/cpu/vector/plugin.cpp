// The pass as clang loads it. Kernels are one function, klab__simdgroup, written for one lane; it comes out written for
// 32. See native/msl/vector for what it is given, and flow.h for what it becomes.
#include <llvm/Analysis/TargetTransformInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Plugins/PassPlugin.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/AlwaysInliner.h>
#include <llvm/Transforms/Utils/FixIrreducible.h>
#include <llvm/Transforms/Utils/LCSSA.h>
#include <llvm/Transforms/Utils/LoopSimplify.h>
#include <llvm/Transforms/Utils/LowerSwitch.h>

#include "flow.h"
#include "prepare.h"
#include "unroll.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr StringRef wide_name = "klab__simdgroup", any_name = "klab__simdgroup_any";

// Lanes can be merged only in one function.
struct InlineAll : PassInfoMixin<InlineAll> {
  PreservedAnalyses run(Module& module, ModuleAnalysisManager&) {
    for (Function& function : module) {
      if (function.isDeclaration() || function.getName() == wide_name || function.getName() == any_name) continue;
      function.removeFnAttr(Attribute::NoInline);
      function.removeFnAttr(Attribute::OptimizeNone);
      function.addFnAttr(Attribute::AlwaysInline);
    }
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

// One line, for the caller of the compiler: the reason, then the places from the innermost function outwards.
void report(Module& module, const Refusal& refusal) {
  std::string text = "klab-vector:\t" + refusal.reason;
  for (const DILocation* at = refusal.place.get(); at; at = at->getInlinedAt()) text += "\t" + at->getDirectory().str() + "\t" + at->getFilename().str() + ":" + std::to_string(at->getLine());
  errs() << text << "\n";
  module.getContext().emitError("no vector form");
}

// Broken code must not reach the back end, whoever broke it.
Refusal check_code(const Function& function) {
  std::string problem;
  raw_string_ostream stream(problem);
  if (!verifyFunction(function, &stream)) return {};
  return {"its vector form is not well formed (" + problem.substr(0, problem.find('\n')) + ")", {}};
}

void bring_into_form(Function& function, FunctionAnalysisManager& analyses) {
  analyses.invalidate(function, PreservedAnalyses::none());
  FunctionPassManager forms;
  forms.addPass(LowerSwitchPass());
  forms.addPass(FixIrreduciblePass());
  forms.addPass(LoopSimplifyPass());
  forms.addPass(LCSSAPass());
  forms.run(function, analyses);
  analyses.invalidate(function, PreservedAnalyses::none());
}

// Sums were put in order once, for the threads' code. What follows must not do it again: lanes add as threads do.
void keep_order(Function& function) {
  for (Instruction& instruction : instructions(function)) {
    if (isa<FPMathOperator>(instruction)) instruction.setHasAllowReassoc(false);
  }
}

Refusal vectorise(Function& function, FunctionAnalysisManager& analyses) {
  if (Refusal refusal = prepare(function)) return refusal;
  separate_meetings(function);
  scalarise(function);
  bring_into_form(function, analyses);
  {
    Analysis before(function);
    if (Refusal refusal = analyse(before)) return refusal;
    if (unroll_row_loops(before, analyses)) bring_into_form(function, analyses);
  }
  Analysis analysis(function);
  if (Refusal refusal = analyse(analysis)) return refusal;
  if (Refusal refusal = check_support(analysis)) return refusal;
  Flow flow(analysis, function.getName() == any_name);
  constexpr unsigned most_instructions = 15000;
  if (flow.size() > most_instructions) return {"it is too large: its vector form would have " + std::to_string(flow.size()) + " instructions before they are widened", {}};
  flow.rewrite();
  keep_order(function);
  analyses.invalidate(function, PreservedAnalyses::none());
  for (const char* name : {"prefer-vector-width", "min-legal-vector-width"}) function.addFnAttr(name, "512");
  return {};
}

struct Vectorise : PassInfoMixin<Vectorise> {
  PreservedAnalyses run(Module& module, ModuleAnalysisManager& analyses) {
    auto& functions = analyses.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager();
    for (Function& function : module) {
      if (function.isDeclaration() || (function.getName() != wide_name && function.getName() != any_name)) continue;
      Refusal refusal = vectorise(function, functions);
      if (!refusal) refusal = check_code(function);
      if (!refusal) {
        PassBuilder builder;
        builder.buildFunctionSimplificationPipeline(OptimizationLevel::O2, ThinOrFullLTOPhase::None).run(function, functions);
        refusal = check_code(function);
      }
      if (refusal) report(module, refusal);
    }
    return PreservedAnalyses::none();
  }
  static bool isRequired() { return true; }
};

void add_callbacks(PassBuilder& builder) {
  builder.registerPipelineStartEPCallback([](ModulePassManager& passes, OptimizationLevel) {
    passes.addPass(InlineAll());
    passes.addPass(AlwaysInlinerPass());
  });
  builder.registerOptimizerEarlyEPCallback([](ModulePassManager& passes, OptimizationLevel, ThinOrFullLTOPhase) { passes.addPass(Vectorise()); });
}

}  // namespace
}  // namespace klab_vector

extern "C" __attribute__((visibility("default"))) PassPluginLibraryInfo llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "klab-vector", "1", klab_vector::add_callbacks};
}
