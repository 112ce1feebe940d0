// One triple, read from its three files: what to compile, how to launch it, and what must come out.
#pragma once
#include <string>
#include <vector>

#include "values.h"

namespace msl_conformance {

struct Argument {
  uint32_t index = 0;
  uint32_t type = KLAB_U8;
  bool is_buffer = false;  // else bytes
  bool is_threadgroup = false;
  std::vector<unsigned char> bytes;  // what it holds before; of threadgroup memory only the size counts
};

struct Constant {
  std::string name;
  uint32_t type = KLAB_I64;
  uint64_t bits = 0;
};

struct Launch {
  std::string entry;
  uint32_t grid[3] = {1, 1, 1}, threads[3] = {1, 1, 1};
  bool grid_is_threads = false;
  uint32_t math_mode = KLAB_MATH_DEFAULT;
  uint32_t capabilities = 0;  // that the device must have
  std::vector<std::string> macros;
  std::vector<Constant> constants;
  std::vector<Argument> args;
};

struct Expectation {
  uint64_t bits = 0;
  bool is_any = false, has_sign = false;
};

struct Output {
  uint32_t index = 0, type = KLAB_U32;
  Tolerance tolerance;
  std::vector<Expectation> values;
};

struct Triple {
  std::string name;    // topic/case
  std::string source;  // path of the .metal file
  std::string text;
  Launch launch;
  std::vector<Output> outputs;
};

// The names (topic/case) of all .metal files with a .launch.json beside them, sorted.
std::vector<std::string> list_triples(const std::string& root);

// False, with file and reason in `error`, when a file is missing or says something unknown.
bool read_triple(const std::string& root, const std::string& name, Triple& out, std::string& error);

}  // namespace msl_conformance
