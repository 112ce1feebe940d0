// What this device does not have takes away what needs it, and nothing else.
#include "frontend_fixture.h"

using namespace frontend_test;

namespace {

// The first six lines are render code and what it needs; two kernels need textures, two do not.
const std::string mixed = R"msl(#include <metal_stdlib>
using namespace metal;
struct Corner { float4 at [[position]]; float2 uv; };
constexpr sampler smooth(coord::normalized, filter::linear);
vertex Corner corners(uint i [[vertex_id]], constant float4* all [[buffer(0)]]) { Corner c; c.at = all[i]; return c; }
fragment half4 shade(Corner in [[stage_in]], texture2d<half> image [[texture(0)]]) { return image.sample(smooth, in.uv); }
float read_at(texture2d<float> image, uint2 at) { return image.read(at).x; }
float read_at(device const float* image, uint2 at) { return image[at.x]; }
float corner_of(texture2d<float> image) { return image.read(uint2(0)).x; }
template <typename T> kernel void blur(texture2d<T, access::read> from [[texture(0)]], device T* to [[buffer(0)]], uint i [[thread_position_in_grid]]) { to[i] = from.read(uint2(i, 0)).x; }
template [[host_name("blur_float")]] kernel void blur<float>(texture2d<float, access::read>, device float*, uint);
kernel void by_helper(device float* x [[buffer(0)]]) { x[0] = corner_of(0); }
kernel void copy(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) { float corner_of = 1; x[i] = read_at(x, uint2(i)) * corner_of; }
kernel void twice(device float* x [[buffer(0)]], uint i [[thread_position_in_grid]]) { x[i] *= 2; }
)msl";

uint32_t severity_at(const ModuleState& state, uint32_t line) {
  for (const Diagnostic& d : info(state).diagnostics) {
    if (d.line == line) return d.severity;
  }
  return 99;
}

}  // namespace

TEST(a_file_that_mixes_textures_and_kernels_builds_its_kernels) {
  const auto state = read(mixed);
  CHECK(!has_errors(*state));
  CHECK_EQ(info(*state).entries.size(), 4u);
  CHECK(says(info(*state).diagnostics, "k.metal:5:15: vertex functions are not available on the cpu device"));
  CHECK(says(info(*state).diagnostics, "k.metal:6:16: fragment functions are not available on the cpu device"));
  CHECK(says(info(*state).diagnostics, "k.metal:10:"));
  CHECK(says(info(*state).diagnostics, "k.metal:12:63: kernel 'by_helper' uses 'corner_of', and textures are not available on the cpu device"));
  for (const uint32_t line : {5u, 6u, 10u, 12u}) CHECK_EQ(severity_at(*state, line), uint32_t(KLAB_SEVERITY_WARNING));
  CompiledEntry out;
  CHECK_EQ(compile(*state, "copy", out).message, "");
  CHECK_EQ(compile(*state, "twice", out).message, "");
}

TEST(an_entry_that_cannot_be_had_says_why) {
  const auto state = read(mixed);
  CompiledEntry out;
  const Error blur = compile(*state, "blur_float", out);
  CHECK_EQ(blur.status, KLAB_UNSUPPORTED);
  CHECK(blur.message.find("textures and samplers are not available on the cpu device (parameter 'from' of kernel 'blur')") != std::string::npos);
  const Error helper = compile(*state, "by_helper", out);
  CHECK_EQ(helper.status, KLAB_UNSUPPORTED);
  CHECK(helper.message.find("textures are not available") != std::string::npos);
}

TEST(a_limit_is_an_error_where_nothing_is_left_to_run) {
  const auto image = read("#include <metal_stdlib>\nusing namespace metal;\nkernel void k(device float* x [[buffer(0)]],\n  texture2d<float> t [[texture(0)]]) { x[0] = t.read(uint2(0)).x; }\n");
  CHECK(has_errors(*image));
  CHECK(says(info(*image).diagnostics, "k.metal:4:20: textures and samplers are not available"));
  CHECK_EQ(info(*image).diagnostics.size(), 1u);
  const auto render = read("#include <metal_stdlib>\nvertex float4 v(uint i [[vertex_id]]) { return float4(i); }\n[[fragment]] float4 f() { return float4(1); }\n");
  CHECK(has_errors(*render));
  CHECK(says(info(*render).diagnostics, "k.metal:2:15: vertex functions"));
  CHECK(says(info(*render).diagnostics, "k.metal:3:21: fragment functions"));
  const auto rays = read("#include <metal_raytracing>\nusing namespace metal;\nkernel void k(raytracing::instance_acceleration_structure a [[buffer(0)]]) {}\n");
  CHECK(says(info(*rays).diagnostics, "k.metal:3:15: ray tracing is not available on the cpu device"));
  CHECK_EQ(info(*rays).diagnostics.size(), 1u);
}

TEST(other_mistakes_stay_errors_beside_limits) {
  const auto state = read("#include <metal_stdlib>\nusing namespace metal;\nkernel void t(texture2d<float> i [[texture(0)]]) {}\nkernel void k(device float* x [[buffer(0)]]) { x[0] = nothing; }\n");
  CHECK(has_errors(*state));
  CHECK(says(info(*state).diagnostics, "k.metal:4:55: use of undeclared identifier 'nothing'"));
  CHECK_EQ(severity_at(*state, 3), uint32_t(KLAB_SEVERITY_WARNING));
}

int main() { return klab_test::run_all(); }
