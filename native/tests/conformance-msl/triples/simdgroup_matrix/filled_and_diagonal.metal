// make_filled_simdgroup_matrix fills; the constructor from a number makes a diagonal.
#include <metal_stdlib>
using namespace metal;

kernel void fill(device half* out [[buffer(0)]]) {
  simdgroup_half8x8 filled = make_filled_simdgroup_matrix<half, 8>(2.5h);
  simdgroup_half8x8 diagonal(3.0h);
  simdgroup_store(filled, out, 8);
  simdgroup_store(diagonal, out + 64, 8);
}
