#include "unsupported.h"

#include <algorithm>
#include <array>
#include <set>

namespace klab::msl {
namespace {

enum class Use : uint8_t {
  scope_or_template,  // counts before '<' and '::'
  type,               // before a name, '(' or '{' as well
  word,               // always
};

struct Feature {
  std::string_view name, what;
  Use use = Use::scope_or_template;
};

constexpr std::array features = {
    Feature{"mpp", "mpp::tensor_ops is"},
    Feature{"tensor_ops", "mpp::tensor_ops is"},
    Feature{"matmul2d", "mpp::tensor_ops is"},
    Feature{"matmul2d_descriptor", "mpp::tensor_ops is", Use::type},
    Feature{"tensor", "tensors are"},
    Feature{"tensor_handle", "tensors are", Use::word},
    Feature{"tensor_inline", "tensors are", Use::word},
    Feature{"cooperative_tensor", "cooperative tensors are"},
    Feature{"texture1d", "textures are"},
    Feature{"texture1d_array", "textures are"},
    Feature{"texture2d", "textures are"},
    Feature{"texture2d_array", "textures are"},
    Feature{"texture2d_ms", "textures are"},
    Feature{"texture2d_ms_array", "textures are"},
    Feature{"texture3d", "textures are"},
    Feature{"texturecube", "textures are"},
    Feature{"texturecube_array", "textures are"},
    Feature{"texture_buffer", "textures are"},
    Feature{"depth2d", "textures are"},
    Feature{"depth2d_array", "textures are"},
    Feature{"depth2d_ms", "textures are"},
    Feature{"depth2d_ms_array", "textures are"},
    Feature{"depthcube", "textures are"},
    Feature{"depthcube_array", "textures are"},
    Feature{"sampler", "samplers are", Use::type},
    Feature{"imageblock", "imageblocks are"},
    Feature{"threadgroup_imageblock", "imageblocks are", Use::word},
    Feature{"mesh", "mesh functions are"},
    Feature{"mesh_grid_properties", "mesh functions are", Use::type},
    Feature{"object_data", "mesh functions are", Use::word},
    Feature{"patch_control_point", "tessellation is"},
    Feature{"interpolant", "interpolation is"},
    Feature{"raytracing", "ray tracing is"},
    Feature{"intersector", "ray tracing is"},
    Feature{"intersection_result", "ray tracing is"},
    Feature{"intersection_query", "ray tracing is"},
    Feature{"intersection_params", "ray tracing is", Use::type},
    Feature{"acceleration_structure", "ray tracing is"},
    Feature{"instance_acceleration_structure", "ray tracing is", Use::type},
    Feature{"primitive_acceleration_structure", "ray tracing is", Use::type},
    Feature{"intersection_function_table", "ray tracing is"},
    Feature{"ray_data", "ray tracing is", Use::word},
    Feature{"visible_function_table", "visible function tables are"},
    Feature{"command_buffer", "indirect command buffers are", Use::type},
    Feature{"render_command", "indirect command buffers are", Use::type},
    Feature{"compute_command", "indirect command buffers are", Use::type},
    Feature{"render_pipeline_state", "indirect command buffers are", Use::type},
    Feature{"compute_pipeline_state", "indirect command buffers are", Use::type},
    Feature{"rasterization_rate_map_data", "rasterization rate maps are", Use::type},
};

bool is_declared_here(const Program& p, uint32_t i) {
  return i > 0 && (p.is(i - 1, "struct") || p.is(i - 1, "class") || p.is(i - 1, "enum") || p.is(i - 1, "namespace") || p.is(i - 1, "using") || p.is(i - 1, "typename"));
}

bool is_using_namespace(const Program& p, uint32_t i) { return i > 1 && p.is(i - 1, "namespace") && p.is(i - 2, "using"); }

std::set<std::string_view> own_names(const Program& p) {
  std::set<std::string_view> own;
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (p[i].is_identifier() && is_declared_here(p, i) && !is_using_namespace(p, i)) own.insert(p[i].text);
  }
  return own;
}

bool counts(const Program& p, uint32_t i, Use use) {
  if (use == Use::word || is_using_namespace(p, i) || p.is(i + 1, "<") || p.is(i + 1, "::")) return true;
  if (use == Use::scope_or_template) return false;
  const bool is_value = p.is(i + 1, "(") || p.is(i + 1, "{");
  // `int sampler(…)` is a function of the user's.
  return is_value ? !(i > 0 && p[i - 1].is_identifier()) : p.is_identifier(i + 1);
}

// Texture parameters of kernels have a message of their own.
bool is_explained(const Program& p, uint32_t i) {
  for (const Kernel& kernel : p.kernels) {
    for (const Parameter& parameter : kernel.parameters) {
      const bool is_image = parameter.role == ParameterRole::texture || parameter.role == ParameterRole::sampler;
      if (is_image && i >= parameter.first && i < parameter.last) return true;
    }
  }
  return false;
}

uint32_t unit_of(const Program& p, uint32_t token) {
  for (uint32_t k = 0; k < p.units.size(); ++k) {
    if (token >= p.units[k].first && token < p.units[k].last) return k;
  }
  return uint32_t(p.units.size());
}

}  // namespace

bool is_built_in(Program& p, const FunctionHead& head, uint32_t last) {
  constexpr std::array<std::string_view, 3> known = {"__metal_simdgroup_async_copy_1d", "__metal_simdgroup_async_copy_2d", "__metal_wait_simdgroup_events"};
  uint32_t label = p.close(head.open) + 1;
  while (label < last && !p.is(label, "__asm") && !p.is(label, "__asm__") && !p.is(label, "asm")) ++label;
  if (label >= last) return false;
  if (std::find(known.begin(), known.end(), p[head.name].text) != known.end()) return true;
  p.report_limit(head.name, "the built-in function " + p.raw(label + 2, p.close(label + 1)) + " is not available on the cpu device");
  return false;
}

void report_unsupported(Program& p) {
  const std::set<std::string_view> own = own_names(p);
  std::set<std::pair<uint32_t, std::string_view>> reported;  // once in each declaration
  for (uint32_t i = 0; i < p.size(); ++i) {
    if (!p[i].is_identifier() || p[i].is_removed || p.in_attribute(i) || p[i].text.size() < 3) continue;
    if (i > 0 && (p.is(i - 1, ".") || p.is(i - 1, "->"))) continue;
    const auto feature = std::find_if(features.begin(), features.end(), [&](const Feature& known) { return known.name == p[i].text; });
    if (feature == features.end() || own.contains(feature->name) || !counts(p, i, feature->use) || is_explained(p, i)) continue;
    if (reported.emplace(unit_of(p, i), feature->what).second) p.report_limit(i, std::string(feature->what) + " not available on the cpu device");
  }
}

}  // namespace klab::msl
