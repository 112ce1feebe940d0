#include "threadgroup_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace klab {

namespace {
constexpr size_t minimum_align = 16;
}

ThreadgroupMemory::ThreadgroupMemory(size_t limit) : limit_(limit) {
  auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  size_t usable = (limit + page - 1) / page * page;
  map_bytes_ = usable + 2 * page;
  void* map = mmap(nullptr, map_bytes_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) return;
  map_ = static_cast<char*>(map);
  if (mprotect(map_ + page, usable, PROT_READ | PROT_WRITE) != 0) {
    munmap(map_, map_bytes_);
    map_ = nullptr;
    return;
  }
  base_ = map_ + page;
}

ThreadgroupMemory::~ThreadgroupMemory() {
  if (map_) munmap(map_, map_bytes_);
}

size_t ThreadgroupMemory::used_after(size_t bytes, size_t align) const {
  if (align < minimum_align) align = minimum_align;
  return (used_ + align - 1) / align * align + bytes;
}

void* ThreadgroupMemory::allocate(size_t bytes, size_t align) {
  size_t end = used_after(bytes, align);
  if (end > limit_) return nullptr;
  used_ = end;
  void* p = base_ + end - bytes;
  std::memset(p, 0xFF, bytes);
  return p;
}

}  // namespace klab
