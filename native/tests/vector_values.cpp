// The vector tier's values and memory: types, arrays of a thread's own, atomics, matrices.
#include "vector_fixture.h"

using namespace vector_test;

namespace {
const std::string head = "kernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint index [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) { const uint i = group * 80 + index; ";
const std::string numbers = "device const float* f = (device const float*)in; device float* g = (device float*)out; ";
void agree_on(const std::string& body) { agree(head + body + "}"); }
}  // namespace

TEST(widths_and_conversions) {
  agree_on("{" + numbers + R"msl(
    device const uchar* bytes = (device const uchar*)in; device const short* shorts = (device const short*)in;
    char c = char(bytes[i * 3]); short s = shorts[i + 5]; long l = long(in[i]) * in[i + 1]; half h = half(f[3 * (i / 3) + 2] * 0.125f); bfloat b = bfloat(h);
    out[i] = uint(c / 3) + uint(s % 7) + uint(l >> 9) + uint(as_type<ushort>(h * h + 1.0h)) + uint(as_type<ushort>(bfloat(b * b)));
    g[i + 700] = float(s) / float(c == 0 ? 1 : c) + sqrt(fabs(float(h))) + exp(float(c) * 0.01f) + float(ulong(l) % 1000003ul);
    ((device half*)out)[2600 + i] = h; ((device uchar*)out)[8000 + i] = uchar(c ^ 5);
    out[i + 1500] = popcount(in[i]) + clz(in[i + 2]) + uint(mulhi(in[i], 0x9e3779b9u)) + (in[i] > 3 ? rotate(in[i], 7u) : select(1u, 2u, in[i + 1] > 3));
  })msl");
}

TEST(vectors_in_memory) {
  agree_on(R"msl({
    device const float4* f4 = (device const float4*)in; device float4* g4 = (device float4*)out; device const half4* h4 = (device const half4*)in;
    float4 v = float4(1, 2, 3, float(lane)) + float4(int4(((device const int4*)in)[i])); half4 h = half4(0.5h, 1, 2, half(lane)) * half4(short4(((device const short4*)in)[i + 3]) % short(9));
    g4[i] = v * 2 + float4(h).wzyx; ((device half2*)out)[3000 + i] = h.xw; ((device packed_float3*)(out + 2000))[i] = v.zxy;
    uchar4 u = ((device const uchar4*)in)[i + 1]; out[i + 1000] = uint(u.x) + u.y * u.z - u.w + uint(f4[0].x > 1) + uint(h4[1].y == 0.5h);
  })msl");
}

TEST(strides_and_patterns) {
  agree_on(R"msl({
    const uint row = lane / 8, column = lane % 8;
    uint s = in[i * 2] + in[i * 3 + 1] + in[row * 64 + column] + in[column * count % 1000 + row] + in[31 - lane] + in[(i * 7) % 256];
    s += in[ushort(lane * 5000 + 100) % 512] + in[count - 1 - i];
    out[i * 2] = s; out[1000 + row * 40 + column * 2] = lane; out[2000 + i * 3 + 1] = s; out[3500 + (lane ^ 9)] = lane;
    uint below = i - 3; if (below < count) out[400 + below] = in[below] + 1;
  })msl");
}

TEST(arrays_of_a_thread) {
  agree_on(R"msl({
    float sums[4][3]; uint counts[16]; uchar small[20]; float4 four[2];
    for (int a = 0; a < 4; a++) for (int b = 0; b < 3; b++) sums[a][b] = float(a) * float(lane) - float(b);
    for (int k = 0; k < 16; k++) counts[k] = 0;
    for (int k = 0; k < 20; k++) small[k] = uchar(k * i);
    for (uint k = 0; k < 40; k++) { counts[in[k + i] % 16]++; small[(k + lane) % 20] ^= uchar(k); sums[k % 4][in[k] % 3] += float(counts[k % 16]); }
    four[0] = float4(sums[1][0]); four[1] = float4(sums[2][1], 1, 2, 3); four[lane & 1].y = 9;
    float total = four[in[i] & 1].x + four[0].y; uint bits = 0;
    for (int k = 0; k < 16; k++) bits = bits * 3 + counts[k] + small[k + 3];
    if (lane % 5 == 0) { float copy[12]; for (int k = 0; k < 12; k++) copy[k] = sums[k / 3][k % 3] * 2; total += copy[lane % 12]; }
    out[i] = bits; ((device float*)out)[i + 1500] = total + sums[i % 4][i % 3];
  })msl");
}

