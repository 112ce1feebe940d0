#include "unsupported.h"

#include <algorithm>
#include <array>
#include <set>

namespace klab::msl {
namespace {

struct Feature {
  std::string_view name, what;
  bool is_template;  // counts only before '<' or '::'
};

constexpr std::array features = {
    Feature{"mpp", "mpp::tensor_ops is", true},
    Feature{"tensor", "tensors are", true},
    Feature{"cooperative_tensor", "cooperative tensors are", true},
    Feature{"texture1d", "textures are", true},
    Feature{"texture1d_array", "textures are", true},
    Feature{"texture2d", "textures are", true},
    Feature{"texture2d_array", "textures are", true},
    Feature{"texture2d_ms", "textures are", true},
    Feature{"texture3d", "textures are", true},
    Feature{"texturecube", "textures are", true},
    Feature{"texture_buffer", "textures are", true},
    Feature{"depth2d", "textures are", true},
    Feature{"depthcube", "textures are", true},
    Feature{"imageblock", "imageblocks are", true},
    Feature{"intersector", "ray tracing is", true},
    Feature{"intersection_function_table", "ray tracing is", true},
    Feature{"visible_function_table", "visible function tables are", true},
    Feature{"raytracing", "ray tracing is", true},
    Feature{"render_pipeline_state", "indirect command buffers are", false},
    Feature{"compute_pipeline_state", "indirect command buffers are", false},
    Feature{"simdgroup_async_copy_2d", "simdgroup asynchronous copies are", true},
};

// Metal refuses these words of C++; a kernel that uses them would run here only.
constexpr std::array<std::string_view, 11> refused_words = {"double", "goto", "new", "delete", "try", "throw", "catch", "dynamic_cast", "typeid", "thread_local", "virtual"};

bool is_refused(const Program& p, uint32_t i) {
  if (std::find(refused_words.begin(), refused_words.end(), p[i].text) == refused_words.end()) return false;
  return !(p.is(i, "delete") && i > 0 && p.is(i - 1, "="));
}

void report_refused_words(Program& p) {
  std::set<std::string_view> reported;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (!p[i].is_identifier() || !is_refused(p, i) || !reported.insert(p[i].text).second) continue;
    p.report(i, "'" + std::string(p[i].text) + "' is not supported in Metal" + (p.is(i, "double") ? ": use float" : ""));
  }
}

bool is_declared_here(const Program& p, uint32_t i) {
  return i > 0 && (p.is(i - 1, "struct") || p.is(i - 1, "class") || p.is(i - 1, "namespace") || p.is(i - 1, "using") || p.is(i - 1, "typename"));
}

}  // namespace

void report_unsupported(Program& p) {
  report_refused_words(p);
  std::set<std::string_view> own;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (p[i].is_identifier() && is_declared_here(p, i) && !(i > 1 && p.is(i - 1, "namespace") && p.is(i - 2, "using"))) own.insert(p[i].text);
  }
  std::set<std::string_view> reported;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (!p[i].is_identifier() || p.in_attribute(i) || p[i].text.size() < 3) continue;
    if (i > 0 && (p.is(i - 1, ".") || p.is(i - 1, "->"))) continue;
    for (const Feature& feature : features) {
      if (p[i].text != feature.name || own.contains(feature.name)) continue;
      const bool is_using = i > 1 && p.is(i - 1, "namespace") && p.is(i - 2, "using");
      if (feature.is_template && !p.is(i + 1, "<") && !p.is(i + 1, "::") && !is_using) continue;
      if (reported.insert(feature.what).second) p.report(i, std::string(feature.what) + " not available on the cpu device");
    }
  }
}

}  // namespace klab::msl
