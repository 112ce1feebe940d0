/* klab.h: the only face of native/. One C ABI over every kind of device.
 *
 * Rules
 *  - Every function returns klab_status (int32). Results come back through trailing out-pointers.
 *  - Every struct starts with struct_size, set by the caller to sizeof(the struct it was compiled with). A field
 *    beyond the caller's struct_size is neither read nor written: structs may only grow at their end. A size below
 *    that of the struct's first version is INVALID_ARGUMENT; so is a larger struct than the library knows when what
 *    it does not know is not zero. Elements of an array lie as far apart as the first one's struct_size.
 *  - A zeroed descriptor (apart from struct_size) means the documented defaults.
 *  - Handles are opaque and come in create/destroy (open/close) pairs. Destroying NULL is a no-op.
 *  - Strings going in are UTF-8 pointer + length unless said to be NUL-terminated; strings coming out are fixed,
 *    NUL-terminated, truncated on a code point boundary.
 *  - No callbacks, no variadics; no exception crosses.
 *  - `klab_error* error` may be NULL. When a call fails and error is not NULL, it holds the status and one sentence:
 *    what, where, and what to do. It is written by the failing call only, so it is safe from any thread.
 *  - Threads: calls on different handles may run at the same time. Calls on one handle are serialised by the library.
 *    klab_device_cancel may be called from any thread at any time. Calls marked [blocking] may take long and are
 *    made to be run on a worker thread.
 *  - Ownership: a module, op or buffer keeps its device alive; an op keeps its module alive. The caller keeps every
 *    pointer in a descriptor alive until the call returns; the library copies what it needs.
 *  - Times are nanoseconds; sizes are bytes.
 */
#ifndef KLAB_H
#define KLAB_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#define KLAB_API __declspec(dllexport)
#else
#define KLAB_API __attribute__((visibility("default")))
#endif

#define KLAB_ABI_VERSION 1u
#define KLAB_MAX_BINDINGS 31u

/* ---- status ---------------------------------------------------------------------------------------------- */

#define KLAB_STATUS_MAP(X)                                                                   \
  X(0, OK, "success")                                                                        \
  X(1, INVALID_ARGUMENT, "an argument is out of range or a struct is malformed")             \
  X(2, COMPILE, "the source did not compile; the module's diagnostics say where")            \
  X(3, PIPELINE, "the entry point could not be made runnable")                               \
  X(4, NOT_FOUND, "no such device, entry point or item")                                     \
  X(5, MISMATCH, "an argument does not fit the kernel's binding")                            \
  X(6, OUT_OF_MEMORY, "not enough memory")                                                   \
  X(7, TIMEOUT, "the device did not finish in time; this process must be replaced")          \
  X(8, DEVICE_LOST, "the device is gone; this process must be replaced")                     \
  X(9, UNSUPPORTED, "this device cannot do that")                                            \
  X(10, CANCELLED, "cancelled by the caller")                                                \
  X(11, TOOL_MISSING, "a compiler or library that this needs is not installed")              \
  X(12, IO, "a file could not be read or written")                                           \
  X(13, INTERNAL, "a defect in the lab")

typedef int32_t klab_status;
enum {
#define X(code, name, message) KLAB_##name = code,
  KLAB_STATUS_MAP(X)
#undef X
};

typedef struct klab_error {
  uint32_t struct_size;
  klab_status status;
  char message[2048];
} klab_error;

/* KLAB_ABI_VERSION the library was built with; compare before any other call. */
KLAB_API uint32_t klab_abi_version(void);
/* "OK", "COMPILE", …; "UNKNOWN" for a number not in the map. Static storage. */
KLAB_API const char* klab_status_name(klab_status status);
/* The map's sentence. Static storage. */
KLAB_API const char* klab_status_message(klab_status status);

/* ---- devices --------------------------------------------------------------------------------------------- */

typedef struct klab_device klab_device;
typedef struct klab_module klab_module;
typedef struct klab_op klab_op;
typedef struct klab_buffer klab_buffer;

