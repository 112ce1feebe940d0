// Everything that a generated kernel source starts with; compiled once and kept.
#pragma once
#include "kernel_abi.h"
#include "msl.h"
#include "glue.h"
#include "loop.h"
