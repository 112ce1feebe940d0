// x.launch.json; the README beside the triples describes it.
#include "read_launch.h"

#include <cstdlib>
#include <cstring>

#include "json.h"

namespace msl_conformance {
namespace {

bool read_extent(const Json& json, uint32_t (&out)[3], std::string& error) {
  for (size_t i = 0; i < json.items.size() && i < 3; ++i) out[i] = static_cast<uint32_t>(std::strtoul(json.items[i].text.c_str(), nullptr, 10));
  const bool is_valid = json.kind == Json::Kind::array && !json.items.empty() && json.items.size() <= 3 && out[0] && out[1] && out[2];
  if (!is_valid) error = "an extent is an array of one to three whole numbers from 1 on";
  return is_valid;
}

void append(std::vector<unsigned char>& bytes, uint64_t bits, uint32_t type) {
  const size_t at = bytes.size();
  bytes.resize(at + scalar_bytes(type));
  std::memcpy(bytes.data() + at, &bits, scalar_bytes(type));
}

// v,v,… of the argument's type.
bool append_list(std::string_view list, Argument& out) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    uint64_t bits = 0;
    if (!parse_scalar(list.substr(0, comma), out.type, bits)) return false;
    append(out.bytes, bits, out.type);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return true;
}

// TYPE:INIT:COUNT or TYPE:[v,v,…]
bool read_buffer(std::string_view spec, Argument& out) {
  const size_t colon = spec.find(':');
  if (colon == std::string_view::npos) return false;
  out.is_buffer = true;
  out.type = scalar_type(spec.substr(0, colon));
  spec.remove_prefix(colon + 1);
  if (out.type > KLAB_F64 || spec.empty()) return false;
  if (spec.front() == '[' && spec.back() == ']') return append_list(spec.substr(1, spec.size() - 2), out) && !out.bytes.empty();
  const size_t second = spec.find(':');
  if (second == std::string_view::npos) return false;
  const std::string_view init = spec.substr(0, second);
  const unsigned long count = std::strtoul(std::string(spec.substr(second + 1)).c_str(), nullptr, 10);
  for (unsigned long i = 0; i < count; ++i) {
    uint64_t bits = 0;
    const std::string value = init == "iota" ? std::to_string(i) : init == "ones" ? "1" : init == "zeros" ? "0" : init == "nan" ? "nan" : "";
    if (!parse_scalar(value, out.type, bits)) return false;
    append(out.bytes, bits, out.type);
  }
  return count > 0;
}

bool read_bytes(std::string_view hex, Argument& out) {
  for (size_t i = 0; i + 1 < hex.size(); i += 2) out.bytes.push_back(static_cast<unsigned char>(std::strtoul(std::string(hex.substr(i, 2)).c_str(), nullptr, 16)));
  return !hex.empty() && hex.size() % 2 == 0 && hex.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool read_argument(std::string_view spec, Argument& out) {
  if (spec.starts_with("buf:")) return read_buffer(spec.substr(4), out);
  if (spec.starts_with("bytes:")) return read_bytes(spec.substr(6), out);
  const size_t colon = spec.find(':');
  if (colon == std::string_view::npos) return false;
  out.type = scalar_type(spec.substr(0, colon));
  return out.type <= KLAB_F64 && append_list(spec.substr(colon + 1), out) && !out.bytes.empty();
}

bool read_args(const Json& json, Launch& out, std::string& error) {
  for (const auto& [index, spec] : json.members) {
    Argument argument;
    argument.index = static_cast<uint32_t>(std::strtoul(index.c_str(), nullptr, 10));
    if (!read_argument(spec.text, argument)) return error = "argument " + index + ": cannot read \"" + spec.text + "\"", false;
    out.args.push_back(std::move(argument));
  }
  return true;
}

bool read_constant(const std::string& name, const Json& json, Constant& out) {
  out.name = name;
  const bool is_whole = json.text.find_first_of(".e") == std::string::npos;
  out.type = json.kind == Json::Kind::boolean ? KLAB_BOOL : is_whole ? KLAB_I64 : KLAB_F64;
  return (json.kind == Json::Kind::boolean || json.kind == Json::Kind::number) && parse_scalar(json.text, out.type, out.bits);
}

bool read_member(const std::string& key, const Json& value, Launch& out, std::string& error) {
  if (key == "entry") return out.entry = value.text, true;
  if (key == "grid") return read_extent(value, out.grid, error);
  if (key == "gridThreads") return out.grid_is_threads = true, read_extent(value, out.grid, error);
  if (key == "threads") return read_extent(value, out.threads, error);
  if (key == "args") return read_args(value, out, error);
  if (key == "math") return out.math_mode = value.text == "safe" ? KLAB_MATH_SAFE : KLAB_MATH_FAST, true;
  if (key == "macros") {
    for (const Json& macro : value.items) out.macros.push_back(macro.text);
    return true;
  }
  if (key == "constants") {
    for (const auto& [name, constant] : value.members) {
      if (!read_constant(name, constant, out.constants.emplace_back())) return error = "constant " + name + " is neither a number nor a boolean", false;
    }
    return true;
  }
  if (key == "threadgroupMemory") {
    for (const auto& [index, bytes] : value.members) {
      Argument& argument = out.args.emplace_back();
      argument.is_threadgroup = true;
      argument.index = static_cast<uint32_t>(std::strtoul(index.c_str(), nullptr, 10));
      argument.bytes.resize(std::strtoul(bytes.text.c_str(), nullptr, 10));
    }
    return true;
  }
  if (key == "requires") {
    for (const Json& need : value.items) {
      if (need.text == "bf16") out.capabilities |= KLAB_CAP_BF16;
      else if (need.text == "simdgroup_matrix") out.capabilities |= KLAB_CAP_SIMDGROUP_MATRIX;
      else return error = "nothing is known that is called \"" + need.text + "\"", false;
    }
    return true;
  }
  return error = "\"" + key + "\" is not known", false;
}

}  // namespace

bool read_launch(const std::string& text, Launch& out, std::string& error) {
  Json json;
  if (!parse_json(text, json, error)) return false;
  for (const auto& [key, value] : json.members) {
    if (!read_member(key, value, out, error)) return false;
  }
  if (out.entry.empty()) return error = "\"entry\" is missing", false;
  return true;
}

}  // namespace msl_conformance
