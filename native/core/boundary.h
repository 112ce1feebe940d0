// The C boundary: structs of other versions in and out, errors out, no exception through.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/text.h"

namespace klab {

inline Error invalid(std::string message) { return {KLAB_INVALID_ARGUMENT, std::move(message)}; }

// Size of a struct in the first version of the ABI. A struct that grows keeps its old number here:
//   template <> inline constexpr uint32_t first_size<klab_arg> = 48;
template <class T>
inline constexpr uint32_t first_size = sizeof(T);
template <>
inline constexpr uint32_t first_size<klab_op_info> = offsetof(klab_op_info, tier_reason);
template <>
inline constexpr uint32_t first_size<klab_run_desc> = offsetof(klab_run_desc, flags);

// Beyond this a struct_size is memory that nobody initialised.
inline constexpr uint32_t max_struct_size = 1 << 16;

// A caller's struct in ours. Fields beyond the caller's size are zero. A caller newer than the library may pass a larger
// struct as long as what the library does not know is zero; a size below the first version's can only be a mistake.
template <class T>
Error read_struct(const T* in, T& out, const char* name) {
  static_assert(first_size<T> <= sizeof(T));
  if (!in) return invalid(format("%s is NULL", name));
  const uint32_t size = in->struct_size;
  if (size < first_size<T>) {
    return invalid(format("%s.struct_size is %u; set it to sizeof(%s), at least %u", name, size, name, first_size<T>));
  }
  if (size > max_struct_size) return invalid(format("%s.struct_size is %u, which no struct has; it was not set", name, size));
  const auto* bytes = reinterpret_cast<const unsigned char*>(in);
  for (uint32_t i = sizeof(T); i < size; i++) {
    if (bytes[i]) return invalid(format("%s has a field at byte %u that this library does not know; it must be zero", name, i));
  }
  std::memset(static_cast<void*>(&out), 0, sizeof(T));
  std::memcpy(static_cast<void*>(&out), in, size < sizeof(T) ? size : sizeof(T));
  out.struct_size = sizeof(T);
  return {};
}

// Array elements lie as far apart as the first one's struct_size says.
template <class T>
Error read_array(const T* in, uint32_t count, std::vector<T>& out, const char* name) {
  out.resize(count);
  if (count == 0) return {};
  if (!in) return invalid(format("%s is NULL but its count is %u", name, count));
  const auto* bytes = reinterpret_cast<const unsigned char*>(in);
  const uint32_t stride = in->struct_size;
  for (uint32_t i = 0; i < count; i++) {
    const auto* element = reinterpret_cast<const T*>(bytes + static_cast<size_t>(i) * stride);
    if (element->struct_size != stride) return invalid(format("%s[%u].struct_size differs from the first one's", name, i));
    if (Error error = read_struct(element, out[i], name)) return error;
  }
  return {};
}

// Writes what fits the caller's struct and leaves the rest of it alone.
template <class T>
Error write_struct(T* out, const T& value, const char* name) {
  if (!out) return invalid(format("%s is NULL", name));
  const uint32_t size = out->struct_size;
  if (size < first_size<T>) {
    return invalid(format("%s.struct_size is %u; set it to sizeof(%s), at least %u", name, size, name, first_size<T>));
  }
  std::memcpy(static_cast<void*>(out), &value, size < sizeof(T) ? size : sizeof(T));
  out->struct_size = size;
  return {};
}

klab_status report(klab_error* out, const Error& error);

// Runs the body of an ABI function, a callable that returns Error.
template <class Body>
klab_status boundary(klab_error* out, Body&& body) noexcept {
  Error error;
  try {
    error = body();
    return report(out, error);
  } catch (const std::bad_alloc&) {
    return report(out, {KLAB_OUT_OF_MEMORY, {}});
  } catch (const std::exception& exception) {
    return report(out, {KLAB_INTERNAL, exception.what()});
  } catch (...) {
    return report(out, {KLAB_INTERNAL, {}});
  }
}

}  // namespace klab
