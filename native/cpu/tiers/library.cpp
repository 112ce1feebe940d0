#include "cpu/tiers/library.h"

#include <dlfcn.h>
#include <link.h>

#include "core/text.h"

namespace klab::cpu {

namespace {

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

}  // namespace

Error Library::open(const std::string& path, std::shared_ptr<const Library>& out) {
  std::shared_ptr<Library> library(new Library);
  library->handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library->handle_) return {KLAB_PIPELINE, format("the compiled kernel could not be loaded: %s", dlerror())};
  library->kernel_ = static_cast<const klab_kernel_desc*>(dlsym(library->handle_, "klab_kernel"));
  if (!library->kernel_ || library->kernel_->abi != KLAB_KERNEL_ABI) {
    return {KLAB_PIPELINE, path + " was not made for this version of the lab; empty the compile cache"};
  }
  CodeSearch search{reinterpret_cast<uintptr_t>(library->kernel_)};
  dl_iterate_phdr(search_code, &search);
  if (search.range.begin) crash::add_module(path.c_str(), library->range_ = search.range);
  out = std::move(library);
  return {};
}

Library::~Library() {
  if (range_.begin) crash::remove_module(range_);
  if (handle_) dlclose(handle_);
}

}  // namespace klab::cpu
