// Flush-to-zero and denormals-are-zero while kernels run: GPUs compute float so, and denormals are slow on processors.
#pragma once
#include <cstdint>

namespace klab {

class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : saved_(__builtin_ia32_stmxcsr()) {
    constexpr uint32_t ftz = 0x8000, daz = 0x0040;
    __builtin_ia32_ldmxcsr(static_cast<uint32_t>(saved_) | ftz | daz);
  }
  ~FlushDenormals() { __builtin_ia32_ldmxcsr(static_cast<uint32_t>(saved_)); }
#elif defined(__aarch64__)
  FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(saved_));
    constexpr uint64_t fz = uint64_t{1} << 24;
    asm volatile("msr fpcr, %0" : : "r"(saved_ | fz));
  }
  ~FlushDenormals() { asm volatile("msr fpcr, %0" : : "r"(saved_)); }
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  uint64_t saved_ = 0;
};

}  // namespace klab
