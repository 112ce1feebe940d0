// A product of 16-bit floats through the f32 routines.
#pragma once
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "cpu/baseline/openblas.h"
#include "cpu/baseline/operands.h"

namespace klab::cpu {

class WidenedGemm {
 public:
  WidenedGemm(const OpenBlas& blas, const klab_gemm_desc& gemm, unsigned threads);

  // OpenBLAS must be set to one thread: the blocks are what is spread over the team's.
  void run(const GemmOperands& operands, const Team& team);

 private:
  struct Scratch {
    std::span<float> b, c, row;
  };
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  struct Range {
    size_t first, count;
  };
  struct Block {
    Range rows, columns, depth;
  };

  void widen(const uint16_t* in, float* out, size_t count) const;
  void narrow(const float* in, uint16_t* out, size_t count) const;
  void lay_out(unsigned threads);
  void widen_a(const uint16_t* a, const Team& team);
  void widen_b(const uint16_t* b, const Block& block, float* out) const;
  void multiply_block(const Block& block, Scratch& scratch) const;
  void compute_block(const uint16_t* b, Block block, Scratch& scratch) const;
  void store_block(uint16_t* c, const Block& block, Scratch& scratch) const;

  const OpenBlas& blas_;
  const klab_gemm_desc gemm_;
  const size_t row_block_, column_block_, depth_block_;
  std::unique_ptr<void, Free> memory_;
  std::span<float> a_, bias_;
  std::vector<Scratch> scratch_;
};

}  // namespace klab::cpu
