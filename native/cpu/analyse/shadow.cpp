#include "cpu/analyse/shadow.h"

#include <sys/mman.h>

#include <new>

namespace klab::analyse {

namespace {

// One cell beyond the last whole one: the size of memory need not be a multiple of a cell's.
uint64_t cells_of(uint64_t bytes, uint32_t shift) { return (bytes >> shift) + 1; }

// Zero pages take memory when they are written, so that untouched parts of a large buffer cost nothing.
template <class T>
T* map_zeros(uint64_t count) {
  void* memory = mmap(nullptr, count * sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<T*>(memory);
}

template <class T>
void unmap(T*& memory, uint64_t count) {
  if (memory) munmap(static_cast<void*>(memory), count * sizeof(T));
  memory = nullptr;
}

}  // namespace

Shadow::~Shadow() { close(); }

void Shadow::close() {
  unmap(cells_, cells_of(bytes_, shift_));
  unmap(rest_, cells_of(bytes_, shift_));
}

bool Shadow::map(uint64_t bytes, uint32_t shift) {
  bytes_ = bytes;
  shift_ = shift;
  cells_ = map_zeros<Cell>(cells_of(bytes, shift));
  rest_ = map_zeros<Rest>(cells_of(bytes, shift));
  if (!cells_ || !rest_) close();
  return is_on();
}

bool Shadow::open(uint64_t bytes) {
  close();
  return map(bytes, 2);
}

// So far every access covered whole cells, so that each half knows what the whole did.
void Shadow::refine(uint64_t offset_or_bytes) {
  const uint32_t old_shift = shift_, shift = offset_or_bytes & 1 ? 0 : 1;
  Cell* coarse = cells_;
  Rest* coarse_rest = rest_;
  const uint64_t count = cells_of(bytes_, shift), coarse_count = cells_of(bytes_, old_shift);
  const bool is_mapped = map(bytes_, shift);
  for (uint64_t i = 0; is_mapped && i < coarse_count; i++) {
    if (coarse[i].write == 0 && coarse[i].read == 0) continue;
    const uint64_t first = i << (old_shift - shift), parts = uint64_t{1} << (old_shift - shift);
    for (uint64_t k = first; k < first + parts && k < count; k++) cells_[k] = coarse[i], rest_[k] = coarse_rest[i];
  }
  unmap(coarse, coarse_count);
  unmap(coarse_rest, coarse_count);
  if (!is_mapped) throw std::bad_alloc();
}

bool Shadow::races_with_write(uint64_t i, const Order& order, const Access& access, Record& with) const {
  const Cell& cell = cells_[i];
  const Rest& rest = rest_[i];
  with = {cell.write_time(), rest.write_who};
  if (order.races(with, access.thread, access.is_atomic)) return true;
  with = rest.other_write;
  return cell.write & Cell::has_other_write && order.races(with, access.thread, access.is_atomic);
}

bool Shadow::races_with_read(uint64_t i, const Order& order, const Access& access, Record& with) const {
  const Cell& cell = cells_[i];
  const Rest& rest = rest_[i];
  with = {cell.read, cell.read_who};
  const uint32_t others = cell.read_lanes & ~(1u << access.thread % KLAB_SIMD_WIDTH);
  const bool is_own = with.stamp >= order.group && with.thread() == access.thread;
  // Of the lanes that read, another than the one that writes.
  if (is_own && others) with = Record::make(with.stamp, with.site(), with.simdgroup() * KLAB_SIMD_WIDTH + static_cast<uint32_t>(__builtin_ctz(others)), with.is_atomic());
  if (order.races(with, access.thread, access.is_atomic)) return true;
  with = rest.other_read;
  if (with.stamp >= order.group && order.races(with, access.thread, access.is_atomic)) return true;
  with = rest.earlier_read;
  return order.races(with, access.thread, access.is_atomic);
}

}  // namespace klab::analyse
