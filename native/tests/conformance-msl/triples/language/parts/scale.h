#pragma once
#include <metal_stdlib>
#include "offset.h"
namespace parts {
constant constexpr float factor = 2.5f;
inline float scaled(float x) { return x * factor; }
}