typedef enum klab_device_kind { KLAB_DEVICE_NULL = 0, KLAB_DEVICE_CPU = 1, KLAB_DEVICE_CUDA = 2, KLAB_DEVICE_METAL = 3 } klab_device_kind;

/* What the device's clock counts. Seconds of the host's processor are never GPU seconds. */
typedef enum klab_time_domain { KLAB_TIME_NONE = 0, KLAB_TIME_CPU = 1, KLAB_TIME_GPU = 2 } klab_time_domain;

enum {
  KLAB_CAP_BF16 = 1u << 0,
  KLAB_CAP_SIMDGROUP_MATRIX = 1u << 1,
  KLAB_CAP_TENSOR_OPS = 1u << 2,
  KLAB_CAP_STAGE_COUNTERS = 1u << 3,
  KLAB_CAP_BATCHED = 1u << 4, /* KLAB_MODE_BATCHED */
  KLAB_CAP_GRAPH = 1u << 5,   /* KLAB_MODE_GRAPH */
  KLAB_CAP_CAPTURE = 1u << 6,
  KLAB_CAP_ANALYSE = 1u << 7,
  KLAB_CAP_BASELINE = 1u << 8, /* klab_baseline_create can succeed; absent when the baseline library is missing */
};

typedef struct klab_device_info {
  uint32_t struct_size;
  uint32_t kind;        /* klab_device_kind */
  uint32_t time_domain; /* klab_time_domain */
  uint32_t simd_width;  /* threads of a simdgroup */
  uint32_t capabilities;
  uint32_t has_unified_memory; /* 0 or 1 */
  uint32_t max_threads_per_threadgroup;
  uint32_t max_threadgroup_bytes;
  uint64_t max_buffer_bytes;
  uint64_t working_set_bytes;
  uint32_t core_count; /* OS threads, SMs or GPU cores used; 0 unknown */
  uint32_t reserved;
  char id[32];       /* "cpu", "null", "cuda", "metal": what --device takes */
  char name[128];    /* "AMD EPYC", "NVIDIA H200", "Apple M3 Pro" */
  char arch[64];     /* "x86_64", "sm_90", "apple9" */
  char driver[128];  /* compiler or driver and its version, "" when none */
  char baseline[128]; /* "OpenBLAS 0.3.21", "" when missing */
  char baseline_missing[512]; /* why there is no baseline and what to do; "" when there is one */
} klab_device_info;

KLAB_API klab_status klab_device_count(uint32_t* count);
/* The id of device index (0-based, cpu first), without opening it. */
KLAB_API klab_status klab_device_id(uint32_t index, char* id, uint32_t id_bytes);
/* Opens a device by its id (NUL-terminated). NOT_FOUND when the library has no such device, TOOL_MISSING when it
 * exists but something it needs is not installed (error says what). One device may be opened several times. cpu opens
 * without a compiler, whose place is an option: klab_module_create then answers TOOL_MISSING. */
KLAB_API klab_status klab_device_open(const char* id, klab_device** device, klab_error* error);
KLAB_API void klab_device_close(klab_device* device);
KLAB_API klab_status klab_device_get_info(klab_device* device, klab_device_info* info);

/* One of the ways in which the device may run a kernel. */
typedef struct klab_tier_info {
  uint32_t struct_size;
  uint32_t reserved;
  char name[32];      /* as in klab_op_info.tier */
  char flags[1024];   /* what klab_op_info.flags_used says of ops in it, in the default math mode; "" when missing */
  char missing[512];  /* why this machine has none of it and what to do; "" when it is there */
} klab_tier_info;

/* The tiers that ops made from now on may run in, by index, slowest first; with the option "tier" set to one of them that
 * one alone. NOT_FOUND beyond the last one, and at 0 for a device that runs everything in one way. */
KLAB_API klab_status klab_device_get_tier(klab_device* device, uint32_t index, klab_tier_info* tier);

