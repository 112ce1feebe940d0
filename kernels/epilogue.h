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
    case 1: return max(x, 0.0f);
    // x/2 · (1 + tanh u) = x / (1 + e^−2u): without tanh, whose fast form is not a number for large u.
    case 2: return gated(x, 1.5957691216f * (x + 0.044715f * x * x * x));
    case 3: return gated(x, x);
    default: return x;
  }
}

// Finishes one output. `at` is its index in C, `column` its index in bias.
template <typename T>
static inline void store_output(device T* C, ulong at, device const T* bias, uint column, float sum, float alpha, float beta) {
  if (has_bias) sum += float(bias[column]);
  float value = alpha * sum;
  if (has_c0) value += beta * float(C[at]);
  C[at] = T(activate(value));
}
