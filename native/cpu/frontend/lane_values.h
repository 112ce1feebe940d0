// Which expressions have one value in all lanes of a simdgroup that evaluate them together, by words alone.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "program.h"

namespace klab::msl {

// A name of a function varies unless every value it is given is made of literals, constants, `constant` arguments,
// positions that a simdgroup shares, votes, and names that do not vary. What is read from memory varies, so does what a
// function of the source returns, what is assigned where lanes have parted, and every name the analysis cannot place.
class LaneValues {
 public:
  explicit LaneValues(const Program& program);
  // Whether the expression [first, last) may differ between lanes that are together.
  bool may_vary(uint32_t first, uint32_t last) const;
  // Whether lanes may part at the `if`, `switch`, `for`, `while` or `do` at `keyword`: by its condition, or because some
  // leave the loop before others.
  bool parts_at(uint32_t keyword) const;

 private:
  using Name = std::pair<uint32_t, std::string_view>;  // as name_at makes it

  void find_owners();
  void find_constants();
  void find_parameters(uint32_t function);
  void find_bindings();
  void note_function(uint32_t token);
  uint32_t parameter_name(uint32_t first, uint32_t last) const;
  uint32_t declared_after(uint32_t token) const;
  bool is_declared_at(uint32_t token) const;
  bool name_may_vary(uint32_t token) const;
  bool condition_may_vary(uint32_t keyword) const;

  // These say whether they learned something.
  bool visit_statements();
  bool visit_assignments();
  bool visit_call(uint32_t name);
  bool part(uint32_t first, uint32_t last);
  bool mark(uint32_t token);
  bool mark_all(uint32_t first, uint32_t last);

  Name name_at(uint32_t token) const { return {owner_[token], p_[token].text}; }

  const Program& p_;
  std::vector<uint32_t> owner_;  // of each token: the index + 1 of the function it is in, or 0
  std::vector<bool> is_parted_;  // of each token: whether it is in one of the regions
  std::set<std::pair<uint32_t, uint32_t>> regions_;  // [first, last]: where lanes may be without others
  std::set<std::string, std::less<>> constants_;
  std::set<Name> known_, varying_;  // names of functions whose values are seen, and those that vary
  std::map<std::string_view, std::vector<uint32_t>> functions_;  // by name: indices
  std::vector<uint32_t> calls_;                                  // in functions: the name
};

}  // namespace klab::msl
