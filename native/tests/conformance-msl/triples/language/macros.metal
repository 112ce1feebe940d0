// Macros of the launch, stringised and pasted names, and conditional code.
#include <metal_stdlib>
using namespace metal;

#define NAME(a, b) a##b
#ifndef WIDTH
#error WIDTH comes with the launch
#endif
#if WIDTH > 4 && defined(FLAG)
kernel void NAME(che, ck)(device uint* out [[buffer(0)]]) {
  out[0] = WIDTH;
  out[1] = __METAL_VERSION__ >= 300;
#ifdef __METAL__
  out[2] = 1;
#endif
}
#endif
