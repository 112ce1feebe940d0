#include "kernels.h"

#include <sstream>

namespace msl_accuracy {
namespace {

constexpr const char* parameters[] = {"", "V x", "V x, V y", "V x, V y, V z"};
constexpr const char* arguments[] = {"", "(x)", "(x, y)", "(x, y, z)"};

// One result each of functions that have two, and of those whose types are not all alike.
constexpr const char* helpers = R"msl(
template <typename V> struct ints { typedef int type; };
template <typename T, int N> struct ints<metal::vec<T, N>> { typedef metal::vec<int, N> type; };
template <typename V> V modf_fraction(V x) { V whole; return SCOPE modf(x, whole); }
template <typename V> V modf_whole(V x) { V whole; SCOPE modf(x, whole); return whole; }
template <typename V> V sincos_sine(V x) { V cosine; return SCOPE sincos(x, cosine); }
template <typename V> V sincos_cosine(V x) { V cosine; SCOPE sincos(x, cosine); return cosine; }
template <typename V> V frexp_significand(V x) { typename ints<V>::type exponent; return SCOPE frexp(x, exponent); }
template <typename V> V frexp_exponent(V x) { typename ints<V>::type exponent; SCOPE frexp(x, exponent); return V(exponent); }
template <typename V> V ilogb_value(V x) { return V(SCOPE ilogb(x)); }
template <typename V> V ldexp_by(V x, V y) { return SCOPE ldexp(x, typename ints<V>::type(SCOPE clamp(y, V(-300), V(300)))); }
)msl";

constexpr const char* comparison = R"msl(
template <typename T> struct bits_of { typedef uint type; };
template <> struct bits_of<half> { typedef ushort type; };
template <typename T> uint differs(T a, T b) {
  if (metal::isnan(a) && metal::isnan(b)) return 0;
  return metal::as_type<typename bits_of<T>::type>(a) != metal::as_type<typename bits_of<T>::type>(b);
}
)msl";

std::string call(const Function& f, const std::string& scope) { return (f.is_helper ? "" : scope) + f.name + arguments[f.arity]; }

std::string prologue(const std::string& scope) {
  std::string text = helpers;
  for (size_t at = 0; (at = text.find("SCOPE ", at)) != std::string::npos;) text.replace(at, 6, scope);
  return "#include <metal_stdlib>\n#define SCOPE " + scope + "\n" + text;
}
constexpr const char* head = "kernel void check(device float* out [[buffer(0)]], device const float* in [[buffer(1)]], constant uint& n [[buffer(2)]], uint i [[thread_position_in_grid]]) {\n";

}  // namespace

std::vector<Chunk> chunks(const std::vector<Function>& all, bool has_helpers) {
  constexpr size_t most = 24;
  std::vector<Chunk> out;
  for (int arity = 1; arity <= 3; ++arity) {
    out.emplace_back();
    for (const Function& f : all) {
      if (f.arity != arity || (f.is_helper && !has_helpers)) continue;
      if (out.back().size() == most) out.emplace_back();
      out.back().push_back(&f);
    }
    if (out.back().empty()) out.pop_back();
  }
  return out;
}

std::string scalar_source(const Chunk& chunk, const std::string& scope, const std::string& type) {
  std::ostringstream text;
  text << prologue(scope) << head << "  const " << type << " x = " << type << "(in[i]), y = " << type << "(in[n + i]), z = " << type << "(in[2 * n + i]);\n";
  for (size_t k = 0; k < chunk.size(); ++k) text << "  out[" << k << " * n + i] = float(" << call(*chunk[k], scope) << ");\n";
  text << "}\n";
  return text.str();
}

std::string vector_source(const Chunk& chunk, const std::string& scope, const std::string& type) {
  std::ostringstream text;
  text << prologue(scope) << comparison;
  const int arity = chunk[0]->arity;
  const auto parts = [&](const std::string& part) { return std::string(arity > 2 ? part + ", y" + part + ", z" + part : arity > 1 ? part + ", y" + part : part); };
  for (size_t k = 0; k < chunk.size(); ++k) {
    const std::string f = "f" + std::to_string(k);
    text << "template <typename V> V " << f << "(" << parameters[arity] << ") { return " << call(*chunk[k], scope) << "; }\n";
    text << "template <typename T, int N> uint wrong" << k << "(thread const metal::vec<T, N>& x, thread const metal::vec<T, N>& y, thread const metal::vec<T, N>& z) {\n  const metal::vec<T, N> all = "
         << f << arguments[arity] << ";\n  uint count = 0;\n  for (int c = 0; c < N; c++) count += differs(all[c], " << f << "(x" << parts("[c]") << "));\n  return count;\n}\n";
  }
  text << head;
  for (const char* name : {"x", "y", "z"}) {
    text << "  " << type << " " << name << "s[4];\n  for (uint c = 0; c < 4; c++) " << name << "s[c] = " << type << "(in[" << (*name - 'x') << " * n + (i + c) % n]);\n";
    for (int size = 2; size <= 4; ++size) {
      text << "  const " << type << size << " " << name << size << "(" << name << "s[0]";
      for (int c = 1; c < size; ++c) text << ", " << name << "s[" << c << "]";
      text << ");\n";
    }
  }
  for (size_t k = 0; k < chunk.size(); ++k) {
    text << "  out[" << k << " * n + i] = float(";
    for (int size = 2; size <= 4; ++size) text << (size > 2 ? " + " : "") << "wrong" << k << "(x" << size << ", y" << size << ", z" << size << ")";
    text << ");\n";
  }
  text << "}\n";
  return text.str();
}

}  // namespace msl_accuracy
