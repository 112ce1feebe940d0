// Loads or stores of neighbouring pieces, such as the four floats of a float4: when each lane's bundle follows the one
// of the lane before, all lanes' bundles are one run of memory.
#include "analysis.h"
#include "linear.h"

using namespace llvm;

namespace klab_vector {
namespace {

struct Piece {
  Instruction* access = nullptr;
  LinearAddress address;
  Type* type = nullptr;
};

bool read_piece(const DataLayout& layout, Instruction& instruction, Piece& piece) {
  const auto* load = dyn_cast<LoadInst>(&instruction);
  const auto* store = dyn_cast<StoreInst>(&instruction);
  if (!(load && load->isSimple()) && !(store && store->isSimple())) return false;
  const Value* pointer = load ? load->getPointerOperand() : store->getPointerOperand();
  piece.access = &instruction;
  piece.address = linear_address(layout, pointer);
  piece.type = load ? load->getType() : store->getValueOperand()->getType();
  return true;
}

class Collector {
 public:
  explicit Collector(Analysis& analysis) : a_(analysis) {}

  void run() {
    for (BasicBlock* block : a_.control.order) {
      for (Instruction& instruction : *block) visit(instruction);
      close();
    }
  }

 private:
  // Pieces that lie open have nothing between them that could tell in which order they are accessed.
  void visit(Instruction& instruction) {
    Piece piece;
    if (!read_piece(a_.layout, instruction, piece)) {
      if (instruction.mayReadOrWriteMemory()) close();
      return;
    }
    if (!open_.empty() && (isa<StoreInst>(instruction) || isa<StoreInst>(open_[0].access)) && !belongs(piece)) close();
    open_.push_back(piece);
  }

  bool belongs(const Piece& piece) const {
    const Piece& first = open_[0];
    return first.access->getOpcode() == piece.access->getOpcode() && first.address.differs_in_offset_alone(piece.address) && first.type == piece.type;
  }

  void close() {
    while (!open_.empty()) {
      std::vector<Piece> alike, rest;
      for (const Piece& piece : open_) (belongs(piece) ? alike : rest).push_back(piece);
      bundle(alike);
      open_ = std::move(rest);
    }
  }

  // Runs of two to eight pieces (stores: four), each next to the one before.
  void bundle(std::vector<Piece> pieces) {
    const size_t most_pieces = isa<LoadInst>(pieces[0].access) ? 8 : 4;
    const auto bytes = int64_t(a_.layout.getTypeStoreSize(pieces[0].type));
    std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& x, const Piece& y) { return x.address.offset < y.address.offset; });
    for (size_t first = 0; first < pieces.size();) {
      size_t end = first + 1;
      while (end < pieces.size() && end - first < most_pieces && pieces[end].address.offset == pieces[end - 1].address.offset + bytes) ++end;
      if (end - first >= 2) {
        auto shared = std::make_shared<Bundle>();
        for (size_t i = first; i < end; ++i) shared->accesses.push_back(pieces[i].access);
        for (Instruction* access : shared->accesses) a_.bundles[access] = shared;
      }
      first = end;
    }
  }

  Analysis& a_;
  std::vector<Piece> open_;
};

}  // namespace

void find_bundles(Analysis& analysis) { Collector(analysis).run(); }

}  // namespace klab_vector
