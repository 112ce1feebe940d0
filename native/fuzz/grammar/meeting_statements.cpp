// Statements in which threads meet: barriers, simdgroups, quadgroups, threadgroup memory.
#include "statements.h"

namespace klab_fuzz {
namespace {

const char* const barrier = "threadgroup_barrier(mem_flags::mem_threadgroup);";

}  // namespace

// Each thread writes its own element, all wait, each reads any, all wait.
void Statements::exchange() {
  uses_sync_ = true;
  const Type type = random_.chance(70) ? random_.pick({uint_type, float_type, int_type, Type{Scalar::half16, 1}}) : Type{Scalar::float32, 4};
  const std::string memory = fresh("t"), name = fresh("v");
  declarations_ += "  threadgroup " + type.name() + " " + memory + "[" + std::to_string(shape_.threads_per_group()) + "];\n";
  line(memory + "[l] = " + expressions_.value(type, 2) + ";");
  line(barrier);
  line(type.name() + " " + name + " = " + memory + "[(l + " + (random_.chance(50) ? std::to_string(random_.below(70)) + "u" : "(" + expressions_.of(uint_type, 1) + " & 127u)") + ") % count];");
  line(barrier);
  scope_.add({name, type, true, false, 0});
}

void Statements::threadgroup_atomic() {
  uses_sync_ = true;
  const std::string memory = fresh("t"), name = fresh("v"), operation = random_.word({"add", "min", "max", "xor", "or"});
  declarations_ += "  threadgroup atomic_uint " + memory + "[4];\n";
  line("if (l < 1u) { for (uint k = 0; k < 4; k++) atomic_store_explicit(&" + memory + "[k], k * 77u, memory_order_relaxed); }");
  line(barrier);
  line("atomic_fetch_" + operation + "_explicit(&" + memory + "[" + expressions_.of(uint_type, 1) + " & 3u], " + expressions_.of(uint_type, 2) + ", memory_order_relaxed);");
  line(barrier);
  line("uint " + name + " = atomic_load_explicit(&" + memory + "[" + expressions_.of(uint_type, 1) + " & 3u], memory_order_relaxed);");
  line(barrier);
  scope_.add({name, uint_type, true, false, 0});
}

void Statements::simd_operation(Place) {
  uses_sync_ = true;
  const std::string name = fresh("v");
  const Type type = random_.pick({uint_type, float_type, int_type, Type{Scalar::half16, 1}, Type{Scalar::float32, 4}, Type{Scalar::uint32, 2}});
  const std::string value = expressions_.value(type, 2);
  const auto keep = [&](Type made, const std::string& call) {
    line(made.name() + " " + name + " = " + (made.is_real() ? "tame(" + call + ")" : call) + ";");
    scope_.add({name, made, true, false, 0});
  };
  const std::string lanes = random_.word({"0", "1", "2", "3", "5", "8", "16", "31"});
  switch (random_.below(9)) {
    case 0: return keep(type, "simd_" + random_.word({"sum", "min", "max"}) + "(" + value + ")" + (type.is_real() ? " + " + type.name() + "(0)" : ""));
    case 1: return keep(type, "simd_prefix_" + random_.word({"inclusive", "exclusive"}) + "_sum(" + value + ")");
    case 2: return keep(uint_type, "simd_" + random_.word({"and", "or", "xor"}) + "(" + expressions_.of(uint_type, 2) + ")");
    case 3: return keep(type, "simd_shuffle" + random_.word({"_xor", "_up", "_down", "_rotate_up", "_rotate_down", ""}) + "(" + value + ", ushort(" + lanes + "))");
    case 4: return keep(type, "simd_shuffle(" + value + ", ushort(" + expressions_.of(uint_type, 1) + " & 31u))");
    case 5: return keep(type, random_.chance(50) ? "simd_broadcast_first(" + value + ")" : "simd_broadcast(" + value + ", ushort(" + lanes + "))");
    case 6: return keep(uint_type, "uint((simd_vote::vote_t)simd_ballot(" + expressions_.of(bool_type, 2) + "))");
    case 7: return keep(bool_type, random_.word({"simd_any", "simd_all"}) + "(" + expressions_.of(bool_type, 2) + ")");
    default: return keep(uint_type, random_.chance(50) ? "uint(simd_is_first())" : "uint((simd_vote::vote_t)simd_active_threads_mask())");
  }
}

void Statements::quad_operation() {
  uses_sync_ = true;
  const std::string name = fresh("v");
  const Type type = random_.pick({uint_type, float_type, int_type});
  const std::string value = expressions_.value(type, 2);
  const std::string made = random_.chance(50) ? "quad_" + random_.word({"sum", "min", "max"}) + "(" + value + ")"
                                              : "quad_" + random_.word({"shuffle", "shuffle_xor", "broadcast"}) + "(" + value + ", ushort(" + std::to_string(random_.below(4)) + "))";
  line(type.name() + " " + name + " = " + (type.is_real() ? "tame(" + made + " + 0.0f)" : made) + ";");
  scope_.add({name, type, true, false, 0});
}

// Products of small whole numbers are exact in any order.
void Statements::simdgroup_matrix() {
  if (!shape_.is_whole()) return exchange();
  uses_sync_ = true;
  const std::string memory = fresh("t"), a = fresh("m"), b = fresh("m"), c = fresh("m"), name = fresh("v");
  const std::string element = random_.word({"float", "half"});
  declarations_ += "  threadgroup " + element + " " + memory + "[" + std::to_string(shape_.threads_per_group() / 32 * 64) + "];\n";
  const std::string mine = memory + " + (l / 32u) * 64u", matrix = "simdgroup_matrix<" + element + ", 8, 8> ";
  line("for (uint k = l % 32u; k < 64u; k += 32u) " + memory + "[(l / 32u) * 64u + k] = " + element + "((ints[(k * 7u + " + std::to_string(random_.below(60)) + "u) & 63u] & 7) - 3);");
  line(barrier);
  line(matrix + a + ", " + b + ";");
  line("simdgroup_load(" + a + ", " + mine + ", 8, ulong2(0, 0), " + random_.word({"false", "true"}) + ");");
  line("simdgroup_load(" + b + ", " + mine + ", 8);");
  line(matrix + c + " = make_filled_simdgroup_matrix<" + element + ", 8, 8>(" + element + "(" + std::to_string(random_.below(4)) + "));");
  line("simdgroup_multiply_accumulate(" + c + ", " + a + ", " + b + ", " + c + ");");
  if (random_.chance(50)) line("simdgroup_multiply(" + a + ", " + b + ", " + b + ");");
  if (random_.chance(50)) line("simdgroup_multiply_accumulate(" + c + ", " + a + ", " + b + ", " + c + ");");
  line(barrier);
  line("simdgroup_store(" + c + ", " + mine + ", 8);");
  line(barrier);
  line("float " + name + " = tame(float(" + memory + "[(l / 32u) * 64u + (" + expressions_.of(uint_type, 1) + " & 63u)]));");
  line(barrier);
  scope_.add({name, float_type, true, false, 0});
}

}  // namespace klab_fuzz
