#include "null/objects.h"

#include <cstring>

#include "core/boundary.h"
#include "core/gemm.h"
#include "null/reflection.h"

namespace klab {

namespace {

class NullOp final : public Op {
 public:
  NullOp(std::string name, std::vector<Binding> bindings, bool is_baseline) : bindings_(std::move(bindings)) {
    info_.name = std::move(name);
    info_.is_baseline = is_baseline;
  }
  OpInfo info() const override { return info_; }
  bool is_baseline() const { return info_.is_baseline; }
  std::span<const Binding> bindings() const override { return bindings_; }

 private:
  OpInfo info_;
  std::vector<Binding> bindings_;
};

// Not a content hash that anyone may rely on: it tells two sources apart in tests.
std::string short_hash(std::string_view text) {
  uint64_t hash = 14695981039346656037ull;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return format("%064llx", static_cast<unsigned long long>(hash));
}

class NullModule final : public Module {
 public:
  NullModule(const ModuleRequest& request, bool has_failed) {
    info_.entries = read_entries(request.source, request.path);
    info_.source_hash = short_hash(request.source);
    info_.compiler = "null";
    info_.front_end_ns = 1000;
    if (!has_failed) return;
    Diagnostic diagnostic;
    diagnostic.file = request.path;
    diagnostic.message = "the null device was told to fail this compile";
    info_.diagnostics.push_back(diagnostic);
  }

  const ModuleInfo& info() const override { return info_; }

  Error create_op(const OpRequest& request, std::unique_ptr<Op>& op) override {
    std::string known;
    for (const Entry& entry : info_.entries) {
      if (entry.name == request.entry) {
        op = std::make_unique<NullOp>(entry.name, entry.bindings, false);
        return {};
      }
      known += (known.empty() ? "" : ", ") + entry.name;
    }
    return {KLAB_NOT_FOUND, "no kernel \"" + request.entry + "\" in this source; it has: " + (known.empty() ? "none" : known)};
  }

 private:
  ModuleInfo info_;
};

// Host memory between two bands.
class NullBuffer final : public Buffer {
 public:
  explicit NullBuffer(const klab_buffer_desc& desc)
      : bytes_(desc.bytes), band_(desc.flags & KLAB_BUFFER_GUARDED ? 64 : 0), memory_(desc.bytes + 2 * band_, 0) {
    std::memset(memory_.data(), pattern, band_);
    std::memset(memory_.data() + band_ + bytes_, pattern, band_);
  }

  uint64_t bytes() const override { return bytes_; }
  Error write(uint64_t offset, const void* data, uint64_t bytes) override {
    std::memcpy(memory_.data() + band_ + offset, data, bytes);
    return {};
  }
  Error read(uint64_t offset, void* data, uint64_t bytes) override {
    std::memcpy(data, memory_.data() + band_ + offset, bytes);
    return {};
  }
  Error fill(uint64_t offset, uint64_t bytes, uint64_t value, uint32_t value_bytes) override {
    for (uint64_t i = 0; i < bytes; i++) memory_[band_ + offset + i] = static_cast<unsigned char>(value >> (i % value_bytes * 8));
    return {};
  }

  klab_buffer_check_result check() override {
    klab_buffer_check_result result = {};
    result.has_guards = band_ != 0;
    for (size_t i = 0; i < memory_.size(); i++) {
      const bool is_guard = i < band_ || i >= band_ + bytes_;
      if (!is_guard || memory_[i] == pattern) continue;
      if (result.bytes_damaged++ == 0) result.first_offset = static_cast<int64_t>(i) - static_cast<int64_t>(band_);
    }
    return result;
  }

 private:
  static constexpr unsigned char pattern = 0xA5;
  uint64_t bytes_;
  size_t band_;
  std::vector<unsigned char> memory_;
};

}  // namespace

std::unique_ptr<Module> make_null_module(const ModuleRequest& request, bool has_failed) {
  return std::make_unique<NullModule>(request, has_failed);
}

std::unique_ptr<Op> make_null_baseline(const klab_gemm_desc& gemm) {
  return std::make_unique<NullOp>("null baseline " + gemm_text(gemm), gemm_bindings(gemm), true);
}

bool is_null_baseline(const Op& op) { return static_cast<const NullOp&>(op).is_baseline(); }

std::unique_ptr<Buffer> make_null_buffer(const klab_buffer_desc& desc) { return std::make_unique<NullBuffer>(desc); }

}  // namespace klab
