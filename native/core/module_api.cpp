// klab_module_*: a request in, reflection and diagnostics out.
#include "core/boundary.h"
#include "core/handles.h"

using namespace klab;

static Error read_texts(const char* const* texts, uint32_t count, std::vector<std::string>& out, const char* name) {
  if (count && !texts) return invalid(format("%s is NULL but its count is %u", name, count));
  for (uint32_t i = 0; i < count; i++) {
    if (!texts[i]) return invalid(format("%s[%u] is NULL", name, i));
    out.emplace_back(texts[i]);
  }
  return {};
}

static Error read_request(const klab_module_desc* desc, ModuleRequest& request) {
  klab_module_desc value;
  if (Error error = read_struct(desc, value, "klab_module_desc")) return error;
  if (value.language != KLAB_LANGUAGE_MSL) return {KLAB_UNSUPPORTED, format("language %u is not known; MSL is 0", value.language)};
  if (value.math_mode > KLAB_MATH_FAST) return invalid(format("math_mode %u is not known", value.math_mode));
  if (value.flags & ~(KLAB_MODULE_NO_CHECK | KLAB_MODULE_NO_CACHE | KLAB_MODULE_DEBUG)) {
    return invalid(format("module flags 0x%x hold a bit that is not known", value.flags));
  }
  if (!value.source && value.source_bytes) return invalid("source is NULL but source_bytes is not 0");
  if (value.source_bytes > (64ull << 20)) return invalid("source is larger than 64 MB; that is not a kernel file");
  if (value.source) request.source.assign(value.source, value.source_bytes);
  if (value.path) request.path = value.path;
  request.version = value.version;
  request.math_mode = value.math_mode;
  request.flags = value.flags;
  if (Error error = read_texts(value.macros, value.macro_count, request.macros, "macros")) return error;
  return read_texts(value.include_roots, value.include_root_count, request.include_roots, "include_roots");
}

extern "C" klab_status klab_module_create(klab_device* device, const klab_module_desc* desc, klab_module** module, klab_error* error) {
  return boundary(error, [&]() -> Error {
    if (!device || !module) return invalid("klab_module_create: device and module must not be NULL");
    *module = nullptr;
    ModuleRequest request;
    if (Error failure = read_request(desc, request)) return failure;
    auto state = std::make_shared<ModuleState>();
    const std::shared_ptr<DeviceState> keep = device->state;  // also when the handle is closed meanwhile
    state->device = keep;
    DeviceState& owner = *keep;
    const std::lock_guard lock(owner.mutex);
    if (owner.is_lost) return lost_error(owner);
    const CallScope call(owner);
    const Error failure = owner.device->create_module(request, state->module);
    if (!state->module) return failure ? failure : Error{KLAB_INTERNAL, "the device made no module"};
    if (failure && failure.status != KLAB_COMPILE) return failure;
    *module = new klab_module{std::move(state)};
    return failure;
  });
}

extern "C" void klab_module_destroy(klab_module* module) { delete module; }

template <class Body>
static klab_status with_module(klab_module* module, Body&& body) {
  return boundary(nullptr, [&]() -> Error {
    if (!module) return invalid("module is NULL");
    const std::lock_guard lock(module->state->mutex);
    return body(module->state->module->info());
  });
}

template <class T>
static Error at(const std::vector<T>& list, uint32_t index, const T*& item) {
  if (index >= list.size()) return {KLAB_NOT_FOUND, format("index %u of %zu", index, list.size())};
  item = &list[index];
  return {};
}

extern "C" klab_status klab_module_get_info(klab_module* module, klab_module_info* out) {
  return with_module(module, [&](const ModuleInfo& info) -> Error {
    klab_module_info value = {};
    value.diagnostic_count = static_cast<uint32_t>(info.diagnostics.size());
    value.entry_count = static_cast<uint32_t>(info.entries.size());
    value.constant_count = static_cast<uint32_t>(info.constants.size());
    for (const Diagnostic& diagnostic : info.diagnostics) value.has_errors |= diagnostic.severity == KLAB_SEVERITY_ERROR;
    value.is_cached = info.is_cached;
    value.front_end_ns = info.front_end_ns;
    copy_text(value.source_hash, info.source_hash);
    copy_text(value.compiler, info.compiler);
    return write_struct(out, value, "klab_module_info");
  });
}

extern "C" klab_status klab_module_get_diagnostic(klab_module* module, uint32_t index, klab_diagnostic* out) {
  return with_module(module, [&](const ModuleInfo& info) -> Error {
    const Diagnostic* item = nullptr;
    if (Error error = at(info.diagnostics, index, item)) return error;
    klab_diagnostic value = {};
    value.severity = item->severity;
    value.line = item->line;
    value.column = item->column;
    value.end_line = item->end_line;
    value.end_column = item->end_column;
    copy_text(value.file, item->file);
    copy_text(value.message, item->message);
    return write_struct(out, value, "klab_diagnostic");
  });
}

extern "C" klab_status klab_module_get_entry(klab_module* module, uint32_t index, klab_entry_info* out) {
  return with_module(module, [&](const ModuleInfo& info) -> Error {
    const Entry* item = nullptr;
    if (Error error = at(info.entries, index, item)) return error;
    klab_entry_info value = {};
    value.binding_count = static_cast<uint32_t>(item->bindings.size());
    value.line = item->line;
    value.max_total_threads = item->max_total_threads;
    copy_text(value.name, item->name);
    copy_text(value.function, item->function);
    copy_text(value.file, item->file);
    return write_struct(out, value, "klab_entry_info");
  });
}

extern "C" klab_status klab_module_get_binding(klab_module* module, uint32_t entry_index, uint32_t index, klab_binding_info* out) {
  return with_module(module, [&](const ModuleInfo& info) -> Error {
    const Entry* entry = nullptr;
    if (Error error = at(info.entries, entry_index, entry)) return error;
    const Binding* item = nullptr;
    if (Error error = at(entry->bindings, index, item)) return error;
    klab_binding_info value = {};
    value.index = item->index;
    value.kind = item->kind;
    value.access = item->access;
    value.element_bytes = item->element_bytes;
    value.is_pointer = item->is_pointer;
    value.is_optional = item->is_optional;
    copy_text(value.type, item->type);
    copy_text(value.name, item->name);
    return write_struct(out, value, "klab_binding_info");
  });
}

extern "C" klab_status klab_module_get_constant(klab_module* module, uint32_t index, klab_constant_info* out) {
  return with_module(module, [&](const ModuleInfo& info) -> Error {
    const FunctionConstant* item = nullptr;
    if (Error error = at(info.constants, index, item)) return error;
    klab_constant_info value = {};
    value.index = item->index;
    value.is_required = item->is_required;
    copy_text(value.type, item->type);
    copy_text(value.name, item->name);
    return write_struct(out, value, "klab_constant_info");
  });
}