/* Options, all NUL-terminated strings. INVALID_ARGUMENT names the valid ones.
 *   cpu:  "threads"   OS threads of the pool ("2"; default: online processors)
 *         "tier"      "auto" (default) | "loop" | "fiber" | "leader" | "vector"
 *         "cache"     folder of the compile cache; "" turns it off
 *         "shim"      folder that holds the MSL headers (default: beside the library)
 *         "clang"     compiler to use (default: the newest clang >= 16 found)
 *         "compiler"  "auto" (default: kept in memory where that works) | "spawned" (a process for every compile)
 *   null: "compile"   "ok" (default) | "fail" | "hang" | "crash"
 *         "run"       "ok" | "fail" | "hang" | "crash" | "lost"
 *         "clock"     "ok" | "zero" | "negative" (timestamps it answers with)
 *         "latencyNs" plausible time of one dispatch, default 1000; "baselineLatencyNs" of a baseline's, default the same
 *         "encodeNs" the host's time for a dispatch, default 100 (a graph's were encoded before); "commitNs" for a submission, default 50
 *         "jitter" | "drift" | "spikes" | "bimodal" | "wander" | "bursts" shares from 0 to below 1 of what makes its simulated clock
 *                  unsteady, default 0.01 for jitter, else 0, "swingNs" of the drift, "stateNs" of bimodal: native/null/clock.h; "seed" (default 1), or setting any of them, starts the clock afresh */
KLAB_API klab_status klab_device_set_option(klab_device* device, const char* key, const char* value, klab_error* error);

/* Makes the [blocking] call in flight on this device return CANCELLED soon: between threadgroups for a run, by
 * ending the compiler for a compile. No effect when nothing is in flight. */
KLAB_API klab_status klab_device_cancel(klab_device* device);

/* ---- modules: source to diagnostics and reflection -------------------------------------------------------- */

typedef enum klab_language { KLAB_LANGUAGE_MSL = 0 } klab_language;
typedef enum klab_math_mode { KLAB_MATH_DEFAULT = 0 /* fast */, KLAB_MATH_SAFE = 1, KLAB_MATH_RELAXED = 2, KLAB_MATH_FAST = 3 } klab_math_mode;

enum {
  KLAB_MODULE_NO_CHECK = 1u << 0, /* skip the semantic check: reflection only; errors then appear at klab_op_create */
  KLAB_MODULE_NO_CACHE = 1u << 1,
  KLAB_MODULE_DEBUG = 1u << 2,
};

typedef struct klab_module_desc {
  uint32_t struct_size;
  uint32_t language;      /* klab_language */
  uint32_t version;       /* 0 = newest, else 310 for MSL 3.1 */
  uint32_t math_mode;     /* klab_math_mode */
  uint32_t flags;         /* KLAB_MODULE_* */
  uint32_t macro_count;
  const char* source;     /* text of the file, also when it is not saved */
  uint64_t source_bytes;
  const char* path;       /* NUL-terminated; names the file in diagnostics, and its folder is searched for includes */
  const char* const* macros; /* NUL-terminated "NAME" or "NAME=VALUE" */
  const char* const* include_roots; /* NUL-terminated folders */
  uint32_t include_root_count;
  uint32_t reserved;
} klab_module_desc;

typedef enum klab_severity { KLAB_SEVERITY_NOTE = 0, KLAB_SEVERITY_WARNING = 1, KLAB_SEVERITY_ERROR = 2 } klab_severity;

/* line and column are 1-based, columns in bytes of UTF-8; end_* is one past, 0 when unknown. */
typedef struct klab_diagnostic {
  uint32_t struct_size;
  uint32_t severity;
  uint32_t line, column, end_line, end_column;
  char file[1024];
  char message[2048];
} klab_diagnostic;

