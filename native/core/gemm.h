// What baselines and the float64 reference share about a klab_gemm_desc.
#pragma once
#include <cstdint>
#include <vector>

#include "core/device.h"

namespace klab {

// Bytes of one klab_scalar; 0 for a number that is none.
uint32_t scalar_bytes(uint32_t scalar);
const char* scalar_name(uint32_t scalar);

// The caller's descriptor, with batch 0 read as 1; sizes of 0 and products beyond 2^62 bytes are refused.
Error read_gemm(const klab_gemm_desc* in, klab_gemm_desc& out);

// "m=1 n=896 k=896 tA=0 tB=1 batch=1 f16 bias relu".
std::string gemm_text(const klab_gemm_desc& gemm);

// Bindings of a baseline: A, B, C, bias with the sizes they need.
std::vector<Binding> gemm_bindings(const klab_gemm_desc& gemm);

}  // namespace klab
