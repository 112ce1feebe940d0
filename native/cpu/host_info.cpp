#include "cpu/host_info.h"

#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>
#include <thread>

namespace klab::cpu {

namespace {

// The rest of the first line that starts with `key`, after its colon and blanks.
std::string field(const char* file, std::string_view key) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.compare(0, key.size(), key) != 0) continue;
    const size_t colon = line.find(':');
    const size_t first = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
    if (first != std::string::npos) return line.substr(first);
  }
  return {};
}

// "max" and a missing file are no limit.
std::optional<uint64_t> number_in(const char* file) {
  std::ifstream in(file);
  uint64_t value = 0;
  if (in >> value) return value;
  return std::nullopt;
}

uint64_t container_bytes() {
  struct Files {
    const char *limit, *used;
  };
  constexpr Files versions[] = {
      {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
      {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"},
  };
  for (const Files& files : versions) {
    const auto limit = number_in(files.limit), used = number_in(files.used);
    if (limit && used) return *limit > *used ? *limit - *used : 0;
  }
  return UINT64_MAX;
}

}  // namespace

std::string processor_name() {
  for (const char* key : {"model name", "Model", "Hardware"}) {
    const std::string name = field("/proc/cpuinfo", key);
    if (!name.empty()) return name;
  }
  return "unknown processor";
}

std::string processor_arch() {
  utsname name = {};
  return uname(&name) == 0 ? name.machine : "unknown";
}

unsigned processor_count() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT(&set)));
  return std::max(1u, std::thread::hardware_concurrency());
}

uint64_t physical_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages > 0 && size > 0 ? static_cast<uint64_t>(pages) * static_cast<uint64_t>(size) : 0;
}

uint64_t available_bytes() {
  const std::string text = field("/proc/meminfo", "MemAvailable");
  const uint64_t machine = text.empty() ? physical_bytes() : std::strtoull(text.c_str(), nullptr, 10) * 1024;
  return std::min(machine, container_bytes());
}

}  // namespace klab::cpu
