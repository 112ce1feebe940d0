// Vectors put together and taken apart for memory.
#pragma once
#include "code.h"

namespace klab_vector {

bool is_contiguous(const Shape& shape, unsigned first, unsigned count, uint64_t bytes);
// Vectors of one type, side by side; a power of two of them.
llvm::Value* join_parts(llvm::IRBuilder<>& b, std::vector<llvm::Value*> parts);
// Lanes' values from the integers that their bytes are stored in, lowest first; and back.
llvm::Value* from_pieces(llvm::IRBuilder<>& b, llvm::Type* type, const std::vector<llvm::Value*>& pieces);
std::vector<llvm::Value*> to_pieces(llvm::IRBuilder<>& b, llvm::Value* values, unsigned bytes);
// Lane i's k-th value at i · count + k, and back.
llvm::Value* interleaved(llvm::IRBuilder<>& b, const std::vector<llvm::Value*>& values);
llvm::Value* every_nth(llvm::IRBuilder<>& b, llvm::Value* all, unsigned count, unsigned first, unsigned lanes = lane_count);
// The k-th elements of all lanes' rows, for each k.
std::vector<llvm::Value*> turn(llvm::IRBuilder<>& b, const std::vector<llvm::Value*>& rows);
// Groups of lanes that lie together, each where its first lane points.
void store_groups(llvm::IRBuilder<>& b, llvm::Value* values, const Address& address, llvm::Align alignment);

}  // namespace klab_vector
