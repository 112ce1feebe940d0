/** Threads of a threadgroup in the kernels below. */
export const peakWidth = 32
/** Steps of the loops below that are independent of each other. */
export const peakUnroll = 8

/**
 * What the device's peaks are measured with. `peak_read` and `peak_copy` give each threadgroup a stretch of `rows` rows of
 * a threadgroup's width, to go over `passes` times; every other pass swaps neighbouring blocks, so that no pass can be
 * left out. `peak_fma` computes in registers alone: each thread has eight sums that do not wait for each other.
 */
export const peakSource = `#include <metal_stdlib>
using namespace metal;

constant constexpr uint WIDTH = ${peakWidth}, UNROLL = ${peakUnroll};

kernel void peak_read(const device float* in [[buffer(0)]], device float* out [[buffer(1)]],
                      constant uint& rows [[buffer(2)]], constant uint& passes [[buffer(3)]],
                      uint group [[threadgroup_position_in_grid]], uint lane [[thread_position_in_threadgroup]]) {
  const device float* stretch = in + ulong(group) * rows * WIDTH;
  float sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0, sum4 = 0, sum5 = 0, sum6 = 0, sum7 = 0;
  for (uint pass = 0; pass < passes; pass++) {
    for (uint row = 0; row < rows; row += UNROLL) {
      const device float* at = stretch + (row ^ (pass & 1) * UNROLL) * WIDTH + lane;
      sum0 += at[0];
      sum1 += at[WIDTH];
      sum2 += at[2 * WIDTH];
      sum3 += at[3 * WIDTH];
      sum4 += at[4 * WIDTH];
      sum5 += at[5 * WIDTH];
      sum6 += at[6 * WIDTH];
      sum7 += at[7 * WIDTH];
    }
  }
  out[group * WIDTH + lane] = ((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7));
}

kernel void peak_copy(const device float* in [[buffer(0)]], device float* out [[buffer(1)]],
                      constant uint& rows [[buffer(2)]], constant uint& passes [[buffer(3)]],
                      uint group [[threadgroup_position_in_grid]], uint lane [[thread_position_in_threadgroup]]) {
  const ulong stretch = ulong(group) * rows * WIDTH;
  for (uint pass = 0; pass < passes; pass++) {
    for (uint row = 0; row < rows; row++) {
      const ulong at = stretch + (row ^ (pass & 1) * UNROLL) * WIDTH + lane;
      out[at] = in[at];
    }
  }
}

template <typename T>
void fma_chain(device T* out, T scale, T shift, uint rounds, uint i) {
  T x0 = scale, x1 = x0 + shift, x2 = x1 + shift, x3 = x2 + shift, x4 = x3 + shift, x5 = x4 + shift, x6 = x5 + shift, x7 = x6 + shift;
  for (uint round = 0; round < rounds; round++) {
    x0 = fma(x0, scale, shift);
    x1 = fma(x1, scale, shift);
    x2 = fma(x2, scale, shift);
    x3 = fma(x3, scale, shift);
    x4 = fma(x4, scale, shift);
    x5 = fma(x5, scale, shift);
    x6 = fma(x6, scale, shift);
    x7 = fma(x7, scale, shift);
  }
  out[i] = ((x0 + x1) + (x2 + x3)) + ((x4 + x5) + (x6 + x7));
}

kernel void peak_fma_f32(device float* out [[buffer(0)]], const device float* values [[buffer(1)]],
                         constant uint& rounds [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  fma_chain<float>(out, values[i], values[i] * 0.5f, rounds, i);
}

kernel void peak_fma_f16(device half* out [[buffer(0)]], const device half* values [[buffer(1)]],
                         constant uint& rounds [[buffer(2)]], uint i [[thread_position_in_grid]]) {
  fma_chain<half>(out, values[i], values[i] * 0.5h, rounds, i);
}
`