typedef struct klab_module_info {
  uint32_t struct_size;
  uint32_t diagnostic_count;
  uint32_t entry_count;
  uint32_t constant_count;
  uint32_t has_errors; /* 0 or 1 */
  uint32_t is_cached;  /* 0 or 1 */
  uint64_t front_end_ns;
  char source_hash[72]; /* hex SHA-256 of the preprocessed tokens: the file with everything it includes, without comments */
  char compiler[128];   /* id, version */
} klab_module_info;

typedef enum klab_binding_kind { KLAB_BINDING_BUFFER = 0, KLAB_BINDING_CONSTANT = 1, KLAB_BINDING_THREADGROUP = 2, KLAB_BINDING_TEXTURE = 3, KLAB_BINDING_SAMPLER = 4 } klab_binding_kind;
typedef enum klab_access { KLAB_ACCESS_READ = 0, KLAB_ACCESS_WRITE = 1, KLAB_ACCESS_READ_WRITE = 2 } klab_access;

typedef struct klab_entry_info {
  uint32_t struct_size;
  uint32_t binding_count;
  uint32_t line;       /* of the definition, 1-based, in file */
  uint32_t max_total_threads; /* [[max_total_threads_per_threadgroup]], 0 when absent */
  char name[512];      /* host name: what [[host_name]] says, else the function's name */
  char function[512];  /* the function or template-id behind it */
  char file[1024];
} klab_entry_info;

typedef struct klab_binding_info {
  uint32_t struct_size;
  uint32_t index;
  uint32_t kind;   /* klab_binding_kind: BUFFER is device memory, CONSTANT is constant memory */
  uint32_t access; /* klab_access */
  uint32_t element_bytes; /* of the pointee, 0 when unknown before the entry is compiled */
  uint32_t is_pointer;    /* 1: an array of elements; 0: one value by reference */
  uint32_t is_optional;   /* 1: behind a function constant */
  char type[256];  /* the pointee as written: "half", "constant Params" → "Params" */
  char name[128];
} klab_binding_info;

typedef struct klab_constant_info {
  uint32_t struct_size;
  uint32_t index;
  uint32_t is_required;
  char type[64];
  char name[128];
} klab_constant_info;

/* [blocking] Reads the source. Succeeds with COMPILE as status and *module set when the source has errors, so that
 * its diagnostics can be read. Other failures leave *module NULL. */
KLAB_API klab_status klab_module_create(klab_device* device, const klab_module_desc* desc, klab_module** module, klab_error* error);
KLAB_API void klab_module_destroy(klab_module* module);
KLAB_API klab_status klab_module_get_info(klab_module* module, klab_module_info* info);
KLAB_API klab_status klab_module_get_diagnostic(klab_module* module, uint32_t index, klab_diagnostic* diagnostic);
KLAB_API klab_status klab_module_get_entry(klab_module* module, uint32_t index, klab_entry_info* entry);
KLAB_API klab_status klab_module_get_binding(klab_module* module, uint32_t entry_index, uint32_t index, klab_binding_info* binding);
KLAB_API klab_status klab_module_get_constant(klab_module* module, uint32_t index, klab_constant_info* constant);

/* ---- ops: an entry point, or a baseline, made runnable ----------------------------------------------------- */

typedef enum klab_scalar { KLAB_BOOL = 0, KLAB_I8, KLAB_U8, KLAB_I16, KLAB_U16, KLAB_I32, KLAB_U32, KLAB_I64, KLAB_U64, KLAB_F16, KLAB_BF16, KLAB_F32, KLAB_F64 } klab_scalar;

/* A function constant. Found by name when name is not empty, else by index. */
typedef struct klab_constant {
  uint32_t struct_size;
  uint32_t index;
  uint32_t type; /* klab_scalar of `bits`; converted to the declared type */
  uint32_t reserved;
  uint64_t bits; /* the value's little-endian bytes, zero-extended */
  char name[128];
} klab_constant;

enum {
  KLAB_OP_ANALYSE = 1u << 3, /* compiled so that klab_analysis_create can watch every access; klab_run refuses it */
};

