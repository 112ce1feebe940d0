// Random statements around Expressions.
#pragma once
#include "expressions.h"
#include "kernel.h"

namespace klab_fuzz {

// What may stand at a place: barriers want every thread, operations of a simdgroup want its lanes to arrive together.
struct Place {
  bool is_uniform = true;       // every thread of the threadgroup comes here, the same number of times
  bool is_in_divergent_loop = false;
  bool is_in_loop = false;      // break and continue have a target that is theirs
  uint32_t depth = 0;

  bool allows_simd() const { return !is_in_divergent_loop; }
};

class Statements {
 public:
  Statements(Random& random, const KernelShape& shape) : random_(random), shape_(shape), expressions_(random, scope_) {}

  Scope& scope() { return scope_; }
  Expressions& expressions() { return expressions_; }
  bool uses_sync() const { return uses_sync_; }
  // Declarations that the statements need at the head of the kernel's body.
  const std::string& declarations() const { return declarations_; }
  std::string take() { return std::move(out_); }

  // A helper of the form T name(uint, T, thread T&), so that calls can be made of it.
  void add_helper(const std::string& name, Type type) { helpers_.push_back({name, type}); }
  void write(uint32_t count, Place place);
  void declare(Place place);
  void line(const std::string& text);

 private:
  struct Helper {
    std::string name;
    Type type;
  };

  void one(Place place);
  void assign();
  void assign_component();
  void private_array();
  void branch(Place place);
  void counted_loop(Place place);
  void open_loop(Place place);
  void choose(Place place);
  void device_memory();
  void atomic();
  void call_helper();
  void exchange();            // through threadgroup memory
  void threadgroup_atomic();
  void simd_operation(Place place);
  void quad_operation();
  void simdgroup_matrix();
  void matrix();
  void block(uint32_t count, Place place);
  std::string fresh(const char* stem) { return stem + std::to_string(next_name_++); }

  Random& random_;
  const KernelShape& shape_;
  Scope scope_;
  Expressions expressions_;
  std::vector<Helper> helpers_;
  std::string out_, declarations_;
  uint32_t indent_ = 1, next_name_ = 0;
  bool uses_sync_ = false;
};

}  // namespace klab_fuzz
