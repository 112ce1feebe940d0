// From source to a loaded kernel library with a real compiler: diagnostics, constants, cache, cancel.
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "check.h"
#include "cpu/compile/compile.h"
#include "cpu/compile/diagnostics.h"
#include "cpu/compile/process.h"
#include "cpu/compile/sha256.h"
#include "cpu/compile/storage.h"
#include "cpu/module.h"
#include "msl/kernel_abi.h"

using namespace klab;
using namespace klab::cpu;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    path_ = (fs::temp_directory_path() / "klab-test-XXXXXX").string();
    if (!mkdtemp(path_.data())) std::abort();
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// One cache for the whole program: the library is precompiled once.
const Folder& cache() {
  static const Folder folder;
  return folder;
}

CompileContext context() {
  CompileContext context;
  context.cache = cache().path();
  return context;
}

std::shared_ptr<ModuleState> read(const std::string& source, ModuleRequest request = {}) {
  request.source = source;
  if (request.path.empty()) request.path = "k.metal";
  std::shared_ptr<ModuleState> state;
  const Error error = read_module(request, context(), state);
  CHECK_EQ(error.message, "");
  return state;
}

std::string describe(const std::vector<Diagnostic>& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics) out += d.file + ":" + std::to_string(d.line) + ":" + std::to_string(d.column) + ": " + d.message + "\n";
  return out;
}

// Whether some diagnostic starts so: "k.metal:3:7: use of".
bool says(const std::vector<Diagnostic>& diagnostics, const std::string& start) {
  const std::string all = "\n" + describe(diagnostics);
  const bool holds = all.find("\n" + start) != std::string::npos;
  if (!holds) std::printf("no '%s' in:%s", start.c_str(), all.c_str());
  return holds;
}

Error compile(const ModuleState& state, const std::string& entry, CompiledEntry& out, std::vector<ConstantValue> constants = {}) {
  OpRequest request;
  request.entry = entry;
  request.constants = std::move(constants);
  return compile_entry(state, request, context(), out);
}

ConstantValue integer(const std::string& name, int64_t value) { return {0, KLAB_I64, uint64_t(value), name}; }

const std::string scale = "#include <metal_stdlib>\nusing namespace metal;\n"
                          "kernel void scale(device const float* a [[buffer(0)]], device float* b [[buffer(1)]], constant float& by [[buffer(2)]], uint i [[thread_position_in_grid]]) { b[i] = a[i] * by; }\n";

}  // namespace

