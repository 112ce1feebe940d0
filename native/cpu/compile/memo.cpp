#include "memo.h"

#include <algorithm>
#include <list>
#include <mutex>

#include "cpu/compiler/sha256.h"
#include "cpu/compiler/storage.h"
#include "prefix.h"

namespace klab::cpu {
namespace {

constexpr size_t max_remembered = 16;

struct Memory {
  std::string key;
  std::shared_ptr<const ModuleState> state;
  std::vector<std::string> stamps;  // of the included files, in the map's order
};

std::vector<std::string> stamps_of(const ModuleState& state) {
  std::vector<std::string> stamps;
  const std::vector<std::string>& files = state.program->map.files();
  for (size_t i = 1; i < files.size(); ++i) stamps.push_back(stamp_of(files[i]));  // the first is the source itself
  return stamps;
}

std::mutex mutex;
std::list<Memory>& memories() {
  static std::list<Memory> list;  // most recently used first
  return list;
}

}  // namespace

std::string memo_key(const ModuleState& state, const CompileContext& context) {
  Sha256 hash;
  const ModuleRequest& request = state.request;
  hash.add_field(build_identity(state)).add_field(context.cache).add_field(request.path).add_field(request.source);
  hash.add_field(std::to_string(request.version)).add_field(std::to_string(request.flags)).add_field(std::to_string(request.math_mode));
  for (const auto* list : {&request.macros, &request.include_roots}) {
    hash.add_field(std::to_string(list->size()));
    for (const std::string& text : *list) hash.add_field(text);
  }
  return hash.hex();
}

std::shared_ptr<const ModuleState> recall(const std::string& key) {
  const std::lock_guard lock(mutex);
  std::list<Memory>& all = memories();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Memory& memory) { return memory.key == key; });
  if (found == all.end()) return nullptr;
  if (stamps_of(*found->state) != found->stamps) {
    all.erase(found);
    return nullptr;
  }
  all.splice(all.begin(), all, found);
  return all.front().state;
}

void remember(const std::string& key, const std::shared_ptr<const ModuleState>& state) {
  const std::lock_guard lock(mutex);
  std::list<Memory>& all = memories();
  all.push_front({key, state, stamps_of(*state)});
  if (all.size() > max_remembered) all.pop_back();
}

}  // namespace klab::cpu
