// Bundles that lie apart: every lane walks along a row of its own. Each lane's bundle is loaded at once, and the vectors
// are turned so that lanes lie side by side.
#include "memory.h"

using namespace llvm;

namespace klab_vector {
namespace {

constexpr unsigned half_lanes = lane_count / 2;

Value* shuffled(IRBuilder<>& b, Value* x, Value* y, const SmallVector<int, 64>& places) { return b.CreateShuffleVector(x, y, places); }

// Of each block of `block` elements, the `which`-th half of x's and y's in turn, `unit` elements at a time.
Value* woven(IRBuilder<>& b, Value* x, Value* y, unsigned block, unsigned unit, unsigned which) {
  const unsigned size = cast<FixedVectorType>(x->getType())->getNumElements();
  SmallVector<int, 64> places;
  for (unsigned first = 0; first < size; first += block) {
    for (unsigned at = which * block / 2; at < (which + 1) * block / 2; at += unit) {
      for (unsigned source = 0; source < 2; ++source) {
        for (unsigned i = 0; i < unit; ++i) places.push_back(int(source * size + first + at + i));
      }
    }
  }
  return shuffled(b, x, y, places);
}

// 4x4 squares of elements are turned in place: vectors i, i+1, i+2, i+3 become the four columns of their squares.
void turn_squares(IRBuilder<>& b, Value** v) {
  Value *low01 = woven(b, v[0], v[1], 4, 1, 0), *high01 = woven(b, v[0], v[1], 4, 1, 1);
  Value *low23 = woven(b, v[2], v[3], 4, 1, 0), *high23 = woven(b, v[2], v[3], 4, 1, 1);
  v[0] = woven(b, low01, low23, 4, 2, 0);
  v[1] = woven(b, low01, low23, 4, 2, 1);
  v[2] = woven(b, high01, high23, 4, 2, 0);
  v[3] = woven(b, high01, high23, 4, 2, 1);
}

// Sixteen rows of eight: rows i and i+4 side by side, squares turned, then the squares of each column gathered.
std::vector<Value*> columns_of_eight(IRBuilder<>& b, const std::vector<Value*>& rows) {
  Value* v[8];
  for (unsigned i = 0; i < 8; ++i) v[i] = join_parts(b, {rows[i % 4 + i / 4 * 8], rows[i % 4 + i / 4 * 8 + 4]});
  turn_squares(b, v);
  turn_squares(b, v + 4);
  std::vector<Value*> columns(8);
  for (unsigned k = 0; k < 8; ++k) {
    SmallVector<int, 64> places;
    for (const unsigned square : {0u, 2u, 4u, 6u}) {
      for (unsigned i = 0; i < 4; ++i) places.push_back(int((square + k / 4) * 4 + i));
    }
    columns[k] = shuffled(b, v[k % 4], v[4 + k % 4], places);
  }
  return columns;
}

// Sixteen rows of four.
std::vector<Value*> columns_of_four(IRBuilder<>& b, const std::vector<Value*>& rows) {
  Value* v[4];
  for (unsigned i = 0; i < 4; ++i) v[i] = join_parts(b, {rows[i], rows[i + 4], rows[i + 8], rows[i + 12]});
  turn_squares(b, v);
  return {v, v + 4};
}

std::vector<Value*> columns(IRBuilder<>& b, const std::vector<Value*>& rows) {
  const unsigned count = cast<FixedVectorType>(rows[0]->getType())->getNumElements();
  if (count == 8) return columns_of_eight(b, rows);
  if (count == 4) return columns_of_four(b, rows);
  std::vector<Value*> out;
  for (unsigned k = 0; k < count; ++k) out.push_back(every_nth(b, join_parts(b, rows), count, k, half_lanes));
  return out;
}

}  // namespace

std::vector<Value*> turn(IRBuilder<>& b, const std::vector<Value*>& rows) {
  const std::vector<Value*> low = columns(b, {rows.begin(), rows.begin() + half_lanes});
  const std::vector<Value*> high = columns(b, {rows.begin() + half_lanes, rows.end()});
  std::vector<Value*> out;
  for (size_t k = 0; k < low.size(); ++k) out.push_back(join_parts(b, {low[k], high[k]}));
  return out;
}

}  // namespace klab_vector
