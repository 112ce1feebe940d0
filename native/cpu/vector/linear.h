// An address as a sum: what pieces of memory that lie side by side have in common, and how far apart they are.
#pragma once
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/Instructions.h>

#include <vector>

namespace klab_vector {

struct LinearAddress {
  const llvm::Value* base = nullptr;
  std::vector<const llvm::Value*> terms;  // of the index, in an order that is the same for equal sets
  unsigned widening = 0;                  // how the index becomes 64 bits wide: an opcode, or 0
  int64_t stride = 0;                     // bytes that a step of the index is
  int64_t offset = 0;                     // bytes

  bool differs_in_offset_alone(const LinearAddress& other) const {
    return base == other.base && terms == other.terms && widening == other.widening && stride == other.stride;
  }
};

// Of two addresses that are both used: a constant is taken out of a 32-bit index as if it could not wrap around, which
// only an address out of any buffer's bounds can make it do.
LinearAddress linear_address(const llvm::DataLayout& layout, const llvm::Value* pointer);

}  // namespace klab_vector
