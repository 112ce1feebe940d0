// A seeded stream of choices: the same seed writes the same kernel on every machine.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>

namespace klab_fuzz {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 1) { next(); }

  uint64_t next() {  // splitmix64
    uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  uint32_t below(uint32_t n) { return n ? uint32_t(next() % n) : 0; }
  bool chance(uint32_t percent) { return below(100) < percent; }
  template <class T>
  T pick(std::initializer_list<T> from) {
    return *(from.begin() + below(uint32_t(from.size())));
  }
  std::string word(std::initializer_list<const char*> from) { return pick(from); }

 private:
  uint64_t state_;
};

}  // namespace klab_fuzz
