// Every seed of the pre-pass's fuzzer, every input that once broke it, and broken copies of both, without sanitizers.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "check.h"
#include "fuzz/exercise_prepass.h"
#include "fuzz/grammar/kernel.h"
#include "fuzz/grammar/mutate.h"

using namespace klab_fuzz;

static std::vector<std::string> inputs() {
  std::vector<std::filesystem::path> paths;
  for (const char* folder : {"seeds", "found"}) {
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(KLAB_FUZZ_DIR) / folder)) paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> all;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return all;
}

TEST(inputs_that_broke_the_prepass) {
  const auto all = inputs();
  CHECK(all.size() >= 6);
  for (const std::string& input : all) exercise_prepass(input);
}

TEST(inputs_that_end_anywhere) {
  for (const std::string& input : inputs()) {
    for (size_t bytes = 0; bytes < input.size() && bytes < 2000; bytes += 7) exercise_prepass(std::string_view(input).substr(0, bytes));
  }
}

TEST(broken_copies) {
  Random random(1);
  auto all = inputs();
  all.push_back(generate_kernel(1).source);
  for (const std::string& input : all) {
    for (int k = 0; k < 60; k++) exercise_prepass(mutate(input, random));
  }
}

// The work must stay nearly linear: a quadratic step takes minutes here, and the test's time limit ends it.
TEST(large_inputs) {
  const auto repeat = [](std::string_view piece, size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += piece;
    return out;
  };
  for (const char* piece : {"(", "[[", "{", "<", "template <", "a b\n", "x::", "threadgroup float a[4];\n", "f(a, b, c);\n", "# 1 \"a\"\n", "constant int c [[function_constant(1)]];\n",
                            "kernel void k(device int* a [[buffer(0)]]) {}\n", "enum {a, b, c, d, e};\n", "struct s { int x; };\n", "\"", "1.0h ", "\xff", "is_function_constant_defined(c) "}) {
    exercise_prepass(repeat(piece, 60000));
  }
}

int main() { return klab_test::run_all(); }
