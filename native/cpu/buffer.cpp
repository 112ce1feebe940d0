#include "cpu/buffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "core/text.h"
#include "cpu/host_info.h"
#include "cpu/host_op.h"

namespace klab::cpu {

namespace {

constexpr uint64_t alignment = 64;
constexpr unsigned char guard_pattern = 0xA5;
// Left to the rest of the process and of the machine.
constexpr uint64_t memory_margin = 64ull << 20;
constexpr uint64_t zero_bytes = 1ull << 30;

struct Guards {
  uint64_t before, after;
};

// 16 GB behind: as far as a negative 32-bit index of float reaches. The smaller ones are for processes whose address
// space is limited.
constexpr Guards guard_sizes[] = {{4ull << 30, 16ull << 30}, {1ull << 20, 4ull << 30}, {1ull << 20, 64ull << 20}, {64ull << 10, 64ull << 10}};

// What one entry of the processor's page tables can cover on x86-64 and, with 4 KiB pages, on aarch64.
constexpr uint64_t huge_page = 2ull << 20;

uint64_t round_up(uint64_t value, uint64_t unit) { return (value + unit - 1) / unit * unit; }

void* reserve(uint64_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

#if defined(MADV_HUGEPAGE) && defined(MADV_POPULATE_WRITE)
// Where memory lies in small pieces the system moves others' pages to put a huge page together, which takes five times as
// long as small pages do: after this much processor time the rest of a buffer gets small ones.
constexpr double most_huge_seconds = 0.5;
constexpr uint64_t populated_at_once = 64ull << 20;

double thread_seconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

bool populate(unsigned char* pages, uint64_t bytes, uint64_t page) {
  const double begin = thread_seconds();
  for (uint64_t done = 0; done < bytes;) {
    const uint64_t part = std::min(populated_at_once, bytes - done);
    if (thread_seconds() - begin < most_huge_seconds) madvise(pages + done, part, MADV_HUGEPAGE);
    if (madvise(pages + done, part, MADV_POPULATE_WRITE) != 0) {
      if (errno == ENOMEM) return false;
      // A kernel older than 5.14.
      for (uint64_t at = done; at < done + part; at += page) static_cast<volatile unsigned char*>(pages)[at] = 0;
    }
    done += part;
  }
  return true;
}
#endif

// Populated now: page faults are no part of a kernel's time, and memory that was promised is really there. In huge pages
// where the system has some: a kernel that reads rows far apart would else wait for the page tables at every row.
bool map_pages(unsigned char* pages, uint64_t bytes, uint64_t page) {
  constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
#if defined(MADV_HUGEPAGE) && defined(MADV_POPULATE_WRITE)
  if (bytes >= huge_page) {
    if (mmap(pages, bytes, PROT_READ | PROT_WRITE, flags, -1, 0) == MAP_FAILED) return false;
    return populate(pages, bytes, page);
  }
#endif
  (void)page;
  return mmap(pages, bytes, PROT_READ | PROT_WRITE, flags | MAP_POPULATE, -1, 0) != MAP_FAILED;
}

Error out_of_memory(uint64_t wanted, uint64_t available) {
  return {KLAB_OUT_OF_MEMORY, format("a buffer of %s was asked for; this machine has %s available", bytes_text(wanted).c_str(), bytes_text(available).c_str())};
}

}  // namespace

Error HostBuffer::create(const klab_buffer_desc& desc, std::unique_ptr<Buffer>& out) {
  const uint64_t available = available_bytes();
  if (available < memory_margin || desc.bytes > available - memory_margin) return out_of_memory(desc.bytes, available);
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  std::unique_ptr<HostBuffer> buffer(new HostBuffer);
  buffer->bytes_ = desc.bytes;
  buffer->is_guarded_ = desc.flags & KLAB_BUFFER_GUARDED;
  const uint64_t data_bytes = round_up(desc.bytes, alignment);
  buffer->page_bytes_ = round_up(data_bytes + (buffer->is_guarded_ ? alignment : 0), page);
  const uint64_t slack = buffer->page_bytes_ >= huge_page ? huge_page : 0;
  for (const Guards& guards : guard_sizes) {
    buffer->reserved_bytes_ = guards.before + slack + buffer->page_bytes_ + guards.after;
    buffer->reservation_ = static_cast<unsigned char*>(reserve(buffer->reserved_bytes_));
    if (!buffer->reservation_) continue;
    const uint64_t begin = reinterpret_cast<uint64_t>(buffer->reservation_) + guards.before;
    buffer->pages_ = reinterpret_cast<unsigned char*>(slack ? round_up(begin, huge_page) : begin);
    break;
  }
  if (!buffer->reservation_) return out_of_memory(desc.bytes, available);
  if (!map_pages(buffer->pages_, buffer->page_bytes_, page)) return out_of_memory(desc.bytes, available);
  buffer->data_ = buffer->pages_ + buffer->page_bytes_ - data_bytes;
  if (buffer->is_guarded_) {
    std::memset(buffer->pages_, guard_pattern, static_cast<size_t>(buffer->data_ - buffer->pages_));
    std::memset(buffer->data_ + desc.bytes, guard_pattern, data_bytes - desc.bytes);
  }
  if (desc.flags & KLAB_BUFFER_UNDEFINED) buffer->defined_.assign(desc.bytes, 0);
  crash::add_buffer(buffer->range());
  out = std::move(buffer);
  return {};
}

HostBuffer::~HostBuffer() {
  if (!reservation_) return;
  if (data_) crash::remove_buffer(range());
  munmap(reservation_, reserved_bytes_);
}

crash::BufferRange HostBuffer::range() const { return {reservation_, reservation_ + reserved_bytes_, data_, bytes_}; }

Error HostBuffer::write(uint64_t offset, const void* data, uint64_t bytes) {
  std::memcpy(data_ + offset, data, bytes);
  if (!defined_.empty()) std::memset(&defined_[offset], 1, bytes);
  return {};
}

Error HostBuffer::read(uint64_t offset, void* data, uint64_t bytes) {
  std::memcpy(data, data_ + offset, bytes);
  return {};
}

Error HostBuffer::fill(uint64_t offset, uint64_t bytes, uint64_t pattern, uint32_t pattern_bytes) {
  unsigned char* const begin = data_ + offset;
  if (!defined_.empty() && bytes) std::memset(&defined_[offset], 1, bytes);
  const uint64_t first = bytes < pattern_bytes ? bytes : pattern_bytes;
  std::memcpy(begin, &pattern, first);
  for (uint64_t done = first; done < bytes;) {
    const uint64_t chunk = done < bytes - done ? done : bytes - done;
    std::memcpy(begin + done, begin, chunk);
    done += chunk;
  }
  return {};
}

klab_buffer_check_result HostBuffer::check() {
  klab_buffer_check_result result = {};
  result.has_guards = is_guarded_;
  if (!is_guarded_) return result;
  const auto compare = [&](const unsigned char* begin, const unsigned char* end) {
    for (; begin < end; begin++) {
      if (*begin == guard_pattern) continue;
      if (result.bytes_damaged++ == 0) result.first_offset = begin - data_;
    }
  };
  compare(pages_, data_);
  compare(data_ + bytes_, pages_ + page_bytes_);
  return result;
}

const void* zero_page() {
  static const void* const page = [] {
    void* const memory = mmap(nullptr, zero_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    auto* const begin = static_cast<unsigned char*>(memory);
    crash::add_buffer({begin, begin + zero_bytes, begin, 0});
    return memory;
  }();
  return page;
}

void* host_pointer(const Arg& arg) {
  if (arg.kind == KLAB_ARG_BYTES) return const_cast<void*>(arg.data);
  return static_cast<HostBuffer*>(arg.buffer)->data() + arg.offset;
}

}  // namespace klab::cpu
