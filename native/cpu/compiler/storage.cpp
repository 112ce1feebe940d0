#include "storage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <sstream>

#include "sha256.h"

namespace klab::cpu {
namespace {

namespace fs = std::filesystem;

constexpr const char* remedy = "choose another folder with XDG_CACHE_HOME, or with the device option \"cache\" (\"\": none)";

class PrivateFolder {
 public:
  PrivateFolder() {
    std::error_code error;
    path_ = (fs::temp_directory_path(error) / "kernel-lab-XXXXXX").string();
    if (!mkdtemp(path_.data())) path_.clear();
  }
  ~PrivateFolder() {
    std::error_code error;
    if (!path_.empty()) fs::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string default_cache_folder() {
  if (std::string folder = environment("KLAB_CACHE"); !folder.empty()) return folder;
  if (std::string folder = environment("XDG_CACHE_HOME"); !folder.empty()) return folder + "/kernel-lab";
  if (std::string home = environment("HOME"); !home.empty()) return home + "/.cache/kernel-lab";
  return "";
}

Error private_folder(std::string& folder) {
  static const PrivateFolder own;
  folder = own.path();
  if (folder.empty()) return {KLAB_IO, std::string("cannot make a temporary folder: ") + std::strerror(errno)};
  return {};
}

Error storage_folder(const CompileContext& context, std::string_view kind, std::string& folder) {
  std::string root = !context.is_cache_on ? "" : context.cache.empty() ? default_cache_folder() : context.cache;
  if (root.empty()) {
    if (Error error = private_folder(root)) return error;
  }
  folder = root + "/" + std::string(kind);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return {KLAB_IO, "cannot make the compile cache " + folder + ": " + error.message() + "; " + remedy};
  return {};
}

std::string output_failure(std::string_view printed) {
  constexpr std::string_view marks[] = {"unable to open output file", "unable to rename temporary", "IO failure on output stream", "cannot open output file", "final link failed"};
  for (const std::string_view mark : marks) {
    const size_t at = printed.find(mark);
    if (at == std::string_view::npos) continue;
    const std::string_view line = printed.substr(at, printed.find('\n', at) - at);
    for (const int code : {ENOSPC, EDQUOT, EROFS, EACCES, ENOENT, EFBIG, EIO}) {
      if (line.find(std::strerror(code)) != std::string_view::npos) return std::strerror(code);
    }
    return std::string(line);
  }
  return "";
}

Error cannot_store(const std::string& folder, const std::string& reason) {
  return {KLAB_IO, "cannot write to the compile cache " + folder + ": " + reason + "; make room there, or " + remedy};
}

bool was_emptied(const Error& error) { return error.status == KLAB_IO && error.message.find(std::strerror(ENOENT)) != std::string::npos; }

std::string temporary_beside(const std::string& path) {
  static std::atomic<uint64_t> count{0};
  return path + ".tmp." + std::to_string(getpid()) + "." + std::to_string(count.fetch_add(1));
}

Error publish(const std::string& temporary, const std::string& path) {
  if (std::rename(temporary.c_str(), path.c_str()) == 0) return {};
  Error error{KLAB_IO, "cannot write " + path + ": " + std::strerror(errno)};
  unlink(temporary.c_str());
  return error;
}

Error write_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = temporary_beside(path);
  std::ofstream out(temporary, std::ios::binary);
  out.write(bytes.data(), std::streamsize(bytes.size()));
  out.close();
  if (!out) {
    unlink(temporary.c_str());
    return {KLAB_IO, "cannot write " + temporary + ": " + std::strerror(errno)};
  }
  return publish(temporary, path);
}

bool read_file(const std::string& path, std::string& bytes) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  bytes = text.str();
  return bool(in);
}

std::string stamp_of(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return "";
  return std::to_string(info.st_size) + " " + std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

std::string content_hash(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::string> known;
  const std::string key = path + "\n" + stamp_of(path);
  const std::lock_guard lock(mutex);
  std::string& hash = known[key];
  std::string bytes;
  if (hash.empty() && read_file(path, bytes)) hash = sha256_hex(bytes);
  return hash;
}

bool touch(const std::string& path) { return utimensat(AT_FDCWD, path.c_str(), nullptr, 0) == 0 || access(path.c_str(), R_OK) == 0; }

void trim(const std::string& folder, uint64_t limit) {
  struct File {
    fs::path path;
    fs::file_time_type used;
    uint64_t bytes;
  };
  std::vector<File> files;
  uint64_t total = 0;
  std::error_code error;
  const auto stale = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code unreadable;
    File file{it->path(), it->last_write_time(unreadable), 0};
    file.bytes = it->file_size(unreadable);
    if (unreadable) continue;
    const bool is_temporary = file.path.filename().string().find(".tmp.") != std::string::npos;
    if (is_temporary && file.used < stale) fs::remove(file.path, unreadable);
    if (is_temporary) continue;
    total += file.bytes;
    files.push_back(std::move(file));
  }
  if (total <= limit) return;
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.used < b.used; });
  for (const File& file : files) {
    if (total <= limit) break;
    if (fs::remove(file.path, error)) total -= file.bytes;
  }
}

void trim_sometimes(const std::string& folder, uint64_t limit) {
  constexpr uint64_t calls = 32;
  // Short-lived processes start at different places of the count.
  static std::atomic<uint64_t> count{uint64_t(getpid())};
  if (count.fetch_add(1) % calls == 0) trim(folder, limit);
}

void trim_once(const std::string& folder, uint64_t limit) {
  static std::mutex mutex;
  static std::set<std::string> trimmed;
  {
    const std::lock_guard lock(mutex);
    if (!trimmed.insert(folder).second) return;
  }
  trim(folder, limit);
}

}  // namespace klab::cpu
