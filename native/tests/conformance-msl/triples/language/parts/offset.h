#pragma once
#define PARTS_OFFSET 1.0f