TEST(a_loop_kernel_runs) {
  const auto state = read(scale);
  CHECK_EQ(describe(info(*state).diagnostics), "");
  CompiledEntry compiled;
  REQUIRE(!compile(*state, "scale", compiled));
  void* library = dlopen(compiled.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  REQUIRE(library != nullptr);
  const auto* kernel = static_cast<const klab_kernel_desc*>(dlsym(library, "klab_kernel"));
  REQUIRE(kernel != nullptr);
  CHECK_EQ(kernel->abi, uint32_t(KLAB_KERNEL_ABI));
  CHECK_EQ(std::string(kernel->name), "scale");
  CHECK_EQ(kernel->uses_sync, 0u);
  float a[6] = {1, 2, 3, 4, 5, 6}, b[6] = {}, by = 3;
  klab_launch launch{};
  launch.buffer[0] = a, launch.buffer[1] = b, launch.buffer[2] = &by;
  launch.threads_per_threadgroup = {3, 1, 1};
  klab_threadgroup group{};
  group.launch = &launch;
  group.position = {1, 0, 0};
  group.size = {3, 1, 1};
  kernel->loop(&launch, &group);
  CHECK_EQ(b[0], 0.0f);
  CHECK_EQ(b[3], 12.0f);
  CHECK_EQ(b[5], 18.0f);
  kernel->thread(&launch, &group, {0, 0, 0}, 0);
  CHECK_EQ(b[3], 12.0f);
  std::vector<Binding> bindings = compiled.entry.bindings;
  for (Binding& binding : bindings) binding.element_bytes = 0;
  refine_bindings(library, bindings);
  CHECK_EQ(bindings.at(2).element_bytes, 4u);
  dlclose(library);
}

TEST(second_compile_is_cached) {
  const auto state = read(scale + "// another source\n");
  CompiledEntry first, second;
  REQUIRE(!compile(*state, "scale", first));
  REQUIRE(!compile(*read(scale + "// another source\n"), "scale", second));
  CHECK(second.is_cached);
  CHECK_EQ(second.library, first.library);
  CHECK_EQ(second.optimise_ns, 0u);
  CHECK(first.flags_used.find("clang ") == 0);
  CHECK(info(*read(scale)).is_cached);
}

TEST(errors_are_on_the_users_line_and_column) {
  const auto state = read("#include <metal_stdlib>\nusing namespace metal;\n#define TWICE(x) ((x) + (x))\n"
                          "kernel void k(device float*   out [[buffer(0)]],  uint i [[thread_position_in_grid]]) {\n"
                          "\tfloat   a = missing;\n"
                          "  float4 v = float4(1.0);  out[i] = v.xyz.w + other_missing;\n"
                          "  out[i] = clamp(1.0, 2.0)\n}\n"
                          "template <typename T> kernel void t(device T* x [[buffer(0)]]) { x[0] = x[0].nothing; }\n"
                          "template [[host_name(\"t_f\")]] kernel void t<float>(device float*);\n");
  const auto& diagnostics = info(*state).diagnostics;
  CHECK(has_errors(*state));
  CHECK(says(diagnostics, "k.metal:5:14: use of undeclared identifier 'missing'"));
  CHECK(says(diagnostics, "k.metal:6:43: no member named 'w'"));
  CHECK(says(diagnostics, "k.metal:6:47: use of undeclared identifier 'other_missing'"));
  CHECK(says(diagnostics, "k.metal:7:12: no matching function for call to 'clamp'"));
  CHECK(says(diagnostics, "k.metal:7:27: expected ';'"));
  CHECK(says(diagnostics, "k.metal:9:77: member reference base type 'float'"));
  for (const Diagnostic& d : diagnostics) {
    CHECK_EQ(d.file, "k.metal");
    CHECK(d.message.find("klab") == std::string::npos && d.message.find("_Float16") == std::string::npos);
  }
  CHECK_EQ(diagnostics.at(0).end_column, 21u);
}

TEST(preprocessor_errors) {
  CHECK(says(info(*read("int a;\n#include \"nowhere.h\"\n")).diagnostics, "k.metal:2:10: 'nowhere.h' file not found"));
  CHECK(says(info(*read("#if 1\nint a;\n")).diagnostics, "k.metal:1:2: unterminated conditional directive"));
}

TEST(bad_input) {
  CHECK(says(info(*read("kernel void k(device float* x [[buffer(0)]]) {\n  x[0] = 1;\n")).diagnostics, "k.metal:2:12: expected '}'"));
  CHECK(says(info(*read("kernel void k(device float* x [[buffer(0)]]) {\n  x[0] = (1;\n}\n")).diagnostics, "k.metal:2:12: expected ')'"));
  CHECK(says(info(*read("}\n")).diagnostics, "k.metal:1:1: extraneous closing brace"));
  for (const std::string& source : {std::string(), std::string("\n"), std::string(1 << 20, ' '), std::string("// ") + std::string(1 << 20, 'x')}) {
    CHECK_EQ(describe(info(*read(source)).diagnostics), "");
    CHECK(info(*read(source)).entries.empty());
  }
  read(std::string("int a\0;\n", 8));
  read("\xef\xbb\xbf\xff\xfe kernel");
  CHECK(has_errors(*read(std::string(100000, '('))));
}

TEST(includes_carry_their_own_path) {
  const Folder folder;
  fs::create_directories(folder / "root");
  std::ofstream(folder / "near.h") << "inline float near_one() { return 1; }\n\ninline float bad() { return nothing; }\n";
  std::ofstream(folder / "root/far.h") << "#define FAR 2\n";
  ModuleRequest request;
  request.path = folder / "k.metal";
  request.include_roots = {folder / "root"};
  request.macros = {"BY=3", "ON"};
  const auto state = read("#include <metal_stdlib>\n#include \"near.h\"\n#include \"far.h\"\nkernel void k(device float* x [[buffer(0)]]) {\n#ifdef ON\n x[0] = near_one() * FAR * BY;\n#endif\n}\n", request);
  CHECK(says(info(*state).diagnostics, (folder / "near.h") + ":3:29: use of undeclared identifier 'nothing'"));
  CHECK_EQ(info(*state).diagnostics.size(), 1u);
}

TEST(function_constants) {
  const auto state = read("#include <metal_stdlib>\nusing namespace metal;\nconstant int n [[function_constant(0)]];\nconstant bool on [[function_constant(1)]];\nconstant float half_n = n * 0.5;\n"
                          "constant int other [[function_constant(2)]];\nconstant bool has_other = is_function_constant_defined(other);\n"
                          "kernel void k(device float* x [[buffer(0)]]) { if (on) x[0] = half_n; else x[0] = -1; x[1] = has_other ? other : 7; }\n"
                          "kernel void free_of_them(device float* x [[buffer(0)]]) { x[0] = 1; }\n");
  CHECK_EQ(describe(info(*state).diagnostics), "");
  CompiledEntry compiled;
  Error error = compile(*state, "k", compiled, {integer("on", 1)});
  CHECK_EQ(error.status, KLAB_PIPELINE);
  CHECK(error.message.find("'n' (index 0, int)") != std::string::npos);
  CHECK_EQ(compile(*state, "k", compiled, {integer("nope", 1)}).status, KLAB_INVALID_ARGUMENT);
  CHECK_EQ(compile(*state, "free_of_them", compiled).status, KLAB_OK);
  const auto run = [&](std::vector<ConstantValue> values) {
    std::array<float, 2> x{};
    if (!CHECK(!compile(*state, "k", compiled, std::move(values)))) return x;
    void* library = dlopen(compiled.library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!CHECK(library != nullptr)) return x;
    klab_launch launch{};
    launch.buffer[0] = x.data();
    klab_threadgroup group{};
    static_cast<const klab_kernel_desc*>(dlsym(library, "klab_kernel"))->thread(&launch, &group, {}, 0);
    dlclose(library);
    return x;
  };
  CHECK_EQ(run({integer("on", 1), integer("n", 5)})[0], 2.5f);
  CHECK_EQ(run({integer("on", 0), integer("n", 5)})[0], -1.0f);
  CHECK_EQ(run({integer("on", 0), integer("n", 5)})[1], 7.0f);
  CHECK_EQ(run({integer("on", 0), integer("n", 5), integer("other", -2)})[1], -2.0f);
}

TEST(idioms_of_large_kernel_libraries) {
  const std::string source = R"msl(
#include <metal_stdlib>
#include <metal_simdgroup_matrix>
using namespace metal;
#define CONST static constant constexpr const
template <int M> struct Tables {};
template <> struct Tables<3> { CONST int size = 3 + 1; CONST float lut[2][2] = {{1.0, -2.0 / 9.0}, {0.5, 1e-3}}; };
constant constexpr const float Tables<3>::lut[2][2];
struct alignas(16) Wide { uchar v[16]; };
template <typename T, short rows, bool is_first = (rows > 4)> struct Loader {
  const device T* src;
  threadgroup T* dst;
  const int stride;
  METAL_FUNC Loader(const device T* src_, const int stride_, threadgroup T* dst_, ushort lane [[thread_index_in_simdgroup]]) : src(src_ + lane), dst(dst_), stride(stride_) {}
  METAL_FUNC Loader(const constant T* src_, const int stride_, threadgroup T* dst_, ushort lane [[thread_index_in_simdgroup]]) : src((const device T*)src_), dst(dst_), stride(stride_) {}
  METAL_FUNC void load() const {
    _Pragma("clang loop unroll(full)") for (short i = 0; i < rows; i++) *((threadgroup Wide*)(&dst[i])) = *((const device Wide*)(&src[i * stride]));
  }
  METAL_FUNC void read(thread T (&out)[rows]) const thread { for (short i = 0; i < rows; i++) out[i] = src[i]; }
};
template <typename T> struct is_pointer_to { static constant constexpr bool value = false; };
template <typename T> struct is_pointer_to<device T*> { static constant constexpr bool value = true; };
template <typename T> struct is_pointer_to<threadgroup T*> { static constant constexpr bool value = true; };
template <typename T, metal::enable_if_t<sizeof(T) < 8, bool> = true> METAL_FUNC T small(T x) { return x; }
struct Add { template <typename T> T operator()(T a, T b) { return a + b; } template <typename T> T init() { return T(0); } };
)msl";
  const std::string body = R"msl(
constant float names[3] = {0.25, .5, 1.f};
template <typename T, typename Op, const int N, int M = 2>
[[kernel, max_total_threads_per_threadgroup(N * 32)]] void reduce(const device T* in [[buffer(0)]], device T* out [[buffer(1)]], const constant int& n [[buffer(2)]], constant const int* shape [[buffer(3)]],
    threadgroup T* memory [[threadgroup(0)]], uint3 gid [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
  threadgroup T tile[N][N + 1];
  Loader<T, 8> loader(in, n, memory, lane);
  loader.load();
  T registers[8] = {T(0)};
  loader.read(registers);
  Op op;
  T total = op.template init<T>();
#pragma unroll(N)
  for (int i = 0; i < N; i++) total = op(total, registers[i % 8]);
  tile[lane % N][0] = small(total);
  threadgroup_barrier(mem_flags::mem_threadgroup);
  auto first = [&](int i) { return tile[i][0]; };
  half4 h = half4(1.0h, 2, 3, 4.0);
  h.xy = h.zw * 2.0h;
  uint2 u = as_type<uint2>(h);
  if (n < M && shape[0] > 1) out[gid.x] = first(0) + T(h.x + Tables<3>::lut[0][1] + names[u.x & 1]);
  static_assert(is_pointer_to<device T*>::value, "a pointer");
}
#define INSTANTIATE(name, type) template [[host_name("reduce_" #name)]] [[kernel]] decltype(reduce<type, Add, 4>) reduce<type, Add, 4>;
#define ALL() INSTANTIATE(float32, float) INSTANTIATE(float16, half)
ALL();
template [[host_name("reduce_8")]] [[kernel]] void reduce<float, Add, 8>(const device float* in [[buffer(0)]], device float* out [[buffer(1)]], const constant int& n [[buffer(2)]], constant const int* shape [[buffer(3)]],
    threadgroup float* memory [[threadgroup(0)]], uint3 gid [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]);
)msl";
  const auto state = read(source + body);
  CHECK_EQ(describe(info(*state).diagnostics), "");
  REQUIRE(info(*state).entries.size() == 3);
  CHECK_EQ(info(*state).entries[2].max_total_threads, 256u);
  for (const Entry& entry : info(*state).entries) {
    CompiledEntry compiled;
    CHECK_EQ(compile(*state, entry.name, compiled).message, "");
  }
}

