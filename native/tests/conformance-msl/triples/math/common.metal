// clamp, mix, saturate, sign, step, smoothstep, copysign, fdim, fmod, fract with exact results.
#include <metal_stdlib>
using namespace metal;

kernel void check(device float* out [[buffer(0)]]) {
  out[0] = clamp(5.0f, -1.0f, 3.0f), out[1] = clamp(-5.0f, -1.0f, 3.0f), out[2] = mix(2.0f, 6.0f, 0.25f), out[3] = saturate(-3.0f) + saturate(0.5f) + saturate(9.0f);
  out[4] = sign(-3.0f), out[5] = sign(0.0f), out[6] = sign(2.0h), out[7] = step(1.0f, 0.5f), out[8] = step(1.0f, 1.0f), out[9] = smoothstep(0.0f, 4.0f, 1.0f), out[10] = copysign(3.0f, -0.0f);
  out[11] = fdim(5.0f, 3.0f), out[12] = fdim(3.0f, 5.0f), out[13] = fmod(7.5f, 2.0f), out[14] = fmod(-7.5f, 2.0f), out[15] = fract(2.75f), out[16] = fract(-0.25f), out[17] = fabs(-2.0f) + abs(-3);
  const float3 v = clamp(float3(-1, 0.5f, 2), 0.0f, 1.0f) + mix(float3(0), float3(4), 0.5f) + step(0.5f, float3(0, 0.5f, 1));
  out[18] = v.x, out[19] = v.y, out[20] = v.z, out[21] = mix(1.0h, 3.0h, 0.5h), out[22] = median3(3, 1, 2), out[23] = smoothstep(0.0h, 1.0h, 2.0h);
}
