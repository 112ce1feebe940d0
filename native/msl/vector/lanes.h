// What the vector pass (cpu/vector) gives a kernel's lanes of each other. It replaces every call; none is ever linked.
// Lanes that are not in the branch at hand, have returned or were never there are not active.
#pragma once
#include "../kernel_abi.h"

#define KLAB_VECTOR_CALL __attribute__((convergent, nothrow))
#define KLAB_VECTOR_CONST __attribute__((convergent, nothrow, const))

extern "C" {

// Below 32.
KLAB_VECTOR_CONST uint32_t klab_vector_lane(void);

// The active lanes. All lanes get one value, as from every function below but permute.
KLAB_VECTOR_CALL uint32_t klab_vector_active(void);
// Those of them where `value` is true.
KLAB_VECTOR_CALL uint32_t klab_vector_ballot(bool value);
// The lowest active lane's.
KLAB_VECTOR_CALL uint64_t klab_vector_first(uint64_t value);
// Lane i's value goes to out[i], an array that all lanes share; `neutral` where no lane is active.
KLAB_VECTOR_CALL void klab_vector_collect_8(uint8_t* out, uint8_t value, uint8_t neutral);
KLAB_VECTOR_CALL void klab_vector_collect_16(uint16_t* out, uint16_t value, uint16_t neutral);
KLAB_VECTOR_CALL void klab_vector_collect_32(uint32_t* out, uint32_t value, uint32_t neutral);
KLAB_VECTOR_CALL void klab_vector_collect_64(uint64_t* out, uint64_t value, uint64_t neutral);

// The value of lane `from` (below 32), the caller's own when that lane is not active.
KLAB_VECTOR_CALL uint32_t klab_vector_permute_32(uint32_t value, uint32_t from);
KLAB_VECTOR_CALL uint64_t klab_vector_permute_64(uint64_t value, uint32_t from);
}