typedef struct klab_op_desc {
  uint32_t struct_size;
  uint32_t constant_count;
  const char* entry; /* NUL-terminated host name */
  const klab_constant* constants;
  uint32_t flags; /* KLAB_MODULE_NO_CACHE, KLAB_MODULE_DEBUG, KLAB_OP_ANALYSE */
  uint32_t reserved;
} klab_op_desc;

typedef struct klab_op_info {
  uint32_t struct_size;
  uint32_t max_threads;  /* per threadgroup */
  uint32_t simd_width;
  uint32_t static_threadgroup_bytes; /* 0 when unknown before the first run */
  int32_t registers;     /* -1 unknown */
  int32_t spill_bytes;   /* -1 unknown */
  uint32_t is_cached;
  uint32_t is_baseline;
  uint64_t optimise_ns;
  uint64_t link_ns;
  char name[512];
  char tier[32];         /* cpu: "loop" | "fiber" | "leader" | "vector" | "analyse"; "" elsewhere. Of the last run; see klab_op_settle */
  char flags_used[1024]; /* compiler flags: part of a row's identity */
  char tier_reason[512]; /* why this tier and not a faster one, with what was measured; "" when there is nothing to say */
  uint32_t is_settled;   /* 0 while a faster build is being made that may be taken over between runs; see klab_op_settle */
  uint32_t reserved;
} klab_op_info;

/* [blocking] NOT_FOUND lists the entries in error. COMPILE: read the module's diagnostics again, they were extended. */
KLAB_API klab_status klab_op_create(klab_module* module, const klab_op_desc* desc, klab_op** op, klab_error* error);
KLAB_API void klab_op_destroy(klab_op* op);
KLAB_API klab_status klab_op_get_info(klab_op* op, klab_op_info* info);
/* [blocking] Waits until every faster build that most launches could use is ready or refused. From then on a run waits,
 * for its own timeout_ns, for a build that only its launch needs, and then goes without it until the next settle: equal
 * launches keep their tier. TIMEOUT when timeout_ns (0: no limit) passes first: the op stays usable, the builds go on. */
KLAB_API klab_status klab_op_settle(klab_op* op, uint64_t timeout_ns, klab_error* error);

/* RELU: x < 0 ? 0 : x. GELU: x/2 · (1 + tanh(sqrt(2/pi) · (x + 0.044715 x^3))). SILU: x / (1 + e^-x). */
typedef enum klab_activation { KLAB_ACT_NONE = 0, KLAB_ACT_RELU = 1, KLAB_ACT_GELU = 2, KLAB_ACT_SILU = 3 } klab_activation;

/* C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b]); A is m×k (k×m when transpose_a), B is k×n (n×k when
 * transpose_b), row-major, dense, batches contiguous; bias has n elements and is added to every row. */
typedef struct klab_gemm_desc {
  uint32_t struct_size;
  uint32_t dtype; /* klab_scalar of A, B, C, bias: KLAB_F16, KLAB_F32 (more per device) */
  uint32_t m, n, k, batch;
  uint32_t transpose_a, transpose_b, has_bias;
  uint32_t activation; /* klab_activation */
  double alpha, beta;
} klab_gemm_desc;

/* The device's own library as an op, timed by the same path as a kernel. Bindings: 0 A, 1 B, 2 C (read when
 * beta != 0), 3 bias. Grid and threadgroup sizes of its dispatch are ignored.
 * TOOL_MISSING when the library is not installed, UNSUPPORTED for a shape or type it has no routine for. */
KLAB_API klab_status klab_baseline_create(klab_device* device, const klab_gemm_desc* desc, klab_op** op, klab_error* error);

/* ---- buffers ----------------------------------------------------------------------------------------------- */

enum {
  KLAB_BUFFER_GUARDED = 1u << 0, /* bands before and after, filled with a pattern, checked by klab_buffer_check */
  KLAB_BUFFER_UNDEFINED = 1u << 1, /* for analysing: what the host has not written counts as uninitialised */
};

