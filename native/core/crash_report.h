// What a fatal signal in a kernel leaves behind. Everything the handler reads is kept in lock-free tables, because in a
// handler nothing may allocate or lock.
#pragma once
#include <cstddef>
#include <cstdint>

struct klab_launch;

namespace klab::crash {

// Gives this thread an alternate stack (a fiber that overflowed its own has none left for a handler). Every thread that
// runs kernels calls it once; the stack goes with the thread.
void prepare_thread();

// From here on integer divisions of kernels that fault get a result: see division_fault.h.
void finish_divisions();

// Where the calling thread is inside a kernel.
struct Position {
  const char* kernel = "";
  uint32_t thread[3] = {0, 0, 0}, threadgroup[3] = {0, 0, 0};
  bool has_thread = false;  // false: `thread` is not known, only its threadgroup
  bool is_simdgroup = false;  // `thread` is the first of the simdgroup that ran
  const klab_launch* launch = nullptr;
};

// Answers false when the calling thread runs no kernel. Called in a signal handler.
using PositionQuery = bool (*)(Position& position);
void set_position_query(PositionQuery query);

// Answers whether an address lies in a guard page of the calling thread's kernel stacks. Called in a signal handler.
using OverflowQuery = bool (*)(const void* address);
void set_overflow_query(OverflowQuery query);

// Marks foreign code that is not a kernel of the executor (a baseline, the null device's crash). `name` outlives it.
class Scope {
 public:
  explicit Scope(const char* name);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  const char* outer_;
};

// Loaded kernel libraries: [begin, end) holds code, offsets count from `base`, the library's load address.
struct ModuleRange {
  const void* base;
  const void* begin;
  const void* end;
};
void add_module(const char* path, const ModuleRange& range);
void remove_module(const ModuleRange& range);

// Buffers: an address anywhere in [begin, end), guards included, belongs to the `bytes` at `data`.
struct BufferRange {
  const void* begin;
  const void* end;
  const void* data;
  uint64_t bytes;
};
void add_buffer(const BufferRange& range);
void remove_buffer(const BufferRange& range);

// The tables as the handler reads them.
struct FoundModule {
  const char* path = "";
  uint64_t offset = 0;
};
bool find_module(uintptr_t address, FoundModule& found);
bool find_buffer(uintptr_t address, BufferRange& found);

}  // namespace klab::crash
