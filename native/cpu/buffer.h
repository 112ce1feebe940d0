// Device memory of the cpu device: each buffer alone in a large reservation, so that an access outside it hits no other
// buffer but a guard page, and the crash report can name it.
//
//   | guard, no access | slack | bytes | slack < 64 | guard, no access … |
//
// The data is pushed against the guard behind it as far as an alignment of 64 bytes allows. With KLAB_BUFFER_GUARDED the
// slack is filled with a pattern that klab_buffer_check compares.
#pragma once
#include <memory>
#include <vector>

#include "core/crash_report.h"
#include "core/device.h"

namespace klab::cpu {

class HostBuffer final : public Buffer {
 public:
  // OUT_OF_MEMORY gives what was asked for and what there is; memory is never promised that is not there.
  static Error create(const klab_buffer_desc& desc, std::unique_ptr<Buffer>& buffer);
  ~HostBuffer() override;
  HostBuffer(const HostBuffer&) = delete;
  HostBuffer& operator=(const HostBuffer&) = delete;

  unsigned char* data() const { return data_; }
  uint64_t bytes() const override { return bytes_; }
  Error write(uint64_t offset, const void* data, uint64_t bytes) override;
  Error read(uint64_t offset, void* data, uint64_t bytes) override;
  Error fill(uint64_t offset, uint64_t bytes, uint64_t pattern, uint32_t pattern_bytes) override;
  klab_buffer_check_result check() override;

  // For analysing a buffer made UNDEFINED: one for each byte that was written, 0 elsewhere; empty when all count as defined.
  const std::vector<uint8_t>& defined() const { return defined_; }
  void define(std::vector<uint8_t> defined) { defined_ = std::move(defined); }

 private:
  HostBuffer() = default;
  crash::BufferRange range() const;

  unsigned char *reservation_ = nullptr, *pages_ = nullptr, *data_ = nullptr;
  uint64_t reserved_bytes_ = 0, page_bytes_ = 0, bytes_ = 0;
  bool is_guarded_ = false;
  std::vector<uint8_t> defined_;
};

// Readable zeros for bindings without an argument, far larger than any index into them; a write to it faults.
const void* zero_page();

}  // namespace klab::cpu
