// What lanes that are not there do to memory: nothing. Buffers end where the next page may not be touched, and beside
// every byte that a simdgroup writes another thread of the processor writes its own.
#include <sys/mman.h>
#include <unistd.h>

#include "vector_fixture.h"

using namespace vector_test;

namespace {

// Memory between two pages that may not be touched.
class Guarded {
 public:
  explicit Guarded(size_t pages) : page_(static_cast<size_t>(sysconf(_SC_PAGESIZE))), bytes_(pages * page_) {
    memory_ = static_cast<unsigned char*>(mmap(nullptr, bytes_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (memory_ == MAP_FAILED || mprotect(memory_ + page_, bytes_, PROT_READ | PROT_WRITE) != 0) std::abort();
  }
  ~Guarded() { munmap(memory_, bytes_ + 2 * page_); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;
  unsigned char* begin() const { return memory_ + page_; }
  unsigned char* end() const { return memory_ + page_ + bytes_; }

 private:
  size_t page_, bytes_;
  unsigned char* memory_;
};

struct Build {
  const klab_kernel_desc* kernel = nullptr;
  const char* name = "";
};

// The kernel `k` as the vector tier runs it: threadgroups of whole simdgroups along x, and others.
std::vector<Build> vector_builds(const std::string& source) {
  const auto state = read(prologue + source, exact());
  CHECK_EQ(describe(info(*state).diagnostics), "");
  std::vector<Build> out;
  for (const bool is_wide : {true, false}) {
    CompiledEntry compiled;
    CHECK_EQ(compile_vector_entry(*state, {"k", {}, 0}, {is_wide}, context(), compiled).message, "");
    out.push_back({open(compiled), is_wide ? "wide" : "any width"});
    CHECK(out.back().kernel != nullptr);
  }
  return out;
}

struct Buffers {
  void *in = nullptr, *out = nullptr;
  uint32_t count = 0;
};

Error run(const klab_kernel_desc& kernel, Buffers buffers, uint32_t threads, uint32_t groups, klab::Executor& executor) {
  klab::Launch launch;
  launch.kernel = &kernel;
  launch.args.buffer[0] = buffers.in;
  launch.args.buffer[1] = buffers.out;
  launch.args.buffer[2] = &buffers.count;
  launch.threads[0] = threads;
  launch.grid[0] = groups;
  static const std::atomic<bool> never{false};
  return executor.run(launch, never);
}

std::string arguments(const std::string& type) {
  return "kernel void k(device const " + type + "* in [[buffer(0)]], device " + type + "* out [[buffer(1)]], constant uint& count [[buffer(2)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]], uint group [[threadgroup_position_in_grid]]) ";
}

void fill(unsigned char* from, const unsigned char* end, unsigned salt) {
  for (unsigned i = 0; from < end; ++from, ++i) *from = static_cast<unsigned char>(i * 7 + salt);
}

// `body` copies elements 0 … count - 1 and touches nothing else: at the end of the memory for every count up to 70, which
// is every remainder of 32, and at its beginning.
void copies_only_what_is_there(const std::string& type, size_t size, const std::string& body) {
  const Guarded in(1), out(1);
  klab::Executor executor(1);
  for (const Build& build : vector_builds(arguments(type) + body)) {
    if (!build.kernel) continue;
    for (const bool is_at_end : {true, false}) {
      size_t wrong = 0;
      for (uint32_t count = 0; count <= 70; ++count) {
        fill(in.begin(), in.end(), count);
        std::memset(out.begin(), 0xee, static_cast<size_t>(out.end() - out.begin()));
        unsigned char* from = is_at_end ? in.end() - count * size : in.begin();
        unsigned char* to = is_at_end ? out.end() - count * size : out.begin();
        CHECK_EQ(run(*build.kernel, {from, to, count}, 32, 3, executor).message, "");
        wrong += std::memcmp(from, to, count * size) != 0;
        for (const unsigned char* at = out.begin(); at < out.end(); ++at) wrong += (at < to || at >= to + count * size) && *at != 0xee;
      }
      if (wrong) std::printf("%s, %s, at the %s\n", type.c_str(), build.name, is_at_end ? "end" : "beginning");
      CHECK_EQ(wrong, size_t(0));
    }
  }
}

}  // namespace

TEST(tails_of_bytes) { copies_only_what_is_there("uchar", 1, "{ if (i < count) out[i] = in[i]; }"); }
TEST(tails_of_halves) { copies_only_what_is_there("half", 2, "{ if (i < count) out[i] = in[i]; }"); }
TEST(tails_of_floats) { copies_only_what_is_there("float", 4, "{ if (i >= count) return; out[i] = in[i]; }"); }
TEST(tails_of_float4) { copies_only_what_is_there("float4", 16, "{ if (i < count) out[i] = in[i]; }"); }
TEST(tails_of_packed_vectors) {
  copies_only_what_is_there("packed_float4", 16, "{ if (i < count) out[i] = in[i]; }");
  copies_only_what_is_there("packed_float3", 12, "{ if (i < count) out[i] = float3(in[i]).zxy.yzx; }");
  copies_only_what_is_there("packed_half3", 6, "{ if (i < count) out[i] = in[i]; }");
}

TEST(lanes_that_point_elsewhere) {
  // Backwards, from before the beginning, through an index of their own, and by a stride.
  copies_only_what_is_there("ushort", 2, "{ if (i < count) out[count - 1 - i] = in[count - 1 - i]; }");
  copies_only_what_is_there("float", 4, "{ const uint j = i - 13; if (j < count) out[j] = in[j]; }");
  copies_only_what_is_there("uint", 4, "{ const uint j = (i * 37 + 11) % 96; if (j < count) out[j] = in[j]; }");
  copies_only_what_is_there("uchar", 1, "{ const uint j = i < count ? i : 0xfffffff0u; if (j < 4096) out[j] = in[j]; }");
  copies_only_what_is_there("uint", 4, "{ for (uint j = i * 3; j < i * 3 + 3; j++) { if (j >= count) break; out[j] = in[j]; } }");
  copies_only_what_is_there("half", 2, "{ if (i < count) { half value = in[i]; if (lane % 3 == 1) out[i] = value; else if (lane % 3 == 0) out[i] = value; else out[i] = in[i]; } }");
}

namespace {

// Threadgroups of two threads of the processor add one to elements of their own, `rounds` times over; each is owned by one
// lane, so that none may be lost. `body` adds to elements of out[first … first + 31].
template <class T>
void loses_nothing(const std::string& type, const std::string& body) {
  // Long enough for both threads to be at it together, on few windows, so that they meet.
  constexpr uint32_t windows = 2, rounds = 100000, launches = 3;
  const std::string source = arguments(type) + "{ const uint odd = lane & 1; for (uint round = 0; round < " + std::to_string(rounds) + "; round++) for (uint first = 0; first < count; first += 32) { " + body + " } }";
  for (const Build& build : vector_builds(source)) {
    if (!build.kernel) continue;
    std::vector<T> out(windows * 32), in(1);
    size_t lost = 0;
    klab::Executor executor(2);
    for (uint32_t launch = 0; launch < launches; ++launch) {
      std::fill(out.begin(), out.end(), T(0));
      CHECK_EQ(run(*build.kernel, {in.data(), out.data(), windows * 32}, 32, 2, executor).message, "");
      for (const T value : out) lost += value != T(rounds);
    }
    if (lost) std::printf("%s, %s: %s\n", type.c_str(), build.name, body.c_str());
    CHECK_EQ(lost, size_t(0));
  }
}

}  // namespace

TEST(neighbours_of_another_thread) {
  const std::string masked = "if (odd == group) out[first + lane] += 1;";
  loses_nothing<uint8_t>("uchar", masked);
  loses_nothing<uint16_t>("ushort", masked);
  loses_nothing<uint32_t>("uint", masked);
  loses_nothing<uint8_t>("uchar", "if (lane < 16) out[first + lane * 2 + group] += 1;");
  loses_nothing<uint16_t>("ushort", "if (group ? lane >= 11 : lane < 11) out[first + lane] += 1;");
  loses_nothing<uint8_t>("uchar", "if (lane < 16) out[first + group * 16 + (lane ^ 5)] += 1;");
}

// Tiles of two threadgroups lie side by side, the last one at the end of the memory.
TEST(tiles_beside_each_other) {
  const std::string source = arguments("float") + R"msl({
    for (uint round = 0; round < 200; round++) {
      for (uint row = 0; row < count; row += 8) {
        simdgroup_float8x8 tile, one = simdgroup_float8x8(1.0f), sum;
        simdgroup_load(tile, out + row * 16 + group * 8, 16);
        simdgroup_multiply_accumulate(sum, one, one, tile);
        simdgroup_store(sum, out + row * 16 + group * 8, 16);
      }
    }
  })msl";
  std::vector<Build> builds = vector_builds(source);
  CompiledEntry compiled;
  CHECK_EQ(compile_leader_entry(*read(prologue + source, exact()), {"k", {}, 0}, context(), compiled).message, "");
  builds.push_back({open(compiled), "leader"});
  const Guarded memory(1);
  const uint32_t rows = static_cast<uint32_t>((memory.end() - memory.begin()) / 64);
  for (const Build& build : builds) {
    if (!CHECK(build.kernel != nullptr)) continue;
    klab::Executor executor(2);
    auto* out = reinterpret_cast<float*>(memory.begin());
    std::fill(out, out + rows * 16, 0.0f);
    CHECK_EQ(run(*build.kernel, {out, out, rows}, 32, 2, executor).message, "");
    size_t lost = 0;
    // The identity's diagonal adds one to the diagonal of each tile, in each round.
    for (uint32_t i = 0; i < rows * 16; ++i) lost += out[i] != ((i / 16) % 8 == i % 8 ? 200.0f : 0.0f);
    if (lost) std::printf("%s\n", build.name);
    CHECK_EQ(lost, size_t(0));
  }
}

int main() { return run_all_or_skip(); }
