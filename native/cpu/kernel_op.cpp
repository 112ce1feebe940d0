#include "cpu/kernel_op.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

#include "core/crash_report.h"
#include "core/text.h"
#include "cpu/buffer.h"
#include "cpu/host_op.h"

namespace klab::cpu {

namespace {

constexpr uint32_t max_threads = 1024;

const char* tier_name(Tier tier) { return tier == Tier::loop ? "loop" : "fiber"; }

// The executable segment of the library that holds `address`.
struct CodeSearch {
  uintptr_t address;
  crash::ModuleRange range{};
};

int search_code(dl_phdr_info* info, size_t, void* data) {
  auto& search = *static_cast<CodeSearch*>(data);
  bool is_ours = false;
  crash::ModuleRange code{reinterpret_cast<const void*>(info->dlpi_addr), nullptr, nullptr};
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const uintptr_t begin = info->dlpi_addr + segment.p_vaddr, end = begin + segment.p_memsz;
    is_ours |= search.address >= begin && search.address < end;
    if (!(segment.p_flags & PF_X)) continue;
    code.begin = reinterpret_cast<const void*>(begin);
    code.end = reinterpret_cast<const void*>(end);
  }
  if (is_ours) search.range = code;
  return is_ours;
}

class Library {
 public:
  Library() = default;
  ~Library() {
    if (range_.begin) crash::remove_module(range_);
    if (handle_) dlclose(handle_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  Error open(const std::string& path) {
    handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle_) return {KLAB_PIPELINE, format("the compiled kernel could not be loaded: %s", dlerror())};
    kernel_ = static_cast<const klab_kernel_desc*>(dlsym(handle_, "klab_kernel"));
    if (!kernel_ || kernel_->abi != KLAB_KERNEL_ABI) {
      return {KLAB_PIPELINE, path + " was not made for this version of the lab; empty the compile cache"};
    }
    CodeSearch search{reinterpret_cast<uintptr_t>(kernel_)};
    dl_iterate_phdr(search_code, &search);
    if (search.range.begin) crash::add_module(path.c_str(), range_ = search.range);
    return {};
  }

  void* handle() const { return handle_; }
  const klab_kernel_desc* kernel() const { return kernel_; }

 private:
  void* handle_ = nullptr;
  const klab_kernel_desc* kernel_ = nullptr;
  crash::ModuleRange range_{};
};

class KernelOp final : public HostOp {
 public:
  explicit KernelOp(KernelOpOptions options) : options_(std::move(options)) {}

  Error open(CompiledEntry&& compiled) {
    if (Error error = library_.open(compiled.library)) return error;
    bindings_ = std::move(compiled.entry.bindings);
    refine_bindings(library_.handle(), bindings_);
    launch_.kernel = library_.kernel();
    launch_.tier = options_.tier;
    if (options_.tier == Tier::loop && launch_.kernel->uses_sync) {
      return {KLAB_UNSUPPORTED, "kernel " + compiled.entry.name + " synchronises its threads, which the loop tier cannot do; use tier auto or fiber"};
    }
    std::fill(std::begin(launch_.args.buffer), std::end(launch_.args.buffer), const_cast<void*>(zero_page()));
    const uint32_t declared = launch_.kernel->max_total_threads;
    info_.max_threads = declared ? std::min(declared, max_threads) : max_threads;
    info_.simd_width = KLAB_SIMD_WIDTH;
    info_.is_cached = compiled.is_cached;
    info_.optimise_ns = compiled.optimise_ns;
    info_.link_ns = compiled.link_ns;
    info_.name = compiled.entry.name;
    info_.tier = tier_name(Executor::tier_of(launch_));
    info_.flags_used = compiled.flags_used;
    return {};
  }

  OpInfo info() const override { return info_; }
  std::span<const Binding> bindings() const override { return bindings_; }

  Error execute(const Dispatch& dispatch, const std::atomic<bool>& cancel) override {
    Launch launch = launch_;
    for (const Arg& arg : dispatch.args) {
      if (arg.kind == KLAB_ARG_THREADGROUP) {
        launch.args.threadgroup_bytes[arg.index] = static_cast<uint32_t>(arg.bytes);
        continue;
      }
      launch.args.buffer[arg.index] = host_pointer(arg);
      launch.args.buffer_bytes[arg.index] = arg.kind == KLAB_ARG_BYTES ? arg.bytes : arg.buffer->bytes() - arg.offset;
    }
    std::copy(std::begin(dispatch.grid), std::end(dispatch.grid), launch.grid);
    std::copy(std::begin(dispatch.threads), std::end(dispatch.threads), launch.threads);
    launch.grid_is_threads = dispatch.grid_is_threads;
    return options_.executor().run(launch, cancel);
  }

 private:
  KernelOpOptions options_;
  Library library_;
  Launch launch_;
  OpInfo info_;
  std::vector<Binding> bindings_;
};

}  // namespace

Error make_kernel_op(CompiledEntry&& compiled, const KernelOpOptions& options, std::unique_ptr<Op>& out) {
  auto op = std::make_unique<KernelOp>(options);
  if (Error error = op->open(std::move(compiled))) return error;
  out = std::move(op);
  return {};
}

}  // namespace klab::cpu
