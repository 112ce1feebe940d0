// What this machine is and how much memory it has to give.
#pragma once
#include <cstdint>
#include <string>

namespace klab::cpu {

std::string processor_name();  // "AMD EPYC"
std::string processor_arch();  // "x86_64"
unsigned processor_count();    // that this process may run on

uint64_t physical_bytes();
// What can be allocated without swapping: the kernel's estimate, and the container's limit when that is lower.
uint64_t available_bytes();

}  // namespace klab::cpu
