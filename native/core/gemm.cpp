#include "core/gemm.h"

#include <cmath>

#include "core/boundary.h"

namespace klab {

namespace {

struct ScalarInfo {
  const char* name;
  uint32_t bytes;
};

constexpr ScalarInfo scalars[] = {{"bool", 1}, {"i8", 1},  {"u8", 1},  {"i16", 2}, {"u16", 2},  {"i32", 4}, {"u32", 4},
                                  {"i64", 8},  {"u64", 8}, {"f16", 2}, {"bf16", 2}, {"f32", 4}, {"f64", 8}};
constexpr const char* activation_texts[] = {"", " relu", " gelu", " silu"};
static_assert(sizeof activation_texts / sizeof *activation_texts == KLAB_ACT_SILU + 1);
static_assert(sizeof scalars / sizeof *scalars == KLAB_F64 + 1);

}  // namespace

uint32_t scalar_bytes(uint32_t scalar) { return scalar <= KLAB_F64 ? scalars[scalar].bytes : 0; }
const char* scalar_name(uint32_t scalar) { return scalar <= KLAB_F64 ? scalars[scalar].name : "unknown"; }

Error read_gemm(const klab_gemm_desc* in, klab_gemm_desc& out) {
  if (Error error = read_struct(in, out, "klab_gemm_desc")) return error;
  if (out.batch == 0) out.batch = 1;
  if (scalar_bytes(out.dtype) == 0) return invalid(format("klab_gemm_desc.dtype %u is not a klab_scalar", out.dtype));
  if (out.m == 0 || out.n == 0 || out.k == 0) {
    return invalid(format("a product needs m, n and k of at least 1; got m=%u n=%u k=%u", out.m, out.n, out.k));
  }
  if (out.activation > KLAB_ACT_SILU) return invalid(format("klab_gemm_desc.activation %u is not a klab_activation", out.activation));
  if (!std::isfinite(out.alpha) || !std::isfinite(out.beta)) return invalid("alpha and beta must be finite numbers");
  const double largest = std::fmax(double(out.m) * out.n, std::fmax(double(out.m) * out.k, double(out.k) * out.n));
  if (largest * out.batch * 8 > 0x1p62) return invalid("the operands of " + gemm_text(out) + " exceed any address space");
  return {};
}

std::string gemm_text(const klab_gemm_desc& gemm) {
  return format("m=%u n=%u k=%u tA=%u tB=%u batch=%u %s%s%s", gemm.m, gemm.n, gemm.k, gemm.transpose_a != 0, gemm.transpose_b != 0,
                gemm.batch, scalar_name(gemm.dtype), gemm.has_bias ? " bias" : "",
                activation_texts[gemm.activation]);
}

std::vector<Binding> gemm_bindings(const klab_gemm_desc& gemm) {
  const uint64_t element = scalar_bytes(gemm.dtype), batch = gemm.batch;
  const uint64_t m = gemm.m, n = gemm.n, k = gemm.k;
  const auto binding = [&](uint32_t index, uint32_t access, const char* name, uint64_t count) {
    Binding value;
    value.index = index;
    value.access = access;
    value.element_bytes = static_cast<uint32_t>(element);
    value.type = scalar_name(gemm.dtype);
    value.name = name;
    value.min_bytes = count * element;
    return value;
  };
  std::vector<Binding> list = {
      binding(0, KLAB_ACCESS_READ, "A", batch * m * k),
      binding(1, KLAB_ACCESS_READ, "B", batch * k * n),
      binding(2, gemm.beta == 0 ? KLAB_ACCESS_WRITE : KLAB_ACCESS_READ_WRITE, "C", batch * m * n),
  };
  if (gemm.has_bias) list.push_back(binding(3, KLAB_ACCESS_READ, "bias", n));
  return list;
}

}  // namespace klab