typedef struct klab_buffer_desc {
  uint32_t struct_size;
  uint32_t flags;
  uint64_t bytes; /* > 0 */
} klab_buffer_desc;

typedef struct klab_buffer_check_result {
  uint32_t struct_size;
  uint32_t has_guards;
  uint64_t bytes_damaged;
  int64_t first_offset; /* of the first damaged byte, relative to the buffer's first byte (negative: before it) */
} klab_buffer_check_result;

/* Contents are zero. OUT_OF_MEMORY says how much was asked for and how much there is. */
KLAB_API klab_status klab_buffer_create(klab_device* device, const klab_buffer_desc* desc, klab_buffer** buffer, klab_error* error);
KLAB_API void klab_buffer_destroy(klab_buffer* buffer);
KLAB_API klab_status klab_buffer_write(klab_buffer* buffer, uint64_t offset, const void* data, uint64_t bytes, klab_error* error);
KLAB_API klab_status klab_buffer_read(klab_buffer* buffer, uint64_t offset, void* data, uint64_t bytes, klab_error* error);
/* Repeats a pattern of pattern_bytes (1, 2, 4 or 8) over the range; bytes = 0 means to the end. */
KLAB_API klab_status klab_buffer_fill(klab_buffer* buffer, uint64_t offset, uint64_t bytes, uint64_t pattern, uint32_t pattern_bytes, klab_error* error);
KLAB_API klab_status klab_buffer_check(klab_buffer* buffer, klab_buffer_check_result* result);

/* ---- running ------------------------------------------------------------------------------------------------ */

typedef enum klab_arg_kind { KLAB_ARG_BUFFER = 0, KLAB_ARG_BYTES = 1, KLAB_ARG_THREADGROUP = 2 } klab_arg_kind;

typedef struct klab_arg {
  uint32_t struct_size;
  uint32_t kind;  /* klab_arg_kind */
  uint32_t index; /* binding index */
  uint32_t reserved;
  klab_buffer* buffer; /* BUFFER */
  uint64_t offset;     /* BUFFER: bytes */
  const void* data;    /* BYTES */
  uint64_t bytes;      /* BYTES: size of data; THREADGROUP: length of the memory */
} klab_arg;

typedef struct klab_dispatch {
  uint32_t struct_size;
  uint32_t arg_count;
  klab_op* op;
  const klab_arg* args;
  uint32_t grid[3];    /* threadgroups, or threads when grid_is_threads */
  uint32_t threads[3]; /* of a threadgroup; 0 means 1 */
  uint32_t grid_is_threads; /* non-uniform threadgroups at the edge */
  uint32_t has_barrier_after; /* later dispatches of the list see its writes */
} klab_dispatch;

typedef enum klab_mode { KLAB_MODE_SINGLE = 0, KLAB_MODE_BATCHED = 1, KLAB_MODE_GRAPH = 2 } klab_mode;

/* One side of a comparison. Iteration i, counted through all samples of the call, runs the dispatch_count dispatches of
 * set (i % set_count); `dispatches` holds set_count · dispatch_count of them. Several sets over different buffers make a
 * cold-cache rotation. */
typedef struct klab_arm {
  uint32_t struct_size;
  uint32_t dispatch_count;
  uint32_t set_count; /* 0 means 1 */
  uint32_t iterations; /* per sample; 0 means 1. SINGLE: submissions; BATCHED and GRAPH: repeats in one submission */
  const klab_dispatch* dispatches;
} klab_arm;

enum {
  KLAB_SAMPLE_INVALID = 1u << 0,   /* timestamps zero, reversed or not a number: an error, never a time */
  KLAB_SAMPLE_THROTTLED = 1u << 1,
  KLAB_SAMPLE_FIRST = 1u << 2,     /* first of its arm in this call */
};

/* Totals over the arm's iterations; divide by `iterations` for one. Where a sample is several submissions, device_end -
 * device_start is the sum of their times on the device without the gaps between them. */