TEST(atomics) {
  agree(R"msl(kernel void k(device const uint* in [[buffer(0)]], device atomic_uint* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint index [[thread_index_in_threadgroup]], uint group [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
    const uint i = group * 80 + index;
    atomic_fetch_add_explicit(&out[in[i] % 13], i + 1, memory_order_relaxed);
    if (lane % 3) atomic_fetch_max_explicit(&out[20 + lane % 4], in[i], memory_order_relaxed); else atomic_fetch_xor_explicit(&out[30], in[i], memory_order_relaxed);
    atomic_fetch_min_explicit((device atomic_int*)&out[41], int(in[i]), memory_order_relaxed);
    uint expected = 7; if (lane == 4) atomic_compare_exchange_weak_explicit(&out[50 + i], &expected, 99u, memory_order_relaxed, memory_order_relaxed);
    atomic_store_explicit(&out[1000 + i], atomic_load_explicit(&out[50 + i], memory_order_relaxed) + expected, memory_order_relaxed);
    atomic_fetch_add_explicit((device atomic_float*)&out[60 + 300], 0.5f, memory_order_relaxed);
  })msl");
}

// What one kernel of a file does with a lane's elements is not the business of the others.
TEST(kernels_beside_one_that_asks_for_elements) {
  const std::string other = R"msl(
    kernel void asks(device float* out [[buffer(0)]]) { simdgroup_float8x8 m(1.0f); m.thread_elements()[0] *= 2.0f; simdgroup_store(m, out, 8); }
  )msl";
  const std::string plain = "kernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint i [[thread_index_in_threadgroup]]) { out[i] = in[i] * 3; }";
  agree(other + plain);
  const std::string matrices = R"msl(kernel void k(device const float* in [[buffer(0)]], device float* out [[buffer(1)]]) {
    simdgroup_float8x8 a; simdgroup_load(a, in + 300, 8); simdgroup_store(a, out, 8); })msl";
  const auto state = read(prologue + other + matrices, exact());
  CompiledEntry compiled;
  CHECK_EQ(compile_leader_entry(*state, {"k", {}, 0}, context(), compiled).message, "");
  CHECK_EQ(compile_vector_entry(*state, {"k", {}, 0}, {true}, context(), compiled).message, "");
  CHECK_EQ(compile_vector_entry(*state, {"asks", {}, 0}, {true}, context(), compiled).message, "");
}

TEST(matrices) {
  const std::string body = R"msl({
    threadgroup T tile[128];
    device const float* f = (device const float*)in;
    for (uint e = lane; e < 128; e += 32) tile[e] = T(float(int(in[e * 3 + 1]) - 3) * 0.25f);
    simdgroup_barrier(mem_flags::mem_threadgroup);
    simdgroup_matrix<T, 8, 8> a, b, c = simdgroup_matrix<T, 8, 8>(T(2)), d[2];
    simdgroup_load(a, tile, 8); simdgroup_load(b, tile + 3, 16, ulong2(1, 0), true);
    for (int k = 0; k < 2; k++) { simdgroup_multiply_accumulate(d[k], a, b, c); c = d[k]; }
    d[0].thread_elements()[0] += T(lane); d[0].thread_elements()[1] = d[0].thread_elements()[1] * T(0.5f);
    simdgroup_multiply(c, d[0], a);
    simdgroup_store(d[1], (device T*)(out + 200 * group), 8); simdgroup_store(c, (device T*)(out + 200 * group + 64), 8, ulong2(0, 0), true);
    ((device float*)out)[200 * group + 130 + lane] = float(b.thread_elements().x);
  })msl";
  for (const char* type : {"float", "half", "bfloat"}) {
    const std::string source = "typedef " + std::string(type) + " T;\nkernel void k(device const uint* in [[buffer(0)]], device uint* out [[buffer(1)]], uint lane [[thread_index_in_simdgroup]], uint group [[threadgroup_position_in_grid]]) " + body;
    const auto state = read(prologue + source, exact());
    CompiledEntry compiled;
    REQUIRE(!compile(*state, "k", compiled));
    const klab_kernel_desc* fiber = open(compiled);
    CHECK_EQ(compile_vector_entry(*state, {"k", {}, 0}, {}, context(), compiled).message, "");
    const klab_kernel_desc* vector = open(compiled);
    REQUIRE(fiber && vector);
    Words expected(4096, 0), got(4096, 0);
    CHECK(!run(*fiber, {{32, 1, 1}, 2}, input(4096), expected));
    CHECK(!run(*vector, {{32, 1, 1}, 2}, input(4096), got));
    CHECK(expected == got);
    CHECK(expected != Words(4096, 0));
  }
}

int main() {
  return run_all_or_skip();
}
