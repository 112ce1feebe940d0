// epilogue.h: what becomes of a finished sum, the same for every family.
//
//   C[at] = activation(alpha · (sum + bias[column]) + beta · C0[at])          C0 is what C held before
//
//   | function constant | type | meaning                                                     | unset |
//   |-------------------|------|-------------------------------------------------------------|-------|
//   | 100 has_bias      | bool | add bias[column]; the buffer need not be bound without it   | false |
//   | 101 has_c0        | bool | add beta · C0: C is read                                    | false |
//   | 102 activation    | int  | 0 none, 1 ReLU, 2 GELU (tanh form), 3 SiLU                  | 0     |
//
//   alpha is always applied: one multiplication an output costs less than a second pipeline.
//   The numbers of the activations are those of `act` in a launch file; one beyond 3 counts as none.
//   What is not a number stays so through every activation, as far as the compiler's mathematics know of such values.
//   Source of the GELU: Hendrycks and Gimpel, "Gaussian Error Linear Units", arXiv 1606.08415, section 2.
#pragma once
#include <metal_stdlib>
using namespace metal;

constant bool has_bias_set [[function_constant(100)]];
constant bool has_c0_set [[function_constant(101)]];
constant int activation_set [[function_constant(102)]];
constant bool has_bias = is_function_constant_defined(has_bias_set) ? has_bias_set : false;
constant bool has_c0 = is_function_constant_defined(has_c0_set) ? has_c0_set : false;
constant int activation = is_function_constant_defined(activation_set) ? activation_set : 0;

// x / (1 + e^−exponent). The exponent is bounded, since fast math may assume that nothing overflows.
static inline float gated(float x, float exponent) {
  return x / (1.0f + exp(min(-exponent, 80.0f)));
}

static inline float activate(float x) {
  switch (activation) {
    // Not max(x, 0): the greater of 0 and what is not a number would be 0.
    case 1: return x < 0.0f ? 0.0f : x;
    // x/2 · (1 + tanh u) = x / (1 + e^−2u): without tanh, whose fast form is not a number for large u.
    case 2: return gated(x, 1.5957691216f * (x + 0.044715f * x * x * x));
    case 3: return gated(x, x);
    default: return x;
  }
}

static inline float4 activate(float4 x) {
  return float4(activate(x.x), activate(x.y), activate(x.z), activate(x.w));
}

// The values of sums, one or four. `bias` counts with has_bias and `c0` with has_c0 only.
template <typename V>
static inline V finish(V sums, V bias, V c0, float alpha, float beta) {
  if (has_bias) sums += bias;
  V values = alpha * sums;
  if (has_c0) values += beta * c0;
  return activate(values);
}

// Finishes one output. `at` is its index in C, `column` its index in bias.
template <typename T>
static inline void store_output(device T* C, ulong at, device const T* bias, uint column, float sum, float alpha, float beta) {
  C[at] = T(finish(sum, has_bias ? float(bias[column]) : 0.0f, has_c0 ? float(C[at]) : 0.0f, alpha, beta));
}

// Finishes four neighbours of a row, whose first lies at a multiple of four elements in C.
template <typename T>
static inline void store_four(device T* C, ulong at, device const T* bias, uint column, float4 sums, float alpha, float beta) {
  device vec<T, 4>* to = (device vec<T, 4>*)(C + at);
  float4 biases = 0.0f;
  // One by one: a bias need not begin where a vector may lie.
  if (has_bias) biases = float4(float(bias[column]), float(bias[column + 1]), float(bias[column + 2]), float(bias[column + 3]));
  *to = vec<T, 4>(finish(sums, biases, has_c0 ? float4(*to) : float4(0.0f), alpha, beta));
}
