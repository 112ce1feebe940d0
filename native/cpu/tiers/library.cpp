#include "cpu/tiers/library.h"

#include <dlfcn.h>
#include <link.h>

#include "core/text.h"

namespace klab::cpu {

namespace {

// The library that holds `address`.
struct Search {
  uintptr_t address;
  crash::ModuleRange code{};  // its executable segment
  std::vector<MemoryRange> segments{};
};

// Of [begin, end) the part up to `sealed` is made read-only once the library is loaded.
void add_segment(std::vector<MemoryRange>& segments, MemoryRange segment, uintptr_t sealed) {
  if (segment.is_writable && sealed > segment.begin && sealed <= segment.end) {
    segments.push_back({segment.begin, sealed, false});
    segment.begin = sealed;
  }
  segments.push_back(segment);
}

int search_library(dl_phdr_info* info, size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  const uintptr_t base = info->dlpi_addr;
  uintptr_t sealed = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type == PT_GNU_RELRO) sealed = base + header.p_vaddr + header.p_memsz;
  }
  Search found{search.address};
  bool is_ours = false;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr)& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    const uintptr_t begin = base + header.p_vaddr, end = begin + header.p_memsz;
    is_ours |= search.address >= begin && search.address < end;
    add_segment(found.segments, {begin, end, (header.p_flags & PF_W) != 0}, sealed);
    if (header.p_flags & PF_X) found.code = {reinterpret_cast<const void*>(base), reinterpret_cast<const void*>(begin), reinterpret_cast<const void*>(end)};
  }
  if (is_ours) search = std::move(found);
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
  Search search{reinterpret_cast<uintptr_t>(library->kernel_)};
  dl_iterate_phdr(search_library, &search);
  if (search.code.begin) crash::add_module(path.c_str(), library->range_ = search.code);
  library->segments_ = std::move(search.segments);
  out = std::move(library);
  return {};
}

Library::~Library() {
  if (range_.begin) crash::remove_module(range_);
  if (handle_) dlclose(handle_);
}

}  // namespace klab::cpu
