#include "flags.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"

namespace klab::cpu {
namespace {

namespace fs = std::filesystem;

struct HeaderFile {
  fs::path path;
  uint64_t bytes;
  int64_t modified;
};

std::vector<HeaderFile> headers_of(const std::string& shim) {
  std::vector<HeaderFile> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(shim, error), end; !error && it != end; it.increment(error)) {
    std::error_code unreadable;
    if (!it->is_regular_file(unreadable)) continue;
    files.push_back({it->path(), it->file_size(unreadable), it->last_write_time(unreadable).time_since_epoch().count()});
  }
  std::sort(files.begin(), files.end(), [](const HeaderFile& a, const HeaderFile& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string> math_flags(uint32_t mode) {
  if (mode == KLAB_MATH_SAFE) return {"-fno-math-errno", "-ffp-contract=on"};
  // Kernels compare with infinity and test for NaN under Metal's fast math too, and expect an answer.
  return {"-ffast-math", "-fhonor-infinities", "-fhonor-nans", "-ffp-contract=fast"};
}

// Marks functions as ones in which no access may be invented or moved past another thread's, without the sanitizer's own
// calls; and keeps accesses where they are written: inside their loop, and out of a branch that comes later.
constexpr const char* analysis_flags[] = {
    "-DKLAB_ANALYSE=1", "-fno-vectorize", "-fno-slp-vectorize", "-fsanitize=thread", "-mllvm", "-tsan-instrument-memory-accesses=0", "-mllvm", "-tsan-instrument-atomics=0",
    "-mllvm", "-tsan-instrument-memintrinsics=0", "-mllvm", "-tsan-instrument-func-entry-exit=0", "-mllvm", "-disable-licm-promotion", "-mllvm", "-instcombine-code-sinking=0"};

}  // namespace

std::vector<std::string> compile_flags(const Toolchain& toolchain, const std::string& shim, const BuildOptions& options) {
  std::vector<std::string> flags = {"-std=c++20", options.is_debug ? "-O0" : options.flavour == Flavour::analyse ? "-O1" : "-O2", "-fPIC", "-fvisibility=hidden", "-gline-tables-only"};
#if defined(__x86_64__)
  flags.push_back("-march=native");
  // Gathers cost more than the loads they replace on processors with the Downfall fix.
  if (toolchain.major >= 17) flags.push_back("-mno-gather");
  constexpr uint32_t first_to_probe = 11;
#else
  flags.push_back("-mcpu=native");
  constexpr uint32_t first_to_probe = 18;
#endif
  // A frame larger than a guard page touches every page, so that it cannot reach over the guard into another thread's stack.
  if (toolchain.major >= first_to_probe) flags.push_back("-fstack-clash-protection");
  for (std::string& flag : math_flags(options.math_mode)) flags.push_back(std::move(flag));
  // An endless loop is a mistake to be shown as a timeout; C++ would let the compiler delete it.
  flags.push_back("-fno-finite-loops");
  // What a thread reads through a null pointer and drops is no promise that it never gets there: templates leave such
  // reads behind, and the GPU goes on.
  flags.push_back("-fno-delete-null-pointer-checks");
  // A variable at namespace scope with a destructor must not need the C++ runtime's exit list.
  flags.push_back("-fno-c++-static-destructors");
  // Lanes that call a helper from the two arms of a branch wait apart: simt_abi.h tells them by their frames, so the two
  // calls must stay two.
  for (const char* flag : {"-fno-omit-frame-pointer", "-DKLAB_FRAME_POINTERS=1", "-mllvm", "-enable-tail-merge=0"}) flags.push_back(flag);
  // Before 19 the optimiser merges convergent calls of two arms all the same; merged accesses would have one line.
  if (toolchain.major < 19 || options.flavour == Flavour::analyse) {
    for (const char* flag : {"-mllvm", "-simplifycfg-sink-common=0", "-mllvm", "-simplifycfg-hoist-common=0"}) flags.push_back(flag);
  }
  // A float out of an integer's range becomes the nearest integer and NaN zero, as on the GPU; C++ leaves it undefined.
  flags.push_back("-fno-strict-float-cast-overflow");
  // Half arithmetic rounds at each operation, as on the GPU. Calls in which lanes meet are neither merged nor duplicated
  // (convergent). char is signed on every processor.
  for (const char* flag : {"-Xclang", "-fconvergent-functions", "-fsigned-char", "-Xclang", "-ffloat16-excess-precision=none", "-fno-exceptions", "-fno-rtti", "-fno-stack-protector",
                           "-ftls-model=initial-exec", "-fno-semantic-interposition", "-fno-ident", "-fno-color-diagnostics"}) {
    flags.push_back(flag);
  }
  // Of two meetings the one of lower address goes first: code that can only run after a branch stands behind all of the
  // branch, however rare the compiler thinks that is.
  if (options.flavour == Flavour::threads || options.flavour == Flavour::analyse) {
    for (const char* flag : {"-mllvm", "-static-likely-prob=100"}) flags.push_back(flag);
  }
  if (options.flavour == Flavour::leader) flags.push_back("-DKLAB_LEADER=1");
  if (options.flavour == Flavour::vector) {
    // A lane is a scalar until the pass has seen it, and loops over a thread's registers must be gone by then. Loops that
    // copy or fill stay loops: calls of a length that only the kernel knows have no vector form.
    for (const char* flag : {"-DKLAB_VECTOR=1", "-fno-vectorize", "-fno-slp-vectorize", "-mllvm", "-unroll-threshold=600", "-mllvm", "-disable-loop-idiom-all"}) flags.push_back(flag);
  }
  if (options.flavour == Flavour::analyse) flags.insert(flags.end(), std::begin(analysis_flags), std::end(analysis_flags));
  // Else clang shortens the names of files that share a folder with the one it happens to run in.
  flags.push_back("-fdebug-compilation-dir=/");
  flags.push_back("-I" + shim);
  return flags;
}

std::vector<std::string> warning_flags() {
  return {"-Wno-everything", "-Wuninitialized", "-Wsometimes-uninitialized", "-Wparentheses", "-Wfor-loop-analysis", "-Wtautological-compare",
          "-Wself-assign", "-Warray-bounds", "-Wshift-count-overflow", "-Wdivision-by-zero", "-Wunused-value", "-Wreturn-type", "-Wempty-body",
          "-Werror=vla"};
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string flags_used(const Toolchain& toolchain, const BuildOptions& options, const BuildParts& parts) {
  const std::string msl = "msl@" + parts.msl.substr(0, 16) + "." + generated_code_version;
  const std::string text = toolchain.version + " " + (parts.more.empty() ? "" : parts.more + " ") + join(compile_flags(toolchain, msl, options));
  constexpr size_t most = sizeof klab_op_info::flags_used - 1, mark = 80;
  return text.size() <= most ? text : text.substr(0, most - mark) + " ... sha256:" + sha256_hex(text);
}

std::string shim_folder(const CompileContext& context) { return context.shim.empty() ? default_shim_folder() : context.shim; }

Error shim_hash(const std::string& shim, std::string& hash) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;  // by the files' names, sizes and times
  const std::vector<HeaderFile> files = headers_of(shim);
  if (std::none_of(files.begin(), files.end(), [](const HeaderFile& file) { return file.path.filename() == "msl.h"; })) {
    return {KLAB_IO, "the folder of the MSL headers, " + shim + ", holds no msl.h; name the right one with the device option \"shim\" or KLAB_SHIM"};
  }
  Sha256 stamp;
  for (const HeaderFile& file : files) stamp.add_field(file.path.string()).add_field(std::to_string(file.bytes)).add_field(std::to_string(file.modified));
  const std::string key = stamp.hex();
  const std::lock_guard lock(mutex);
  std::string& found = known[key];
  if (found.empty()) {
    Sha256 content;
    std::string text;
    for (const HeaderFile& file : files) {
      if (!read_file(file.path.string(), text)) return {KLAB_IO, "cannot read " + file.path.string()};
      content.add_field(fs::relative(file.path, shim).string()).add_field(text);
    }
    found = content.hex();
  }
  hash = found;
  return {};
}

}  // namespace klab::cpu
