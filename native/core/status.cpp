// Status codes and the error struct.
#include "core/boundary.h"

extern "C" uint32_t klab_abi_version(void) { return KLAB_ABI_VERSION; }

extern "C" const char* klab_status_name(klab_status status) {
  switch (status) {
#define X(code, name, message) \
  case code:                   \
    return #name;
    KLAB_STATUS_MAP(X)
#undef X
  }
  return "UNKNOWN";
}

extern "C" const char* klab_status_message(klab_status status) {
  switch (status) {
#define X(code, name, message) \
  case code:                   \
    return message;
    KLAB_STATUS_MAP(X)
#undef X
  }
  return "a status that this library does not know";
}

namespace klab {

klab_status report(klab_error* out, const Error& error) {
  if (!error || !out || out->struct_size < first_size<klab_error>) return error.status;
  out->status = error.status;
  copy_text(out->message, error.message.empty() ? klab_status_message(error.status) : std::string_view(error.message));
  return error.status;
}

}  // namespace klab
