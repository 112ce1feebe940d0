#include "core/division_fault.h"

#include <ucontext.h>

#include <cstdint>
#include <cstring>

namespace klab::crash {

#if defined(__x86_64__)

namespace {

// gregs' places of the registers in the order of their encoding.
constexpr int registers[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI, REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};

struct Division {
  bool is_signed = false;
  uint32_t bytes = 4;        // of the divisor
  const uint8_t* next = nullptr;
  uint64_t divisor = 0;
};

class Decoder {
 public:
  explicit Decoder(const greg_t* gregs) : gregs_(gregs), at_(reinterpret_cast<const uint8_t*>(gregs[REG_RIP])) {}

  // div and idiv: [66] [REX] F6/F7 modrm, with 6 or 7 in modrm's middle.
  bool read(Division& out) {
    bool is_short = false;
    while (*at_ == 0x66 || *at_ == 0x2e || *at_ == 0x3e) is_short |= *at_++ == 0x66;
    if ((*at_ & 0xf0) == 0x40) rex_ = *at_++;
    const uint8_t opcode = *at_++, modrm = *at_++;
    const int which = modrm >> 3 & 7;
    if ((opcode != 0xf6 && opcode != 0xf7) || which < 6) return false;
    out.is_signed = which == 7;
    out.bytes = opcode == 0xf6 ? 1 : (rex_ & 8) ? 8 : is_short ? 2 : 4;
    out.divisor = operand(modrm, out.bytes);
    out.next = at_;
    return true;
  }

 private:
  uint64_t value(int encoding) const { return static_cast<uint64_t>(gregs_[registers[encoding]]); }
  int32_t displacement(int bytes) {
    int32_t word = 0;
    if (bytes == 1) word = static_cast<int8_t>(*at_);
    else std::memcpy(&word, at_, 4);
    at_ += bytes;
    return word;
  }

  uint64_t operand(uint8_t modrm, uint32_t bytes) {
    const int mode = modrm >> 6, low = modrm & 7, extension = (rex_ & 1) << 3;
    if (mode == 3) {
      const bool is_high_byte = bytes == 1 && !rex_ && low >= 4;  // ah, ch, dh, bh
      return is_high_byte ? value(low - 4) >> 8 : value(low | extension);
    }
    uint64_t address = 0;
    bool is_relative = false;
    int displaced = mode == 1 ? 1 : mode == 2 ? 4 : 0;
    if (low == 4) {
      const uint8_t sib = *at_++;
      const int index = (sib >> 3 & 7) | (rex_ & 2) << 2;
      if (index != 4) address += value(index) << (sib >> 6);
      if ((sib & 7) == 5 && mode == 0) displaced = 4;
      else address += value((sib & 7) | extension);
    } else if (low == 5 && mode == 0) {
      is_relative = true;
      displaced = 4;
    } else {
      address += value(low | extension);
    }
    if (displaced) address += static_cast<uint64_t>(static_cast<int64_t>(displacement(displaced)));
    if (is_relative) address += reinterpret_cast<uint64_t>(at_);
    uint64_t word = 0;
    std::memcpy(&word, reinterpret_cast<const void*>(address), bytes);
    return word;
  }

  const greg_t* gregs_;
  const uint8_t* at_;
  uint8_t rex_ = 0;
};

// The low `bytes` of a register; four clear the upper half, as the processor does.
void set(greg_t& reg, uint64_t value, uint32_t bytes) {
  const uint64_t mask = bytes >= 4 ? ~uint64_t{0} : (uint64_t{1} << 8 * bytes) - 1;
  if (bytes == 4) value &= 0xffffffffu;
  reg = static_cast<greg_t>((static_cast<uint64_t>(reg) & ~mask) | (value & mask));
}

}  // namespace

bool finish_division(void* context) {
  greg_t* gregs = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  Division division;
  if (!Decoder(gregs).read(division)) return false;
  const uint64_t mask = division.bytes == 8 ? ~uint64_t{0} : (uint64_t{1} << 8 * division.bytes) - 1;
  const auto dividend = static_cast<uint64_t>(gregs[REG_RAX]) & mask;
  const bool is_by_zero = (division.divisor & mask) == 0;
  // What else faults is a quotient that does not fit: the smallest number by -1, whose quotient wraps to itself.
  const uint64_t quotient = is_by_zero ? 0 : dividend, remainder = is_by_zero ? dividend : 0;
  if (division.bytes == 1) {
    set(gregs[REG_RAX], quotient | remainder << 8, 2);
  } else {
    set(gregs[REG_RAX], quotient, division.bytes);
    set(gregs[REG_RDX], remainder, division.bytes);
  }
  gregs[REG_RIP] = reinterpret_cast<greg_t>(division.next);
  return true;
}

#else

bool finish_division(void*) { return false; }

#endif

}  // namespace klab::crash
