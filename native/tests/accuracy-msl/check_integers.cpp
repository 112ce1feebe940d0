#include <algorithm>
#include <cstring>
#include <random>
#include <sstream>

#include "checks.h"
#include "integer_functions.h"
#include "run_kernel.h"
#include "tests/check.h"

namespace msl_accuracy {
namespace {

struct Type {
  const char* name;
  int bits;
  bool is_signed;
};
constexpr Type types[] = {{"char", 8, true}, {"uchar", 8, false}, {"short", 16, true}, {"ushort", 16, false}, {"int", 32, true}, {"uint", 32, false}, {"long", 64, true}, {"ulong", 64, false}};

constexpr size_t point_count = 3000;

// Limits with their neighbours, single bits, patterns, the limits of 24 bits, and random values of every magnitude.
std::vector<uint64_t> corners(const Type& type) {
  const uint64_t top = uint64_t(1) << (type.bits - 1);
  std::vector<uint64_t> all = {0, 1, 2, 3, 7, 0x55, 0xaa, ~uint64_t(0), ~uint64_t(1), top, top + 1, top - 1, top - 2, top >> 1, uint64_t(1) << (type.bits / 2), (uint64_t(1) << (type.bits / 2)) - 1,
                               0x5555555555555555u, 0xaaaaaaaaaaaaaaaau, 0x7fffff, 0x800000, 0xffffff, 0x1000000, ~uint64_t(0x7fffff)};
  std::mt19937_64 draw(7);
  for (int shift = 0; shift < type.bits; shift += 3) all.insert(all.end(), {draw() >> (64 - type.bits + shift), ~(draw() >> (64 - type.bits + shift))});
  return all;
}

uint64_t low_bits(uint64_t value, int bits) { return bits == 64 ? value : value & ((uint64_t(1) << bits) - 1); }
Wide number(uint64_t pattern, const Type& type) {
  const bool is_negative = type.is_signed && (pattern >> (type.bits - 1) & 1);
  return is_negative ? Wide(pattern) - (Wide(1) << type.bits) : Wide(pattern);
}

struct Points {
  std::vector<IntegerArgs> args;
  std::vector<unsigned char> operands;  // x of all points, then y, then z
  std::vector<uint32_t> fields;         // offset and count of each
};

Points points(const Type& type) {
  const std::vector<uint64_t> values = corners(type);
  const size_t size = static_cast<size_t>(type.bits / 8);
  Points out;
  out.operands.resize(3 * point_count * size);
  std::mt19937 draw(11);
  for (size_t i = 0; i < point_count; ++i) {
    uint64_t operands[3];
    for (size_t k = 0; k < 3; ++k) {
      operands[k] = low_bits(values[draw() % values.size()], type.bits);
      std::memcpy(&out.operands[(k * point_count + i) * size], &operands[k], size);
    }
    const uint32_t offset = draw() % static_cast<uint32_t>(type.bits + 1), count = draw() % (static_cast<uint32_t>(type.bits) - offset + 1);
    out.args.push_back({number(operands[0], type), number(operands[1], type), number(operands[2], type), type.bits, type.is_signed, offset, count});
    out.fields.insert(out.fields.end(), {offset, count});
  }
  return out;
}

std::vector<const IntegerFunction*> functions_of(const Type& type, const Scope& scope) {
  std::vector<const IntegerFunction*> out;
  for (const IntegerFunction& f : integer_functions()) {
    const bool is_too_wide = scope.is_vector_tier && f.has_product && type.bits == 64;
    if ((!f.is_32_bit || type.bits == 32) && !is_too_wide) out.push_back(&f);
  }
  return out;
}

// out[k * n + i]: function k of scalars. out[(functions + k) * n + i]: how many components of function k of vectors differ
// from the function of the component.
std::string source_of(const Type& type, const std::vector<const IntegerFunction*>& functions, bool has_vectors) {
  std::ostringstream text;
  const std::string name = type.name, bare = type.is_signed ? name : name.substr(1);
  text << "#include <metal_stdlib>\nusing namespace metal;\nstatic_assert(is_same_v<decltype(absdiff(" << name << "(1), " << name << "(2))), u" << bare << ">, \"an unsigned difference\");\n";
  for (size_t k = 0; k < functions.size(); ++k) {
    text << "template <typename V> auto f" << k << "(V x, V y, V z, uint offset, uint count) { return " << functions[k]->call << "; }\n";
    if (!has_vectors) continue;
    text << "template <int N> uint wrong" << k << "(vec<" << name << ", N> x, vec<" << name << ", N> y, vec<" << name << ", N> z, uint offset, uint count) {\n  const auto all = f" << k
         << "(x, y, z, offset, count);\n  uint wrong = 0;\n  for (int c = 0; c < N; c++) wrong += all[c] != f" << k << "(x[c], y[c], z[c], offset, count);\n  return wrong;\n}\n";
  }
  text << "kernel void check(device " << name << "* out [[buffer(0)]], device const " << name << "* in [[buffer(1)]], constant uint& n [[buffer(2)]], device const uint2* fields [[buffer(3)]], uint i [[thread_position_in_grid]]) {\n"
       << "  const uint j = (i + 1) % n, k = (i + 2) % n, l = (i + 3) % n, offset = fields[i].x, count = fields[i].y;\n  const " << name << " x = in[i], y = in[n + i], z = in[2 * n + i];\n";
  if (has_vectors) {
    for (const char* v : {"x", "y", "z"}) {
      text << "  const " << name << "4 " << v << "4(" << v;
      for (const char* at : {"j", "k", "l"}) text << ", in[" << (*v - 'x') << " * n + " << at << "]";
      text << ");\n";
    }
  }
  for (size_t k = 0; k < functions.size(); ++k) {
    text << "  out[" << k << " * n + i] = " << name << "(f" << k << "(x, y, z, offset, count));\n";
    if (!has_vectors) continue;
    text << "  out[" << functions.size() + k << " * n + i] = " << name << "(wrong" << k << "<2>(x4.xy, y4.xy, z4.xy, offset, count) + wrong" << k << "<3>(x4.xyz, y4.xyz, z4.xyz, offset, count) + wrong" << k
         << "<4>(x4, y4, z4, offset, count));\n";
  }
  text << "}\n";
  return text.str();
}

std::string show(Wide value) { return value < 0 ? "-" + std::to_string(static_cast<uint64_t>(-value)) : std::to_string(static_cast<uint64_t>(value)); }

void judge(const Type& type, const Points& at, const std::vector<const IntegerFunction*>& functions, const std::vector<unsigned char>& out) {
  const size_t size = static_cast<size_t>(type.bits / 8);
  const bool has_vectors = out.size() > functions.size() * point_count * size;
  const auto result = [&](size_t row, size_t i) {
    uint64_t value = 0;
    std::memcpy(&value, &out[(row * point_count + i) * size], size);
    return value;
  };
  for (size_t k = 0; k < functions.size(); ++k) {
    size_t asked = 0, wrong = 0, wrong_vectors = 0;
    std::string first;
    for (size_t i = 0; i < point_count; ++i) {
      const IntegerArgs& a = at.args[i];
      if (has_vectors) wrong_vectors += result(functions.size() + k, i) != 0;
      if (functions[k]->is_defined && !functions[k]->is_defined(a)) continue;
      ++asked;
      const uint64_t expected = a.pattern(functions[k]->truth(a)), got = result(k, i);
      if (got == expected) continue;
      if (wrong++ == 0) first = " at " + show(a.x) + ", " + show(a.y) + ", " + show(a.z) + ", field " + std::to_string(a.offset) + "+" + std::to_string(a.count) + ": " + std::to_string(got) + ", expected " + std::to_string(expected);
    }
    const std::string name = std::string(functions[k]->call) + " of " + type.name;
    klab_test::check(wrong == 0, __FILE__, __LINE__, name + first + "; " + std::to_string(wrong) + " points wrong");
    klab_test::check(wrong_vectors == 0, __FILE__, __LINE__, name + ": vectors differ from their components at " + std::to_string(wrong_vectors) + " points");
    klab_test::check(asked >= 100, __FILE__, __LINE__, name + " is asked at too few points: " + std::to_string(asked));
  }
}

}  // namespace

void check_integers(klab_device* device, const Scope& scope) {
  for (const Type& type : types) {
    const Points at = points(type);
    const std::vector<const IntegerFunction*> functions = functions_of(type, scope);
    std::vector<unsigned char> out((scope.is_vector_tier ? 1 : 2) * functions.size() * point_count * static_cast<size_t>(type.bits / 8));
    if (!run_kernel(device, source_of(type, functions, !scope.is_vector_tier), KLAB_MATH_DEFAULT, point_count, bytes_of(at.operands), bytes_of(at.fields), out.data(), out.size())) continue;
    judge(type, at, functions, out);
  }
}

}  // namespace msl_accuracy
