// Preprocessing without a compiler gives the tokens that the compiler gives, or nothing.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "check.h"
#include "cpu/compile/preprocess.h"
#include "cpu/frontend/lexer.h"
#include "cpu/frontend/simple_source.h"

using namespace klab;
using namespace klab::cpu;

static std::string tokens(std::string_view text) {
  std::string out;
  for (const msl::Token& token : msl::lex(text).tokens) out += (out.empty() ? "" : " ") + std::string(token.text);
  return out;
}

static bool is_header(std::string_view name) { return name.starts_with("metal_"); }

static std::string simply(std::string_view source) {
  const auto text = msl::preprocess_simply(source, "k.metal", is_header);
  return text ? tokens(*text) : "none";
}

TEST(expands_names) {
  CHECK_EQ(simply("#include <metal_stdlib>\nint a; // note\n"), "int a ;");
  CHECK_EQ(simply("#define N 4\n#define TWO_N (N * 2) // twice\nint a[N], b[TWO_N];\n"), "int a [ 4 ] , b [ ( 4 * 2 ) ] ;");
  CHECK_EQ(simply("int N;\n#define N M\n#define M N\nint N;\n"), "int N ; int N ;");
  CHECK_EQ(simply("#define EMPTY\nint EMPTY a;"), "int a ;");
  CHECK_EQ(simply("#define N 1\nint aN, N_; char c = 'N'; x(\"N\");"), "int aN , N_ ; char c = 'N' ; x ( \"N\" ) ;");
}

TEST(leaves_the_rest_to_a_compiler) {
  for (const char* source : {"#define F(x) x\n", "#if 1\n#endif\n", "#include \"a.h\"\n", "#include <nope>\n", "#define A \\\n 1\n", "#undef A\n", "#define A 1\n#define A 2\n", "int a = __LINE__;\n",
                             "/* open", "char c = 'x;\n", "#define A __FILE__\n", "#error no\n", "_Pragma(\"x\")", "#define A a ## b\n", "#define A 1 /* a\n b */\n", "#pragma once\n", "x = R\"(a)\";"}) {
    CHECK_EQ(simply(source), "none");
  }
  CHECK_EQ(simply(std::string_view("a\0b", 3)), "none");
}

TEST(keeps_lines) {
  const auto text = msl::preprocess_simply("#include <metal_stdlib>\n/* two\nlines */ int a;\n#pragma unroll\nint b;\n", "a\"b.metal", is_header);
  REQUIRE(text.has_value());
  CHECK_EQ(*text, "# 1 \"a\\\"b.metal\"\n\n\n int a;\n#pragma unroll\nint b;\n");
}

TEST(agrees_with_the_compiler) {
  Toolchain toolchain;
  CompileContext context;
  if (find_toolchain(context, toolchain)) {
    std::printf("skipped: no compiler\n");
    return;
  }
  const std::string source =
      "#include <metal_stdlib>\n#include <metal_simdgroup_matrix>\nusing namespace metal;\n#define TILE 32 /* in floats */\n#define HALF_TILE (TILE / 2)\n"
      "// kernel\nkernel void k(device float* a [[buffer(0)]], uint2 t [[thread_position_in_grid]]) {\n  threadgroup float s[TILE][HALF_TILE+1];\n"
      "#pragma unroll(TILE)\n  for (int i = 0; i < TILE; i++) a[t.x*TILE] += s[i][0]*1.0h; /* end */ }\n";
  ModuleRequest request;
  request.source = source;
  request.path = "k.metal";
  Preprocessed by_compiler, simple;
  CHECK(!preprocess_with_compiler(request, context, toolchain, by_compiler));
  CHECK(!preprocess(request, context, toolchain, simple));
  CHECK_EQ(tokens(simple.text), tokens(by_compiler.text));
}

int main() { return klab_test::run_all(); }