typedef struct klab_sample {
  uint32_t struct_size;
  uint32_t arm;
  uint32_t iterations;
  uint32_t flags;
  uint64_t device_start_ns; /* in the device's time domain, any origin */
  uint64_t device_end_ns;
  uint64_t encode_ns;  /* host: building the submission */
  uint64_t commit_ns;  /* host: handing it over */
  uint64_t wait_ns;    /* host: until it was done */
  uint64_t schedule_ns; /* handed over → started, 0 unknown */
} klab_sample;

enum {
  /* Fill encode_ns and commit_ns even where reading the clock for them takes from the time of the dispatches: cpu leaves
   * them 0 otherwise. For measuring what submitting costs, not the kernel. */
  KLAB_RUN_HOST_TIMES = 1u << 0,
  /* Count iterations through the samples of all arms, so that whichever arm runs next takes the set used longest ago. */
  KLAB_RUN_ONE_ROTATION = 1u << 1,
};

typedef struct klab_run_desc {
  uint32_t struct_size;
  uint32_t arm_count;
  const klab_arm* arms;
  uint32_t mode;        /* klab_mode */
  uint32_t rounds;      /* samples of each arm, taken strictly A B A B …; 0 means 1 */
  uint64_t timeout_ns;  /* for one submission; 0 means 10 s */
  uint64_t max_time_ns; /* stop after the round during which this has passed; 0 means no cap */
  uint32_t flags;       /* KLAB_RUN_* */
  uint32_t reserved;
} klab_run_desc;

/* [blocking] Checks every argument against reflection before anything runs (MISMATCH names the argument), then takes
 * the samples. `samples` has room for `capacity` >= rounds · arm_count, and samples[0].struct_size is set; *count is how
 * many were written, arms in order within a round, also when a later one failed.
 * TIMEOUT and DEVICE_LOST: the device is lost, every later call on it answers DEVICE_LOST, and only a new process
 * gets it back. *failed_arm (may be NULL) is the arm that failed. */
KLAB_API klab_status klab_run(klab_device* device, const klab_run_desc* desc, klab_sample* samples, uint32_t capacity, uint32_t* count, uint32_t* failed_arm, klab_error* error);

/* ---- analysing ------------------------------------------------------------------------------------------------ */

enum {
  KLAB_CHECK_BOUNDS = 1u << 0,
  KLAB_CHECK_RACES = 1u << 1,
  KLAB_CHECK_UNINITIALISED = 1u << 2,
  KLAB_CHECK_BARRIERS = 1u << 3,
  KLAB_CHECK_COUNTERS = 1u << 4,
};

typedef struct klab_analysis_desc {
  uint32_t struct_size;
  uint32_t checks; /* KLAB_CHECK_*; 0 means all */
  const klab_dispatch* dispatches; /* of ops created with KLAB_OP_ANALYSE; run in order */
  uint32_t dispatch_count;
  uint32_t max_findings; /* distinct ones; 0 means 1000 */
  uint64_t seed;       /* 0: simdgroups and lanes in order; else that order, between barriers, is drawn from it */
  uint64_t timeout_ns; /* of the whole analysis; 0 means 10 min */
} klab_analysis_desc;

typedef struct klab_analysis klab_analysis;

/* [blocking] Runs the dispatches once, watching every access to memory. The buffers hold what the kernel wrote
 * afterwards; accesses outside of them are reported and touch nothing. Needs KLAB_CAP_ANALYSE. Same errors as klab_run;
 * what the kernel does wrong is a finding, not an error. */
