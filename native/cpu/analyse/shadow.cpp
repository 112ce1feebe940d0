#include "cpu/analyse/shadow.h"

#include <sys/mman.h>

#include <new>

namespace klab::analyse {

namespace {

// One cell beyond the last whole one: the size of memory need not be a multiple of a cell's.
uint64_t cells_of(uint64_t bytes, uint32_t shift) { return (bytes >> shift) + 1; }

// Zero pages take memory when they are written, so that untouched parts of a large buffer cost nothing.
Cell* map(uint64_t cells) {
  void* memory = mmap(nullptr, cells * sizeof(Cell), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<Cell*>(memory);
}

}  // namespace

Shadow::~Shadow() { close(); }

void Shadow::close() {
  if (cells_) munmap(static_cast<void*>(cells_), cells_of(bytes_, shift_) * sizeof(Cell));
  cells_ = nullptr;
}

bool Shadow::open(uint64_t bytes) {
  close();
  bytes_ = bytes;
  shift_ = 2;
  cells_ = map(cells_of(bytes, shift_));
  return cells_ != nullptr;
}

// So far every access covered whole cells, so that each half knows what the whole did.
void Shadow::refine(uint64_t offset_or_bytes) {
  const uint32_t shift = offset_or_bytes & 1 ? 0 : 1;
  Cell* fine = map(cells_of(bytes_, shift));
  if (!fine) throw std::bad_alloc();
  const uint64_t count = cells_of(bytes_, shift), coarse = cells_of(bytes_, shift_);
  for (uint64_t i = 0; i < coarse; i++) {
    const Cell& cell = cells_[i];
    if (cell.write.stamp == 0 && cell.read.stamp == 0) continue;
    const uint64_t first = i << (shift_ - shift), parts = uint64_t{1} << (shift_ - shift);
    for (uint64_t k = 0; k < parts && first + k < count; k++) fine[first + k] = cell;
  }
  close();
  cells_ = fine;
  shift_ = shift;
}

}  // namespace klab::analyse