TEST(unknown_entry_lists_the_entries) {
  CompiledEntry compiled;
  const Error error = compile(*read(scale), "nope", compiled);
  CHECK_EQ(error.status, KLAB_NOT_FOUND);
  CHECK(error.message.find("it has: scale") != std::string::npos);
}

TEST(an_unchecked_module_fails_at_its_entry) {
  ModuleRequest request;
  request.flags = KLAB_MODULE_NO_CHECK;
  const auto state = read("#include <metal_stdlib>\nkernel void k(device float* x [[buffer(0)]]) {\n  x[0] = nope;\n}\n", request);
  CHECK(!has_errors(*state));
  CompiledEntry compiled;
  CHECK_EQ(compile(*state, "k", compiled).status, KLAB_COMPILE);
  CHECK(says(compiled.diagnostics, "k.metal:3:10: use of undeclared identifier 'nope'"));
}

TEST(missing_tools_are_named) {
  CompileContext missing = context();
  missing.clang = "/nowhere/clang";
  std::shared_ptr<ModuleState> state;
  const Error error = read_module({scale, "k.metal", {}, {}, 0, 0, 0}, missing, state);
  CHECK_EQ(error.status, KLAB_TOOL_MISSING);
  CHECK(error.message.find("apt-get install clang-22") != std::string::npos);
  CompileContext elsewhere = context();
  elsewhere.shim = "/nowhere";
  CHECK(read_module({scale, "k.metal", {}, {}, 0, 0, 0}, elsewhere, state).message.find("msl.h") != std::string::npos);
}

