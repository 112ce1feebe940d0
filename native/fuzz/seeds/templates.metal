#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;
template <typename T, int N = 4, bool B = (N < 8 && N > 2)>
struct Tile {
  static constant constexpr int width = N;
  threadgroup T* data;
  Tile(threadgroup T* d) : data(d) {}
  Tile(device T* d) : data(nullptr) {}
  T at(int i) const threadgroup { return data[i]; }
  T at(int i) const device { return data[i]; }
  T operator[](int i) const { return data[i]; }
  METAL_FUNC T sum() thread { T s{0}; for (int i = 0; i < N; ++i) { s += data[i]; } return s; }
};
template <typename T> struct Limits { static const constant T lowest = T(-1); };
template <> struct Limits<half> { static constant constexpr half lowest = -65504.0h; };
template <typename T> struct Pointer<device T*> { using type = T; };
template <typename T> struct Pointer<threadgroup T*> { using type = T; };
template <typename T, int N>
[[kernel, max_total_threads_per_threadgroup(N * 32)]] void tiled(device const T* a [[buffer(0)]], device T* b [[buffer(1)]],
    constant uint3& shape [[buffer(2)]], threadgroup T* scratch [[threadgroup(0)]],
    uint3 g [[threadgroup_position_in_grid]], uint l [[thread_index_in_simdgroup]]) {
  threadgroup T tile[N][N + 1];
  threadgroup alignas(16) vec<T, 4> other[2], third;
  tile[l % N][0] = a[l];
  threadgroup_barrier(mem_flags::mem_threadgroup);
  b[l] = tile[l % N][0] + static_cast<T>(1.5) + scratch[0];
}
typedef decltype(tiled<float, 8>) tiled_t;
template [[host_name("tiled_f")]] kernel void tiled<float, 8>(device const float*, device float*, constant uint3&, threadgroup float*, uint3, uint);
template [[host_name("tiled_h")]] [[kernel]] tiled_t tiled<half, 8>;
template [[host_name("tiled_d")]] [[kernel]] decltype(tiled<half, 16>) tiled<half, 16>;
