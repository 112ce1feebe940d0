// 16-bit floats: exact widening, narrowing that rounds to nearest even. Uses the processor's F16C when it has it.
#pragma once
#include <cstddef>
#include <cstdint>

namespace klab {

void widen_f16(const uint16_t* in, float* out, size_t count);
void narrow_f16(const float* in, uint16_t* out, size_t count);
void widen_bf16(const uint16_t* in, float* out, size_t count);
void narrow_bf16(const float* in, uint16_t* out, size_t count);

// The portable versions, for processors without F16C and as the reference of the others.
float widen_f16(uint16_t value);
uint16_t narrow_f16(float value);
uint16_t narrow_bf16(float value);

}  // namespace klab