TEST(cancel_ends_the_compiler) {
  std::atomic<bool> cancel{true};
  CompileContext cancelled = context();
  cancelled.cancel = &cancel;
  std::shared_ptr<ModuleState> state;
  CHECK_EQ(read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, cancelled, state).status, KLAB_CANCELLED);
  ProcessRequest request;
  request.arguments = {"/bin/sleep", "1000"};
  request.timeout_ns = 50'000'000;
  ProcessResult result;
  CHECK_EQ(run_process(request, result).status, KLAB_TIMEOUT);
  CHECK_EQ(result.exit_code, 128 + 9);
}

TEST(processes) {
  ProcessRequest request;
  const std::string input(1 << 20, 'x');
  request.arguments = {"/bin/cat"};
  request.input = input;
  ProcessResult result;
  CHECK(!run_process(request, result));
  CHECK(result.out == input);
  request.arguments = {"/bin/true"};  // ends without reading
  CHECK(!run_process(request, result));
  request.arguments = {"/nowhere/tool"};
  CHECK_EQ(run_process(request, result).status, KLAB_TOOL_MISSING);
}

TEST(several_threads_share_a_cache) {
  const auto state = read(scale + "// shared\n");
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      CompiledEntry compiled;
      if (compile(*state, "scale", compiled) || access(compiled.library.c_str(), R_OK) != 0) failures++;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_EQ(failures.load(), 0);
}

