#include "expressions.h"

namespace klab_fuzz {
namespace {

std::string call(const std::string& function, std::initializer_list<std::string> arguments) {
  std::string out = function + "(";
  for (const std::string& argument : arguments) out += (out.back() == '(' ? "" : ", ") + argument;
  return out + ")";
}

std::string binary(const std::string& a, const std::string& op, const std::string& b) { return "(" + a + " " + op + " " + b + ")"; }

}  // namespace

Type Expressions::any_scalar() {
  const Scalar scalar = random_.pick({Scalar::int32, Scalar::uint32, Scalar::uint32, Scalar::float32, Scalar::float32, Scalar::float32, Scalar::half16,
                                      Scalar::boolean, Scalar::int16, Scalar::uint8, Scalar::uint64});
  return {scalar, 1};
}

Type Expressions::any_type() {
  if (random_.chance(70)) return any_scalar();
  return {random_.pick({Scalar::int32, Scalar::uint32, Scalar::float32, Scalar::float32, Scalar::half16}), 2 + random_.below(3)};
}

std::string Expressions::literal(Type type) {
  if (type.width > 1) return type.name() + "(" + literal(type.element()) + ")";
  switch (type.scalar) {
    case Scalar::boolean: return random_.word({"true", "false"});
    case Scalar::float32: return random_.word({"0.5", "1.0", "(-2.0f)", "3.25f", "0.125", "10.0f", "1e2", "(-0.75)"});
    case Scalar::half16: return random_.word({"0.5h", "1.0h", "(-2.0h)", "3.25h", "0.125h", "7.0h"});
    case Scalar::int32: return random_.word({"0", "1", "-1", "7", "100", "-12345", "2147483647", "(-2147483647 - 1)", "0x55aa"});
    case Scalar::uint64: return random_.word({"0ul", "1ul", "0xfffffffffful", "123456789012345ul"});
    case Scalar::uint32: return random_.word({"0u", "1u", "2u", "3u", "31u", "0xffffffffu", "0x80000000u", "12345u", "77u"});
    default: return type.name() + "(" + std::to_string(random_.below(256)) + ")";
  }
}

std::string Expressions::leaf(Type type) {
  const Variable* same = scope_.pick(random_, [&](const Variable& v) { return v.type == type; });
  if (same && random_.chance(75)) return same->array ? same->name + "[" + index(same->array) + "]" : same->name;
  if (type.width == 1 && random_.chance(40)) {
    const Variable* wide = scope_.pick(random_, [&](const Variable& v) { return v.type.scalar == type.scalar && v.type.width > 1 && !v.array; });
    if (wide) return wide->name + (random_.chance(70) ? "." + std::string(1, "xyzw"[random_.below(wide->type.width)]) : "[" + std::to_string(random_.below(wide->type.width)) + "]");
  }
  const Variable* other = scope_.pick(random_, [&](const Variable& v) { return v.type.width == type.width && !v.array && v.type.scalar != Scalar::boolean; });
  if (other && random_.chance(50) && type.scalar != Scalar::boolean) return type.name() + "(" + other->name + ")";
  return literal(type);
}

std::string Expressions::index(uint32_t count) {
  const std::string last = std::to_string(count - 1) + "u";
  if (random_.chance(40)) return std::to_string(random_.below(count));
  return binary(random_.chance(60) ? leaf(uint_type) : "uint(" + leaf(int_type) + ")", "&", last);
}

std::string Expressions::of(Type type, uint32_t depth) {
  if (depth == 0 || random_.chance(15)) return leaf(type);
  if (type.scalar != Scalar::boolean && random_.chance(10)) {
    return "(" + boolean(depth - 1) + " ? " + of(type, depth - 1) + " : " + of(type, depth - 1) + ")";
  }
  if (type.width > 1 && random_.chance(40)) return vector(type, depth - 1);
  switch (type.scalar) {
    case Scalar::boolean: return boolean(depth - 1);
    case Scalar::float32:
    case Scalar::half16: return real(type, depth - 1);
    case Scalar::uint32:
    case Scalar::uint64: return unsigned_number(type, depth - 1);
    case Scalar::int32: return signed_number(type, depth - 1);
    default: return narrow(type, depth - 1);
  }
}

std::string Expressions::value(Type type, uint32_t depth) {
  return type.is_real() ? "tame(" + of(type, depth) + ")" : of(type, depth);
}

std::string Expressions::vector(Type type, uint32_t depth) {
  if (random_.chance(40)) {
    const Variable* from = scope_.pick(random_, [&](const Variable& v) { return v.type.scalar == type.scalar && v.type.width > 1 && !v.array; });
    if (from) {
      std::string out = from->name + ".";
      for (uint32_t i = 0; i < type.width; i++) out += (random_.chance(90) || i ? "xyzw" : "xyzw")[random_.below(from->type.width)];
      return out;
    }
  }
  std::string out = type.name() + "(";
  for (uint32_t i = 0; i < type.width; i++) out += (i ? ", " : "") + of(type.element(), depth > 1 ? 1 : 0);
  return out + ")";
}

std::string Expressions::real(Type type, uint32_t depth) {
  const std::string name = type.name(), a = of(type, depth), b = of(type, depth);
  switch (random_.below(15)) {
    case 0: return call("fma", {a, b, of(type, depth)});
    case 1: return "(max(" + a + ", " + b + ") + " + name + "(0))";  // of two zeros either may come back
    case 2: return "(min(" + a + ", " + b + ") + " + name + "(0))";
    case 3: return call("abs", {a});
    case 4: return call(random_.word({"floor", "ceil", "trunc", "rint"}), {a});
    case 5: return "(" + a + " / (abs(" + b + ") + " + name + "(1)))";
    case 6: return "sqrt(abs(" + a + "))";
    case 7: return "(-" + a + ")";
    case 8: return "clamp(" + a + ", " + name + "(-4), " + name + "(9))";
    case 9: return type.width == 1 ? call("select", {a, b, boolean(depth > 1 ? 1 : 0)}) : call("mix", {a, b, name + "(0.25f)"});
    case 10: return type.width > 1 ? name + "(dot(exact(" + a + "), exact(" + b + ")))" : binary(a, "+", b);
    case 11: return type.scalar == Scalar::float32 && type.width == 1 ? random_.word({"sin", "cos", "exp2", "tanh"}) + "(clamp(" + a + ", -8.0f, 8.0f))" : binary(a, "*", b);
    default: return binary(a, random_.word({"+", "-", "*"}), b);
  }
}

std::string Expressions::unsigned_number(Type type, uint32_t depth) {
  const std::string a = of(type, depth), b = of(type, depth), name = type.name();
  const std::string bits = type.scalar == Scalar::uint64 ? "63" : "31";
  const bool is_word = type.scalar == Scalar::uint32;
  switch (random_.below(16)) {
    case 0: return "(" + a + (random_.chance(50) ? " / (" : " % (") + b + " | " + name + "(1)))";
    case 1: return "(" + a + (random_.chance(50) ? " << (" : " >> (") + b + " & " + name + "(" + bits + ")))";
    case 2: return call(random_.word({"min", "max"}), {a, b});
    case 3: return is_word ? call(random_.word({"clz", "ctz", "popcount", "reverse_bits"}), {a}) : "(~" + a + ")";
    case 4: return is_word ? call(random_.word({"mulhi", "absdiff", "addsat", "subsat", "hadd", "rotate"}), {a, b}) : binary(a, "^", b);
    case 5: return "(~" + a + ")";
    case 6: return type.width == 1 && is_word ? "uint(" + of(int_type, depth) + ")" : binary(a, "|", b);
    case 7: return type.width == 1 && is_word ? "uint(" + of({random_.pick({Scalar::int16, Scalar::uint8, Scalar::uint64}), 1}, depth) + ")" : binary(a, "&", b);
    case 8: return type.width == 1 && is_word ? "bits(" + of(float_type, depth) + ")" : binary(a, "+", b);
    case 9: return type == uint_type ? "uint(" + boolean(depth) + ")" : binary(a, "-", b);
    default: return binary(a, random_.word({"+", "-", "*", "&", "|", "^"}), b);
  }
}

std::string Expressions::signed_number(Type type, uint32_t depth) {
  const std::string a = of(type, depth), b = of(type, depth), name = type.name();
  const std::string raw = Type{Scalar::uint32, type.width}.name();
  switch (random_.below(12)) {
    case 0: return "(" + a + (random_.chance(50) ? " / ((" : " % ((") + b + " & 15) + 1))";
    case 1: return "(" + a + " >> (" + b + " & 31))";
    case 2: return name + "(" + raw + "(" + a + ") << (" + raw + "(" + b + ") & 31u))";
    case 3: return call(random_.word({"min", "max", "mulhi", "addsat", "subsat"}), {a, b});
    case 4: return binary(a, random_.word({"&", "|", "^"}), b);
    case 5: return "(~" + a + ")";
    case 6: return type.width == 1 ? "int(clamp(tame(" + of(float_type, depth) + "), -9999.0f, 9999.0f))" : binary(a, "&", b);
    case 7: return type.width == 1 ? "int(" + of({random_.pick({Scalar::int16, Scalar::uint8, Scalar::boolean}), 1}, depth) + ")" : binary(a, "|", b);
    default: return name + "(" + raw + "(" + a + ") " + random_.word({"+", "-", "*"}) + " " + raw + "(" + b + "))";  // overflow wraps in uint
  }
}

std::string Expressions::narrow(Type type, uint32_t depth) {
  const std::string name = type.name();
  if (random_.chance(40)) return name + "(" + of(random_.chance(50) ? uint_type : int_type, depth) + ")";
  if (random_.chance(15)) return call(random_.word({"min", "max"}), {of(type, depth), of(type, depth)});
  return name + "(" + of(type, depth) + " " + random_.word({"+", "-", "*", "&", "|", "^"}) + " " + of(type, depth) + ")";
}

std::string Expressions::boolean(uint32_t depth) {
  if (depth == 0) return leaf(bool_type);
  const uint32_t kind = random_.below(10);
  if (kind == 0) return "(!" + boolean(depth - 1) + ")";
  if (kind <= 2) return binary(boolean(depth - 1), random_.word({"&&", "||", "!=", "=="}), boolean(depth - 1));
  if (kind == 3) {
    const Type wide{random_.pick({Scalar::int32, Scalar::uint32, Scalar::float32}), 2 + random_.below(3)};
    return random_.word({"any", "all"}) + "(" + of(wide, 1) + random_.word({" < ", " >= ", " == "}) + of(wide, 1) + ")";
  }
  const Type type = random_.pick({int_type, uint_type, float_type, Type{Scalar::half16, 1}, Type{Scalar::uint64, 1}});
  return binary(of(type, depth - 1), random_.word({"<", ">", "<=", ">=", "==", "!="}), of(type, depth - 1));
}

std::string Expressions::uniform_condition() {
  const Variable* a = scope_.pick(random_, [](const Variable& v) { return v.is_uniform && v.type == uint_type; });
  if (!a) return random_.word({"true", "p.n > 3u"});
  return "(" + a->name + " & " + std::to_string(1 + random_.below(3)) + "u) " + random_.word({"!=", "=="}) + " 0u";
}

}  // namespace klab_fuzz
