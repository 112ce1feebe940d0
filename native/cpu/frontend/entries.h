// The entry points of a source: kernels by their own name and explicit instantiations by their host name.
#pragma once
#include "core/device.h"
#include "program.h"

namespace klab::msl {

struct EntryPoint {
  std::string name;
  const Kernel* kernel = nullptr;
  const Instantiation* instantiation = nullptr;  // null: the kernel itself
  uint32_t token = 0;  // what errors about it point at
};

// In the order of the source. Points into `program`.
std::vector<EntryPoint> entry_points(const Program& program);

Entry reflect(const Program& program, const EntryPoint& entry);
std::vector<FunctionConstant> reflect_constants(const Program& program);

// Bytes of a type that MSL itself defines, "half4" or "uint"; 0 for others.
uint32_t known_type_bytes(std::string_view type);

}  // namespace klab::msl
