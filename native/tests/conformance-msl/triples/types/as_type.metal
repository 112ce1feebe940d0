// The same bits as another type of the same size, scalars and vectors.
#include <metal_stdlib>
using namespace metal;

kernel void check(device uint* out [[buffer(0)]]) {
  out[0] = as_type<uint>(1.0f), out[1] = as_type<uint>(half2(1.0h, -2.0h)), out[2] = as_type<uint>(uchar4(1, 2, 3, 4)), out[3] = as_type<ushort>(half(0.5));
  const uint2 p = as_type<uint2>(ulong(0x123456789abcdef0));
  out[4] = p.x, out[5] = p.y, out[6] = as_type<uint>(as_type<float>(0x40490fdbu)), out[7] = uint(as_type<float2>(uint2(0x40400000, 0)).x);
  out[8] = as_type<ushort2>(0xaabbccddu).y, out[9] = uint(as_type<char>(uchar(255)) + 2), out[10] = as_type<uint4>(float4(0, 0, 0, 1)).w, out[11] = as_type<int>(0xffffffffu) + 2;
}
