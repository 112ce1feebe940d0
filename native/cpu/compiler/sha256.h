// SHA-256, for content hashes.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace klab::cpu {

class Sha256 {
 public:
  Sha256();
  Sha256& add(std::string_view bytes);
  // A length goes in before the bytes, so that fields cannot run into each other.
  Sha256& add_field(std::string_view bytes);
  std::string hex();  // ends the hash

 private:
  void block(const uint8_t* bytes);

  std::array<uint32_t, 8> state_;
  std::array<uint8_t, 64> pending_{};
  uint64_t length_ = 0;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace klab::cpu
