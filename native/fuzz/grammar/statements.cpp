#include "statements.h"

namespace klab_fuzz {

void Statements::line(const std::string& text) {
  out_.append(indent_ * 2, ' ');
  out_ += text + "\n";
}

void Statements::write(uint32_t count, Place place) {
  for (uint32_t i = 0; i < count; i++) one(place);
}

void Statements::block(uint32_t count, Place place) {
  const size_t mark = scope_.mark();
  place.depth++;
  indent_++;
  write(count, place);
  indent_--;
  scope_.forget(mark);
}

void Statements::one(Place place) {
  const uint32_t kind = random_.below(100);
  const bool can_nest = place.depth < 3;
  if (kind < 14) return declare(place);
  if (kind < 30) return assign();
  if (kind < 36) return assign_component();
  if (kind < 42) return private_array();
  if (kind < 54 && can_nest) return branch(place);
  if (kind < 61 && can_nest) return counted_loop(place);
  if (kind < 66 && can_nest) return open_loop(place);
  if (kind < 70 && can_nest) return choose(place);
  if (kind < 75) return device_memory();
  if (kind < 78) return atomic();
  if (kind < 82) return call_helper();
  if (kind < 84) return matrix();
  if (kind < 92 && place.allows_simd()) return simd_operation(place);
  if (!place.is_uniform) return assign();
  if (kind < 94) return quad_operation();
  if (kind < 95) return threadgroup_atomic();
  if (kind < 97) return simdgroup_matrix();
  return exchange();
}

void Statements::declare(Place place) {
  const Type type = expressions_.any_type();
  const std::string name = fresh("v");
  line(type.name() + " " + name + " = " + expressions_.value(type, 3) + ";");
  scope_.add({name, type, true, false, 0});
  if (place.is_uniform && random_.chance(20)) {
    const std::string uniform = fresh("u");
    line("const uint " + uniform + " = " + random_.word({"p.n", "uint(p.a)", "g.x", "(p.n + g.x)", "(g.x ^ 5u)"}) + " + " + std::to_string(random_.below(9)) + "u;");
    scope_.add({uniform, uint_type, false, true, 0});
  }
}

void Statements::assign() {
  const Variable* to = scope_.pick(random_, [](const Variable& v) { return v.is_writable; });
  if (!to) return;
  const std::string target = to->array ? to->name + "[" + expressions_.index(to->array) + "]" : to->name;
  const bool is_compound = random_.chance(35) && (to->type.scalar == Scalar::uint32 || to->type.scalar == Scalar::uint64);
  if (is_compound) return line(target + random_.word({" += ", " -= ", " *= ", " ^= ", " |= ", " &= "}) + expressions_.of(to->type, 2) + ";");
  if (to->type == uint_type && random_.chance(10)) return line(target + random_.word({"++;", "--;"}));
  line(target + " = " + expressions_.value(to->type, 4) + ";");
}

void Statements::assign_component() {
  const Variable* to = scope_.pick(random_, [](const Variable& v) { return v.is_writable && v.type.width > 1 && !v.array; });
  if (!to) return assign();
  const Type element = to->type.element();
  switch (random_.below(4)) {
    case 0: return line(to->name + "." + "xyzw"[random_.below(to->type.width)] + " = " + expressions_.value(element, 3) + ";");
    case 1: return line(to->name + ".yx = " + expressions_.value({element.scalar, 2}, 2) + ";");
    case 2: return line(to->name + "[" + (to->type.width == 3 ? "i % 3u" : to->type.width == 2 ? "i & 1u" : "i & 3u") + "] = " + expressions_.value(element, 2) + ";");
    default: return line(to->name + ".xy = " + to->name + ".yx;");
  }
}

void Statements::private_array() {
  const Variable* known = scope_.pick(random_, [](const Variable& v) { return v.array != 0; });
  if (known && random_.chance(60)) {
    const std::string k = fresh("k"), count = std::to_string(known->array);
    return line("for (uint " + k + " = 0; " + k + " < " + count + "; " + k + "++) " + known->name + "[" + k + "] = " + expressions_.value(known->type, 2) + ";");
  }
  const Type type = random_.chance(75) ? expressions_.any_scalar() : Type{Scalar::float32, 4};
  const std::string name = fresh("a");
  const uint32_t count = 1u << (1 + random_.below(4));
  line(type.name() + " " + name + "[" + std::to_string(count) + "];");
  const std::string k = fresh("k");
  line("for (uint " + k + " = 0; " + k + " < " + std::to_string(count) + "; " + k + "++) " + name + "[" + k + "] = " + expressions_.value(type, 2) + ";");
  scope_.add({name, type, true, false, count});
}

void Statements::branch(Place place) {
  const bool is_uniform = random_.chance(25);
  line("if (" + (is_uniform ? expressions_.uniform_condition() : expressions_.of(bool_type, 3)) + ") {");
  place.is_uniform = place.is_uniform && is_uniform;
  block(1 + random_.below(4), place);
  if (random_.chance(50)) {
    line("} else {");
    block(1 + random_.below(4), place);
  }
  if (place.is_in_loop && random_.chance(25) && !is_uniform) {
    line("}");
    return line("if (" + expressions_.of(bool_type, 2) + ") " + random_.word({"break;", "continue;"}));
  }
  line("}");
}

void Statements::counted_loop(Place place) {
  const std::string k = fresh("k");
  const bool is_uniform = random_.chance(50);
  const std::string count = is_uniform ? random_.word({"2", "3", "4", "(p.n & 3u)", "(1u + (g.x & 1u))"}) : "(" + expressions_.of(uint_type, 2) + " & 7u)";
  const std::string limit = fresh("n");
  line("const uint " + limit + " = " + count + ";");
  line("for (uint " + k + " = 0; " + k + " < " + limit + "; " + k + "++) {");
  const size_t mark = scope_.mark();
  scope_.add({k, uint_type, false, is_uniform && place.is_uniform, 0});
  // Leaving it early would keep threads from a barrier inside.
  const bool may_leave = !is_uniform || random_.chance(30);
  place.is_in_loop = may_leave;
  place.is_uniform = place.is_uniform && !may_leave;
  place.is_in_divergent_loop |= may_leave;
  block(1 + random_.below(4), place);
  scope_.forget(mark);
  line("}");
}

void Statements::open_loop(Place place) {
  const std::string k = fresh("k");
  line("uint " + k + " = " + expressions_.of(uint_type, 2) + " & 7u;");
  place.is_uniform = false;
  place.is_in_loop = place.is_in_divergent_loop = true;
  const size_t mark = scope_.mark();
  scope_.add({k, uint_type, false, false, 0});
  if (random_.chance(50)) {
    line("while (" + k + "-- > 0u) {");
    block(1 + random_.below(3), place);
    line("}");
  } else {
    line("do {");
    block(1 + random_.below(3), place);
    line("} while (" + k + "++ < 5u && " + expressions_.of(bool_type, 2) + ");");
  }
  scope_.forget(mark);
}

void Statements::choose(Place place) {
  line("switch (" + expressions_.of(random_.chance(50) ? uint_type : int_type, 2) + " & 3) {");
  place.is_uniform = false;
  for (const char* label : {"case 0: {", "case 2: {", "default: {"}) {
    line(label);
    const bool was_in_loop = place.is_in_loop;
    place.is_in_loop = false;  // a break would be the switch's
    block(1 + random_.below(2), place);
    place.is_in_loop = was_in_loop;
    line(random_.chance(70) ? "} break;" : "}");
  }
  line("}");
}

void Statements::device_memory() {
  const std::string slot = "i * 4u + (" + expressions_.of(uint_type, 1) + " & 3u)";
  const std::string name = fresh("v");
  switch (random_.below(5)) {
    case 0: return line("scratch[" + slot + "] = " + expressions_.value(float_type, 3) + ";");
    case 1: line("float " + name + " = tame(scratch[" + slot + "]);"); break;
    case 2: line("float " + name + " = tame(floats[" + expressions_.of(uint_type, 2) + " & 63u]);"); break;
    case 3: return line("quads[i] " + random_.word({"= ", "+= "}) + expressions_.value({Scalar::float32, 4}, 2) + ";");
    default: {
      line("int " + name + " = ints[" + expressions_.of(uint_type, 2) + " & 63u];");
      return scope_.add({name, int_type, true, false, 0});
    }
  }
  scope_.add({name, float_type, true, false, 0});
}

void Statements::atomic() {
  // One operation for each counter, so that the order of the threads does not show.
  static const char* const operations[counter_count] = {"add", "sub", "min", "max", "and", "or", "xor", "add"};
  const uint32_t counter = random_.below(counter_count);
  line("atomic_fetch_" + std::string(operations[counter]) + "_explicit(&counters[" + std::to_string(counter) + "], " + expressions_.of(uint_type, 2) + ", memory_order_relaxed);");
}

void Statements::call_helper() {
  if (helpers_.empty()) return assign();
  const Helper& helper = helpers_[random_.below(uint32_t(helpers_.size()))];
  const std::string name = fresh("v"), argument = fresh("v");
  line(helper.type.name() + " " + argument + " = " + expressions_.value(helper.type, 2) + ";");
  const std::string made = helper.name + "(" + expressions_.of(uint_type, 1) + ", " + expressions_.value(helper.type, 2) + ", " + argument + ")";
  line(helper.type.name() + " " + name + " = " + (helper.type.is_real() ? "tame(" + made + ")" : made) + ";");
  if (helper.type.is_real()) line(argument + " = tame(" + argument + ");");
  scope_.add({argument, helper.type, true, false, 0});
  scope_.add({name, helper.type, true, false, 0});
}

void Statements::matrix() {
  const uint32_t n = 2 + random_.below(3);
  const Type column{Scalar::float32, n};
  const std::string m = fresh("m"), v = fresh("v"), size = std::to_string(n);
  std::string columns;
  for (uint32_t i = 0; i < n; i++) columns += (i ? ", exact(" : "exact(") + expressions_.value(column, 1) + ")";
  line("float" + size + "x" + size + " " + m + " = float" + size + "x" + size + "(" + columns + ");");
  line(column.name() + " " + v + " = tame(" + (random_.chance(50) ? m + " * " : "(" + m + " * " + m + ") * ") + "exact(" + expressions_.value(column, 1) + "));");
  if (random_.chance(50)) line(v + " = tame(transpose(" + m + ")[" + expressions_.index(2) + "] + " + v + ");");
  scope_.add({v, column, true, false, 0});
}

}  // namespace klab_fuzz