TEST(no_cache_leaves_nothing_behind) {
  const Folder folder;
  CompileContext uncached;
  uncached.cache = folder.path();
  uncached.is_cache_on = false;
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, 0}, uncached, state));
  CompiledEntry compiled;
  REQUIRE(!compile_entry(*state, {"scale", {}, 0}, uncached, compiled));
  CHECK(!compiled.is_cached);
  CHECK(fs::is_empty(folder.path()));
  CHECK(compiled.library.find(folder.path()) == std::string::npos);
}

TEST(trimming_removes_the_least_recently_used) {
  const Folder folder;
  for (int i = 0; i < 4; ++i) {
    CHECK(!write_file(folder / std::to_string(i), std::string(1000, 'x')));
    fs::last_write_time(folder / std::to_string(i), fs::file_time_type::clock::now() - std::chrono::minutes(10 - i));
  }
  CHECK(touch(folder / "0"));
  trim(folder.path(), 2500);
  CHECK(fs::exists(folder / "0"));
  CHECK(!fs::exists(folder / "1"));
  CHECK(!fs::exists(folder / "2"));
  CHECK(fs::exists(folder / "3"));
}

TEST(source_hash_covers_includes_and_not_where_they_are) {
  const Folder a, b;
  const auto hash = [](const Folder& folder, const std::string& text) {
    std::ofstream(folder / "h.h") << text;
    ModuleRequest request;
    request.path = folder / "k.metal";
    return info(*read("#include \"h.h\"\nint x;\n", request)).source_hash;
  };
  CHECK_EQ(hash(a, "int y;\n"), hash(b, "int y;\n"));
  CHECK(hash(a, "int y;\n") != hash(b, "int z;\n"));
}

TEST(sha256_of_the_standard) {
  CHECK_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(a_damaged_prefix_is_built_again) {
  const Folder folder;
  CompileContext own = context();
  own.cache = folder.path();
  std::shared_ptr<ModuleState> state;
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, own, state));
  for (const auto& file : fs::directory_iterator(folder / "pch")) std::ofstream(file.path()) << "damaged";
  REQUIRE(!read_module({scale, "k.metal", {}, {}, 0, 0, KLAB_MODULE_NO_CACHE}, own, state));
  CHECK_EQ(describe(info(*state).diagnostics), "");
}

TEST(math_mode_and_debug_change_the_flags) {
  ModuleRequest request;
  request.math_mode = KLAB_MATH_SAFE;
  CompiledEntry fast, safe, debug;
  CHECK(!compile(*read(scale), "scale", fast));
  CHECK(!compile(*read(scale, request), "scale", safe));
  CHECK(!compile_entry(*read(scale), {"scale", {}, KLAB_MODULE_DEBUG}, context(), debug));
  CHECK(fast.flags_used.find("-ffast-math") != std::string::npos);
  CHECK(safe.flags_used.find("-ffast-math") == std::string::npos);
  CHECK(debug.flags_used.find("-O0") != std::string::npos);
  CHECK(fast.library != safe.library && fast.library != debug.library);
}

TEST(messages_in_msl_terms) {
  CHECK_EQ(in_msl_terms("type '(lambda at <stdin>:12:3)' is odd"), "type '(lambda)' is odd");
  CHECK_EQ(in_msl_terms("'metal::vec<_Float16, 4>' (aka 'vec<half, 4>')"), "'half4'");
  CHECK_EQ(in_msl_terms("vec<unsigned int, 3> and myvec<int, 2>"), "uint3 and myvec<int, 2>");
  CHECK_EQ(parse_diagnostics("a:b.metal:3:4: error: x: note: y [-Wfoo]\nnoise\n1 error generated.\n").at(0).message, "x: note: y");
}

TEST(module_adds_an_entrys_diagnostics) {
  ModuleRequest request;
  request.source = "kernel void k(device float* x [[buffer(0)]]) { x[0] = nope; }\n" + scale;
  request.path = "k.metal";
  request.flags = KLAB_MODULE_NO_CHECK;
  std::unique_ptr<Module> module;
  int made = 0;
  const auto make = [&](CompiledEntry&&, std::unique_ptr<Op>&) { return ++made, Error{}; };
  REQUIRE(!CpuModule::create(request, context(), make, module));
  std::unique_ptr<Op> op;
  CHECK_EQ(module->create_op({"k", {}, 0}, op).status, KLAB_COMPILE);
  CHECK(says(module->info().diagnostics, "k.metal:1:55: use of undeclared identifier 'nope'"));
  CHECK_EQ(made, 0);
}

int main() { return klab_test::run_all(); }
