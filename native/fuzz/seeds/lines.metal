# 1 "lines.metal"
#pragma METAL internals : enable
#pragma unroll(MANY)
# 7 "other \"header\".h" 1 3
inline float helper(float x) { return x; }
# 3 "lines.metal" 2
#define SQUARE(x) ((x) * \
  (x))
#define KERNEL(name, type) \
  template [[host_name(#name "_" #type)]] kernel void name<type>(device type*, uint);
template <typename T> kernel void copy(device T* x [[ buffer(0) ]], uint i [[ thread_position_in_grid ]]) {
  assert(i < 10 && "a string with \" and { ( [");
  char c = '\'', d = '"', e = '{';
#pragma unroll
  for (int k = 0; k < 4; k++) { x[i] += T(SQUARE(k)); }
  /* a comment { with } brackets */ // and ( another
}
KERNEL(copy, float)
template [[host_name("copy_h")]] kernel void copy<half>(device half*, uint);
