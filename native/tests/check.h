// The test harness of native/: a file is a program, TEST is a function that runs, CHECK counts.
//   TEST(adds) { CHECK(1 + 1 == 2); CHECK_EQ(add(1, 1), 2); }
//   int main() { return klab_test::run_all(); }
// A failed check prints where and what, and the program goes on; its exit code is 1 when anything failed.
#pragma once
#include <cstdio>
#include <cstring>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace klab_test {

struct Counts {
  int passed = 0, failed = 0;
};

inline Counts& counts() {
  static Counts value;
  return value;
}

struct Test {
  const char* name;
  void (*body)();
};

inline std::vector<Test>& tests() {
  static std::vector<Test> list;
  return list;
}

struct Registration {
  Registration(const char* name, void (*body)()) { tests().push_back({name, body}); }
};

inline bool check(bool holds, const char* file, int line, const std::string& text) {
  if (holds) {
    counts().passed++;
  } else {
    counts().failed++;
    std::printf("%s:%d: failed: %s\n", file, line, text.c_str());
    std::fflush(stdout);
  }
  return holds;
}

template <class T>
std::string show(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

template <class A, class B>
bool check_equal(const A& actual, const B& expected, const char* file, int line, const char* text) {
  const bool holds = actual == expected;
  return check(holds, file, line, holds ? text : std::string(text) + ": got " + show(actual) + ", expected " + show(expected));
}

// Runs every TEST whose name contains `filter`.
inline int run_all(const char* filter = "") {
  for (const Test& test : tests()) {
    if (!std::strstr(test.name, filter)) continue;
    const int before = counts().failed;
    test.body();
    if (counts().failed != before) std::printf("in test %s\n", test.name);
  }
  std::printf("%d passed, %d failed\n", counts().passed, counts().failed);
  return counts().failed ? 1 : 0;
}

}  // namespace klab_test

#define TEST(name)                                                     \
  static void test_##name();                                           \
  static const klab_test::Registration register_##name(#name, test_##name); \
  static void test_##name()
#define CHECK(condition) klab_test::check(static_cast<bool>(condition), __FILE__, __LINE__, #condition)
#define CHECK_EQ(actual, expected) klab_test::check_equal((actual), (expected), __FILE__, __LINE__, #actual " == " #expected)
// For a check without which the rest of the test makes no sense.
#define REQUIRE(condition) \
  do {                     \
    if (!CHECK(condition)) return; \
  } while (0)
