// What the rewritten code of an analysed kernel calls.
#include "cpu/analyse/access.h"

namespace klab::analyse {

namespace {
thread_local Runner* runner __attribute__((tls_model("initial-exec"))) = nullptr;
}

Runner* current_runner() { return runner; }
void set_current_runner(Runner* r) { runner = r; }

}  // namespace klab::analyse

extern "C" {

#define KLAB_CALLBACK __attribute__((visibility("default"), used))

KLAB_CALLBACK __thread uint32_t* klab_analyse_counts __attribute__((tls_model("initial-exec"))) = nullptr;

KLAB_CALLBACK void* klab_analyse_read(void* pointer, uint32_t site) { return klab::analyse::runner->access_read(pointer, site); }

KLAB_CALLBACK void* klab_analyse_write(void* pointer, uint32_t site) { return klab::analyse::runner->access_write(pointer, site); }

KLAB_CALLBACK void* klab_analyse_atomic(void* pointer, uint32_t site) { return klab::analyse::runner->access_atomic(pointer, site); }

KLAB_CALLBACK void* klab_analyse_range(void* pointer, uint64_t bytes, uint32_t site) { return klab::analyse::runner->access_range(pointer, bytes, site); }

KLAB_CALLBACK void* klab_analyse_array(void* pointer, void* variable, uint32_t site) { return klab::analyse::runner->access_array(pointer, variable, site); }

KLAB_CALLBACK void klab_analyse_branch(uint32_t way, uint32_t site) { klab::analyse::runner->branch(way, site); }

KLAB_CALLBACK void klab_analyse_meet(uint32_t site, const void* frame, uint32_t frames) {
  klab::analyse::runner->meet(site, 0, __builtin_return_address(0), frame, frames);
}

KLAB_CALLBACK void klab_analyse_simdgroup_barrier_at(uint32_t site, uint32_t flags, const void* frame, uint32_t frames) {
  klab::analyse::runner->meet(site, flags, __builtin_return_address(0), frame, frames);
}

KLAB_CALLBACK void klab_analyse_barrier_at(uint32_t site, uint32_t flags, const char*, uint32_t) { klab::analyse::runner->barrier(site, flags); }

KLAB_CALLBACK void klab_analyse_fence(uint32_t bits) { klab::analyse::runner->fence(bits); }

KLAB_CALLBACK void* klab_analyse_variable(uint32_t site, uint32_t slot, uint64_t bytes, uint64_t) { return klab::analyse::runner->variable(site, slot, bytes); }

}  // extern "C"

void klab::analyse::set_counts(uint32_t* counts) { klab_analyse_counts = counts; }