KLAB_API klab_status klab_analysis_create(klab_device* device, const klab_analysis_desc* desc, klab_analysis** analysis, klab_error* error);
/* One JSON document (NUL-terminated), the same bytes for any number of OS threads:
 * {"findings":[{"kind":"out-of-bounds"|"race"|"cross-threadgroup-race"|"uninitialised"|"divergent-barrier","file","line",
 *   "otherLine"?,"otherFile"?,"access":"read"|"write","buffer"?,"bufferName"?,"space":"device"|"constant"|"threadgroup",
 *   "offset"?,"bytes","thread":[x,y,z],"otherThread"?,"threadgroup":[x,y,z],"otherThreadgroup"?,"count","message"}],
 *  "omitted":n,"code":"hash of what was compiled","counters":{"lines":[{"file","line",…}],"total":{…}}}
 * A race names two lines of which `line` is the one further down. Counters, all whole numbers: executions (of the line by
 * a simdgroup), activeLanes of laneSlots; deviceReadBytes, deviceWriteBytes (that lanes asked for), deviceReadLines,
 * deviceWriteLines (128-byte lines touched, access of a simdgroup by access), deviceIdealLines (as few as the bytes fit
 * in), deviceAccesses; the same for constant… and threadgroup…; bankConflictCycles (32 banks of 4 bytes); flopsF16,
 * flopsBf16, flopsF32, flopsF64 (an fma is two, an 8x8 matrix product 1024), specialOps (exp, sin …), intOps;
 * simdgroupOps and simdgroupOpKinds; atomics, barriers, branches, divergentBranches (lanes went more than one way).
 * *bytes is the length needed; INVALID_ARGUMENT when capacity is too small. */
KLAB_API klab_status klab_analysis_get_json(klab_analysis* analysis, char* json, uint64_t capacity, uint64_t* bytes);
KLAB_API void klab_analysis_destroy(klab_analysis* analysis);

/* ---- the lab's own arithmetic -------------------------------------------------------------------------------- */

/* [blocking] Float64 truth of a klab_gemm_desc, computed on the host from operand bytes in desc->dtype: `c` receives
 * batch·m·n values act(alpha·(A·B + bias) + beta·C0), `magnitude` (may be NULL) |alpha|·(|A|·|B| + |bias|) + |beta·C0|
 * of what the activation is given, the scale of the derived error bound. c0 and bias may be NULL when unused. */
KLAB_API klab_status klab_reference_gemm(const klab_gemm_desc* desc, const void* a, const void* b, const void* bias, const void* c0, double* c, double* magnitude, klab_error* error);

/* [blocking] Runs the device's own checks and writes one JSON document (NUL-terminated):
 * {"device":…,"passed":bool,"checks":[{"name":…,"passed":bool,"detail":…,"ns":n}]}. *bytes is the length needed;
 * INVALID_ARGUMENT when capacity is too small. */
KLAB_API klab_status klab_selftest(klab_device* device, char* json, uint64_t capacity, uint64_t* bytes, klab_error* error);

/* ---- crash reports --------------------------------------------------------------------------------------------- */

/* From here on a fatal signal in a kernel writes one JSON line to the file at path (NUL-terminated; created, replaced)
 * and ends the process with exit code 134:
 * {"signal":11,"address":"0x…","pc":"0x…","module":"/…/kernel.so","offset":"0x…","kernel":"…",
 *  "thread":[x,y,z],"threadgroup":[x,y,z],"buffer":index|-1,"bufferOffset":n,"bufferBytes":n,
 *  "reason":"out of bounds"|"null pointer"|"bad address"|"stack overflow"|"arithmetic"|"trap",
 *  "hasThread":bool,"isSimdgroup":bool,"access":"read"|"write"|"unknown"}
 * Where the processor does not know the address of a fault, "address" is "unknown".
 * Without hasThread only the threadgroup is known (a tier that runs threads as a loop); `thread` is then [0,0,0]. With
 * isSimdgroup it was one of the simdgroup whose first thread `thread` is.
 * A fault outside kernels goes to the handler that was there before. module + offset resolve to a line of the user's file with addr2line. NULL turns it off. */
KLAB_API klab_status klab_set_crash_report(const char* path, klab_error* error);

#ifdef __cplusplus
}
#endif
#endif
