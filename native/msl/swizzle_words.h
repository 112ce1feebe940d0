// Written by generate_swizzles.mjs: the swizzles of a vector with 2, 3 and 4 components.
#pragma once

#define KLAB_MSL_SWIZZLES2 \
  KLAB_MSL_R2(x,x) KLAB_MSL_W2(x,y) KLAB_MSL_W2(y,x) KLAB_MSL_R2(y,y) KLAB_MSL_R3(x,x,x) KLAB_MSL_R3(x,x,y) \
  KLAB_MSL_R3(x,y,x) KLAB_MSL_R3(x,y,y) KLAB_MSL_R3(y,x,x) KLAB_MSL_R3(y,x,y) KLAB_MSL_R3(y,y,x) KLAB_MSL_R3(y,y,y) \
  KLAB_MSL_R4(x,x,x,x) KLAB_MSL_R4(x,x,x,y) KLAB_MSL_R4(x,x,y,x) KLAB_MSL_R4(x,x,y,y) KLAB_MSL_R4(x,y,x,x) \
  KLAB_MSL_R4(x,y,x,y) KLAB_MSL_R4(x,y,y,x) KLAB_MSL_R4(x,y,y,y) KLAB_MSL_R4(y,x,x,x) KLAB_MSL_R4(y,x,x,y) \
  KLAB_MSL_R4(y,x,y,x) KLAB_MSL_R4(y,x,y,y) KLAB_MSL_R4(y,y,x,x) KLAB_MSL_R4(y,y,x,y) KLAB_MSL_R4(y,y,y,x) \
  KLAB_MSL_R4(y,y,y,y) KLAB_MSL_R2(r,r) KLAB_MSL_W2(r,g) KLAB_MSL_W2(g,r) KLAB_MSL_R2(g,g) KLAB_MSL_R3(r,r,r) \
  KLAB_MSL_R3(r,r,g) KLAB_MSL_R3(r,g,r) KLAB_MSL_R3(r,g,g) KLAB_MSL_R3(g,r,r) KLAB_MSL_R3(g,r,g) KLAB_MSL_R3(g,g,r) \
  KLAB_MSL_R3(g,g,g) KLAB_MSL_R4(r,r,r,r) KLAB_MSL_R4(r,r,r,g) KLAB_MSL_R4(r,r,g,r) KLAB_MSL_R4(r,r,g,g) \
  KLAB_MSL_R4(r,g,r,r) KLAB_MSL_R4(r,g,r,g) KLAB_MSL_R4(r,g,g,r) KLAB_MSL_R4(r,g,g,g) KLAB_MSL_R4(g,r,r,r) \
  KLAB_MSL_R4(g,r,r,g) KLAB_MSL_R4(g,r,g,r) KLAB_MSL_R4(g,r,g,g) KLAB_MSL_R4(g,g,r,r) KLAB_MSL_R4(g,g,r,g) \
  KLAB_MSL_R4(g,g,g,r) KLAB_MSL_R4(g,g,g,g)

#define KLAB_MSL_SWIZZLES3 \
  KLAB_MSL_R2(x,x) KLAB_MSL_W2(x,y) KLAB_MSL_W2(x,z) KLAB_MSL_W2(y,x) KLAB_MSL_R2(y,y) KLAB_MSL_W2(y,z) \
  KLAB_MSL_W2(z,x) KLAB_MSL_W2(z,y) KLAB_MSL_R2(z,z) KLAB_MSL_R3(x,x,x) KLAB_MSL_R3(x,x,y) KLAB_MSL_R3(x,x,z) \
  KLAB_MSL_R3(x,y,x) KLAB_MSL_R3(x,y,y) KLAB_MSL_W3(x,y,z) KLAB_MSL_R3(x,z,x) KLAB_MSL_W3(x,z,y) KLAB_MSL_R3(x,z,z) \
  KLAB_MSL_R3(y,x,x) KLAB_MSL_R3(y,x,y) KLAB_MSL_W3(y,x,z) KLAB_MSL_R3(y,y,x) KLAB_MSL_R3(y,y,y) KLAB_MSL_R3(y,y,z) \
  KLAB_MSL_W3(y,z,x) KLAB_MSL_R3(y,z,y) KLAB_MSL_R3(y,z,z) KLAB_MSL_R3(z,x,x) KLAB_MSL_W3(z,x,y) KLAB_MSL_R3(z,x,z) \
  KLAB_MSL_W3(z,y,x) KLAB_MSL_R3(z,y,y) KLAB_MSL_R3(z,y,z) KLAB_MSL_R3(z,z,x) KLAB_MSL_R3(z,z,y) KLAB_MSL_R3(z,z,z) \
  KLAB_MSL_R4(x,x,x,x) KLAB_MSL_R4(x,x,x,y) KLAB_MSL_R4(x,x,x,z) KLAB_MSL_R4(x,x,y,x) KLAB_MSL_R4(x,x,y,y) \
  KLAB_MSL_R4(x,x,y,z) KLAB_MSL_R4(x,x,z,x) KLAB_MSL_R4(x,x,z,y) KLAB_MSL_R4(x,x,z,z) KLAB_MSL_R4(x,y,x,x) \
  KLAB_MSL_R4(x,y,x,y) KLAB_MSL_R4(x,y,x,z) KLAB_MSL_R4(x,y,y,x) KLAB_MSL_R4(x,y,y,y) KLAB_MSL_R4(x,y,y,z) \
  KLAB_MSL_R4(x,y,z,x) KLAB_MSL_R4(x,y,z,y) KLAB_MSL_R4(x,y,z,z) KLAB_MSL_R4(x,z,x,x) KLAB_MSL_R4(x,z,x,y) \
  KLAB_MSL_R4(x,z,x,z) KLAB_MSL_R4(x,z,y,x) KLAB_MSL_R4(x,z,y,y) KLAB_MSL_R4(x,z,y,z) KLAB_MSL_R4(x,z,z,x) \
  KLAB_MSL_R4(x,z,z,y) KLAB_MSL_R4(x,z,z,z) KLAB_MSL_R4(y,x,x,x) KLAB_MSL_R4(y,x,x,y) KLAB_MSL_R4(y,x,x,z) \
  KLAB_MSL_R4(y,x,y,x) KLAB_MSL_R4(y,x,y,y) KLAB_MSL_R4(y,x,y,z) KLAB_MSL_R4(y,x,z,x) KLAB_MSL_R4(y,x,z,y) \
  KLAB_MSL_R4(y,x,z,z) KLAB_MSL_R4(y,y,x,x) KLAB_MSL_R4(y,y,x,y) KLAB_MSL_R4(y,y,x,z) KLAB_MSL_R4(y,y,y,x) \
  KLAB_MSL_R4(y,y,y,y) KLAB_MSL_R4(y,y,y,z) KLAB_MSL_R4(y,y,z,x) KLAB_MSL_R4(y,y,z,y) KLAB_MSL_R4(y,y,z,z) \
  KLAB_MSL_R4(y,z,x,x) KLAB_MSL_R4(y,z,x,y) KLAB_MSL_R4(y,z,x,z) KLAB_MSL_R4(y,z,y,x) KLAB_MSL_R4(y,z,y,y) \
  KLAB_MSL_R4(y,z,y,z) KLAB_MSL_R4(y,z,z,x) KLAB_MSL_R4(y,z,z,y) KLAB_MSL_R4(y,z,z,z) KLAB_MSL_R4(z,x,x,x) \
  KLAB_MSL_R4(z,x,x,y) KLAB_MSL_R4(z,x,x,z) KLAB_MSL_R4(z,x,y,x) KLAB_MSL_R4(z,x,y,y) KLAB_MSL_R4(z,x,y,z) \
  KLAB_MSL_R4(z,x,z,x) KLAB_MSL_R4(z,x,z,y) KLAB_MSL_R4(z,x,z,z) KLAB_MSL_R4(z,y,x,x) KLAB_MSL_R4(z,y,x,y) \
  KLAB_MSL_R4(z,y,x,z) KLAB_MSL_R4(z,y,y,x) KLAB_MSL_R4(z,y,y,y) KLAB_MSL_R4(z,y,y,z) KLAB_MSL_R4(z,y,z,x) \
  KLAB_MSL_R4(z,y,z,y) KLAB_MSL_R4(z,y,z,z) KLAB_MSL_R4(z,z,x,x) KLAB_MSL_R4(z,z,x,y) KLAB_MSL_R4(z,z,x,z) \
  KLAB_MSL_R4(z,z,y,x) KLAB_MSL_R4(z,z,y,y) KLAB_MSL_R4(z,z,y,z) KLAB_MSL_R4(z,z,z,x) KLAB_MSL_R4(z,z,z,y) \
  KLAB_MSL_R4(z,z,z,z) KLAB_MSL_R2(r,r) KLAB_MSL_W2(r,g) KLAB_MSL_W2(r,b) KLAB_MSL_W2(g,r) KLAB_MSL_R2(g,g) \
  KLAB_MSL_W2(g,b) KLAB_MSL_W2(b,r) KLAB_MSL_W2(b,g) KLAB_MSL_R2(b,b) KLAB_MSL_R3(r,r,r) KLAB_MSL_R3(r,r,g) \
  KLAB_MSL_R3(r,r,b) KLAB_MSL_R3(r,g,r) KLAB_MSL_R3(r,g,g) KLAB_MSL_W3(r,g,b) KLAB_MSL_R3(r,b,r) KLAB_MSL_W3(r,b,g) \
  KLAB_MSL_R3(r,b,b) KLAB_MSL_R3(g,r,r) KLAB_MSL_R3(g,r,g) KLAB_MSL_W3(g,r,b) KLAB_MSL_R3(g,g,r) KLAB_MSL_R3(g,g,g) \
  KLAB_MSL_R3(g,g,b) KLAB_MSL_W3(g,b,r) KLAB_MSL_R3(g,b,g) KLAB_MSL_R3(g,b,b) KLAB_MSL_R3(b,r,r) KLAB_MSL_W3(b,r,g) \
  KLAB_MSL_R3(b,r,b) KLAB_MSL_W3(b,g,r) KLAB_MSL_R3(b,g,g) KLAB_MSL_R3(b,g,b) KLAB_MSL_R3(b,b,r) KLAB_MSL_R3(b,b,g) \
  KLAB_MSL_R3(b,b,b) KLAB_MSL_R4(r,r,r,r) KLAB_MSL_R4(r,r,r,g) KLAB_MSL_R4(r,r,r,b) KLAB_MSL_R4(r,r,g,r) \
  KLAB_MSL_R4(r,r,g,g) KLAB_MSL_R4(r,r,g,b) KLAB_MSL_R4(r,r,b,r) KLAB_MSL_R4(r,r,b,g) KLAB_MSL_R4(r,r,b,b) \
  KLAB_MSL_R4(r,g,r,r) KLAB_MSL_R4(r,g,r,g) KLAB_MSL_R4(r,g,r,b) KLAB_MSL_R4(r,g,g,r) KLAB_MSL_R4(r,g,g,g) \
  KLAB_MSL_R4(r,g,g,b) KLAB_MSL_R4(r,g,b,r) KLAB_MSL_R4(r,g,b,g) KLAB_MSL_R4(r,g,b,b) KLAB_MSL_R4(r,b,r,r) \
  KLAB_MSL_R4(r,b,r,g) KLAB_MSL_R4(r,b,r,b) KLAB_MSL_R4(r,b,g,r) KLAB_MSL_R4(r,b,g,g) KLAB_MSL_R4(r,b,g,b) \
  KLAB_MSL_R4(r,b,b,r) KLAB_MSL_R4(r,b,b,g) KLAB_MSL_R4(r,b,b,b) KLAB_MSL_R4(g,r,r,r) KLAB_MSL_R4(g,r,r,g) \
  KLAB_MSL_R4(g,r,r,b) KLAB_MSL_R4(g,r,g,r) KLAB_MSL_R4(g,r,g,g) KLAB_MSL_R4(g,r,g,b) KLAB_MSL_R4(g,r,b,r) \
  KLAB_MSL_R4(g,r,b,g) KLAB_MSL_R4(g,r,b,b) KLAB_MSL_R4(g,g,r,r) KLAB_MSL_R4(g,g,r,g) KLAB_MSL_R4(g,g,r,b) \
  KLAB_MSL_R4(g,g,g,r) KLAB_MSL_R4(g,g,g,g) KLAB_MSL_R4(g,g,g,b) KLAB_MSL_R4(g,g,b,r) KLAB_MSL_R4(g,g,b,g) \
  KLAB_MSL_R4(g,g,b,b) KLAB_MSL_R4(g,b,r,r) KLAB_MSL_R4(g,b,r,g) KLAB_MSL_R4(g,b,r,b) KLAB_MSL_R4(g,b,g,r) \
  KLAB_MSL_R4(g,b,g,g) KLAB_MSL_R4(g,b,g,b) KLAB_MSL_R4(g,b,b,r) KLAB_MSL_R4(g,b,b,g) KLAB_MSL_R4(g,b,b,b) \
  KLAB_MSL_R4(b,r,r,r) KLAB_MSL_R4(b,r,r,g) KLAB_MSL_R4(b,r,r,b) KLAB_MSL_R4(b,r,g,r) KLAB_MSL_R4(b,r,g,g) \
  KLAB_MSL_R4(b,r,g,b) KLAB_MSL_R4(b,r,b,r) KLAB_MSL_R4(b,r,b,g) KLAB_MSL_R4(b,r,b,b) KLAB_MSL_R4(b,g,r,r) \
  KLAB_MSL_R4(b,g,r,g) KLAB_MSL_R4(b,g,r,b) KLAB_MSL_R4(b,g,g,r) KLAB_MSL_R4(b,g,g,g) KLAB_MSL_R4(b,g,g,b) \
  KLAB_MSL_R4(b,g,b,r) KLAB_MSL_R4(b,g,b,g) KLAB_MSL_R4(b,g,b,b) KLAB_MSL_R4(b,b,r,r) KLAB_MSL_R4(b,b,r,g) \
  KLAB_MSL_R4(b,b,r,b) KLAB_MSL_R4(b,b,g,r) KLAB_MSL_R4(b,b,g,g) KLAB_MSL_R4(b,b,g,b) KLAB_MSL_R4(b,b,b,r) \
  KLAB_MSL_R4(b,b,b,g) KLAB_MSL_R4(b,b,b,b)

#define KLAB_MSL_SWIZZLES4 \
  KLAB_MSL_R2(x,x) KLAB_MSL_W2(x,y) KLAB_MSL_W2(x,z) KLAB_MSL_W2(x,w) KLAB_MSL_W2(y,x) KLAB_MSL_R2(y,y) \
  KLAB_MSL_W2(y,z) KLAB_MSL_W2(y,w) KLAB_MSL_W2(z,x) KLAB_MSL_W2(z,y) KLAB_MSL_R2(z,z) KLAB_MSL_W2(z,w) \
  KLAB_MSL_W2(w,x) KLAB_MSL_W2(w,y) KLAB_MSL_W2(w,z) KLAB_MSL_R2(w,w) KLAB_MSL_R3(x,x,x) KLAB_MSL_R3(x,x,y) \
  KLAB_MSL_R3(x,x,z) KLAB_MSL_R3(x,x,w) KLAB_MSL_R3(x,y,x) KLAB_MSL_R3(x,y,y) KLAB_MSL_W3(x,y,z) KLAB_MSL_W3(x,y,w) \
  KLAB_MSL_R3(x,z,x) KLAB_MSL_W3(x,z,y) KLAB_MSL_R3(x,z,z) KLAB_MSL_W3(x,z,w) KLAB_MSL_R3(x,w,x) KLAB_MSL_W3(x,w,y) \
  KLAB_MSL_W3(x,w,z) KLAB_MSL_R3(x,w,w) KLAB_MSL_R3(y,x,x) KLAB_MSL_R3(y,x,y) KLAB_MSL_W3(y,x,z) KLAB_MSL_W3(y,x,w) \
  KLAB_MSL_R3(y,y,x) KLAB_MSL_R3(y,y,y) KLAB_MSL_R3(y,y,z) KLAB_MSL_R3(y,y,w) KLAB_MSL_W3(y,z,x) KLAB_MSL_R3(y,z,y) \
  KLAB_MSL_R3(y,z,z) KLAB_MSL_W3(y,z,w) KLAB_MSL_W3(y,w,x) KLAB_MSL_R3(y,w,y) KLAB_MSL_W3(y,w,z) KLAB_MSL_R3(y,w,w) \
  KLAB_MSL_R3(z,x,x) KLAB_MSL_W3(z,x,y) KLAB_MSL_R3(z,x,z) KLAB_MSL_W3(z,x,w) KLAB_MSL_W3(z,y,x) KLAB_MSL_R3(z,y,y) \
  KLAB_MSL_R3(z,y,z) KLAB_MSL_W3(z,y,w) KLAB_MSL_R3(z,z,x) KLAB_MSL_R3(z,z,y) KLAB_MSL_R3(z,z,z) KLAB_MSL_R3(z,z,w) \
  KLAB_MSL_W3(z,w,x) KLAB_MSL_W3(z,w,y) KLAB_MSL_R3(z,w,z) KLAB_MSL_R3(z,w,w) KLAB_MSL_R3(w,x,x) KLAB_MSL_W3(w,x,y) \
  KLAB_MSL_W3(w,x,z) KLAB_MSL_R3(w,x,w) KLAB_MSL_W3(w,y,x) KLAB_MSL_R3(w,y,y) KLAB_MSL_W3(w,y,z) KLAB_MSL_R3(w,y,w) \
  KLAB_MSL_W3(w,z,x) KLAB_MSL_W3(w,z,y) KLAB_MSL_R3(w,z,z) KLAB_MSL_R3(w,z,w) KLAB_MSL_R3(w,w,x) KLAB_MSL_R3(w,w,y) \
  KLAB_MSL_R3(w,w,z) KLAB_MSL_R3(w,w,w) KLAB_MSL_R4(x,x,x,x) KLAB_MSL_R4(x,x,x,y) KLAB_MSL_R4(x,x,x,z) \
  KLAB_MSL_R4(x,x,x,w) KLAB_MSL_R4(x,x,y,x) KLAB_MSL_R4(x,x,y,y) KLAB_MSL_R4(x,x,y,z) KLAB_MSL_R4(x,x,y,w) \
  KLAB_MSL_R4(x,x,z,x) KLAB_MSL_R4(x,x,z,y) KLAB_MSL_R4(x,x,z,z) KLAB_MSL_R4(x,x,z,w) KLAB_MSL_R4(x,x,w,x) \
  KLAB_MSL_R4(x,x,w,y) KLAB_MSL_R4(x,x,w,z) KLAB_MSL_R4(x,x,w,w) KLAB_MSL_R4(x,y,x,x) KLAB_MSL_R4(x,y,x,y) \
  KLAB_MSL_R4(x,y,x,z) KLAB_MSL_R4(x,y,x,w) KLAB_MSL_R4(x,y,y,x) KLAB_MSL_R4(x,y,y,y) KLAB_MSL_R4(x,y,y,z) \
  KLAB_MSL_R4(x,y,y,w) KLAB_MSL_R4(x,y,z,x) KLAB_MSL_R4(x,y,z,y) KLAB_MSL_R4(x,y,z,z) KLAB_MSL_W4(x,y,z,w) \
  KLAB_MSL_R4(x,y,w,x) KLAB_MSL_R4(x,y,w,y) KLAB_MSL_W4(x,y,w,z) KLAB_MSL_R4(x,y,w,w) KLAB_MSL_R4(x,z,x,x) \
  KLAB_MSL_R4(x,z,x,y) KLAB_MSL_R4(x,z,x,z) KLAB_MSL_R4(x,z,x,w) KLAB_MSL_R4(x,z,y,x) KLAB_MSL_R4(x,z,y,y) \
  KLAB_MSL_R4(x,z,y,z) KLAB_MSL_W4(x,z,y,w) KLAB_MSL_R4(x,z,z,x) KLAB_MSL_R4(x,z,z,y) KLAB_MSL_R4(x,z,z,z) \
  KLAB_MSL_R4(x,z,z,w) KLAB_MSL_R4(x,z,w,x) KLAB_MSL_W4(x,z,w,y) KLAB_MSL_R4(x,z,w,z) KLAB_MSL_R4(x,z,w,w) \
  KLAB_MSL_R4(x,w,x,x) KLAB_MSL_R4(x,w,x,y) KLAB_MSL_R4(x,w,x,z) KLAB_MSL_R4(x,w,x,w) KLAB_MSL_R4(x,w,y,x) \
  KLAB_MSL_R4(x,w,y,y) KLAB_MSL_W4(x,w,y,z) KLAB_MSL_R4(x,w,y,w) KLAB_MSL_R4(x,w,z,x) KLAB_MSL_W4(x,w,z,y) \
  KLAB_MSL_R4(x,w,z,z) KLAB_MSL_R4(x,w,z,w) KLAB_MSL_R4(x,w,w,x) KLAB_MSL_R4(x,w,w,y) KLAB_MSL_R4(x,w,w,z) \
  KLAB_MSL_R4(x,w,w,w) KLAB_MSL_R4(y,x,x,x) KLAB_MSL_R4(y,x,x,y) KLAB_MSL_R4(y,x,x,z) KLAB_MSL_R4(y,x,x,w) \
  KLAB_MSL_R4(y,x,y,x) KLAB_MSL_R4(y,x,y,y) KLAB_MSL_R4(y,x,y,z) KLAB_MSL_R4(y,x,y,w) KLAB_MSL_R4(y,x,z,x) \
  KLAB_MSL_R4(y,x,z,y) KLAB_MSL_R4(y,x,z,z) KLAB_MSL_W4(y,x,z,w) KLAB_MSL_R4(y,x,w,x) KLAB_MSL_R4(y,x,w,y) \
  KLAB_MSL_W4(y,x,w,z) KLAB_MSL_R4(y,x,w,w) KLAB_MSL_R4(y,y,x,x) KLAB_MSL_R4(y,y,x,y) KLAB_MSL_R4(y,y,x,z) \
  KLAB_MSL_R4(y,y,x,w) KLAB_MSL_R4(y,y,y,x) KLAB_MSL_R4(y,y,y,y) KLAB_MSL_R4(y,y,y,z) KLAB_MSL_R4(y,y,y,w) \
  KLAB_MSL_R4(y,y,z,x) KLAB_MSL_R4(y,y,z,y) KLAB_MSL_R4(y,y,z,z) KLAB_MSL_R4(y,y,z,w) KLAB_MSL_R4(y,y,w,x) \
  KLAB_MSL_R4(y,y,w,y) KLAB_MSL_R4(y,y,w,z) KLAB_MSL_R4(y,y,w,w) KLAB_MSL_R4(y,z,x,x) KLAB_MSL_R4(y,z,x,y) \
  KLAB_MSL_R4(y,z,x,z) KLAB_MSL_W4(y,z,x,w) KLAB_MSL_R4(y,z,y,x) KLAB_MSL_R4(y,z,y,y) KLAB_MSL_R4(y,z,y,z) \
  KLAB_MSL_R4(y,z,y,w) KLAB_MSL_R4(y,z,z,x) KLAB_MSL_R4(y,z,z,y) KLAB_MSL_R4(y,z,z,z) KLAB_MSL_R4(y,z,z,w) \
  KLAB_MSL_W4(y,z,w,x) KLAB_MSL_R4(y,z,w,y) KLAB_MSL_R4(y,z,w,z) KLAB_MSL_R4(y,z,w,w) KLAB_MSL_R4(y,w,x,x) \
  KLAB_MSL_R4(y,w,x,y) KLAB_MSL_W4(y,w,x,z) KLAB_MSL_R4(y,w,x,w) KLAB_MSL_R4(y,w,y,x) KLAB_MSL_R4(y,w,y,y) \
  KLAB_MSL_R4(y,w,y,z) KLAB_MSL_R4(y,w,y,w) KLAB_MSL_W4(y,w,z,x) KLAB_MSL_R4(y,w,z,y) KLAB_MSL_R4(y,w,z,z) \
  KLAB_MSL_R4(y,w,z,w) KLAB_MSL_R4(y,w,w,x) KLAB_MSL_R4(y,w,w,y) KLAB_MSL_R4(y,w,w,z) KLAB_MSL_R4(y,w,w,w) \
  KLAB_MSL_R4(z,x,x,x) KLAB_MSL_R4(z,x,x,y) KLAB_MSL_R4(z,x,x,z) KLAB_MSL_R4(z,x,x,w) KLAB_MSL_R4(z,x,y,x) \
  KLAB_MSL_R4(z,x,y,y) KLAB_MSL_R4(z,x,y,z) KLAB_MSL_W4(z,x,y,w) KLAB_MSL_R4(z,x,z,x) KLAB_MSL_R4(z,x,z,y) \
  KLAB_MSL_R4(z,x,z,z) KLAB_MSL_R4(z,x,z,w) KLAB_MSL_R4(z,x,w,x) KLAB_MSL_W4(z,x,w,y) KLAB_MSL_R4(z,x,w,z) \
  KLAB_MSL_R4(z,x,w,w) KLAB_MSL_R4(z,y,x,x) KLAB_MSL_R4(z,y,x,y) KLAB_MSL_R4(z,y,x,z) KLAB_MSL_W4(z,y,x,w) \
  KLAB_MSL_R4(z,y,y,x) KLAB_MSL_R4(z,y,y,y) KLAB_MSL_R4(z,y,y,z) KLAB_MSL_R4(z,y,y,w) KLAB_MSL_R4(z,y,z,x) \
  KLAB_MSL_R4(z,y,z,y) KLAB_MSL_R4(z,y,z,z) KLAB_MSL_R4(z,y,z,w) KLAB_MSL_W4(z,y,w,x) KLAB_MSL_R4(z,y,w,y) \
  KLAB_MSL_R4(z,y,w,z) KLAB_MSL_R4(z,y,w,w) KLAB_MSL_R4(z,z,x,x) KLAB_MSL_R4(z,z,x,y) KLAB_MSL_R4(z,z,x,z) \
  KLAB_MSL_R4(z,z,x,w) KLAB_MSL_R4(z,z,y,x) KLAB_MSL_R4(z,z,y,y) KLAB_MSL_R4(z,z,y,z) KLAB_MSL_R4(z,z,y,w) \
  KLAB_MSL_R4(z,z,z,x) KLAB_MSL_R4(z,z,z,y) KLAB_MSL_R4(z,z,z,z) KLAB_MSL_R4(z,z,z,w) KLAB_MSL_R4(z,z,w,x) \
  KLAB_MSL_R4(z,z,w,y) KLAB_MSL_R4(z,z,w,z) KLAB_MSL_R4(z,z,w,w) KLAB_MSL_R4(z,w,x,x) KLAB_MSL_W4(z,w,x,y) \
  KLAB_MSL_R4(z,w,x,z) KLAB_MSL_R4(z,w,x,w) KLAB_MSL_W4(z,w,y,x) KLAB_MSL_R4(z,w,y,y) KLAB_MSL_R4(z,w,y,z) \
  KLAB_MSL_R4(z,w,y,w) KLAB_MSL_R4(z,w,z,x) KLAB_MSL_R4(z,w,z,y) KLAB_MSL_R4(z,w,z,z) KLAB_MSL_R4(z,w,z,w) \
  KLAB_MSL_R4(z,w,w,x) KLAB_MSL_R4(z,w,w,y) KLAB_MSL_R4(z,w,w,z) KLAB_MSL_R4(z,w,w,w) KLAB_MSL_R4(w,x,x,x) \
  KLAB_MSL_R4(w,x,x,y) KLAB_MSL_R4(w,x,x,z) KLAB_MSL_R4(w,x,x,w) KLAB_MSL_R4(w,x,y,x) KLAB_MSL_R4(w,x,y,y) \
  KLAB_MSL_W4(w,x,y,z) KLAB_MSL_R4(w,x,y,w) KLAB_MSL_R4(w,x,z,x) KLAB_MSL_W4(w,x,z,y) KLAB_MSL_R4(w,x,z,z) \
  KLAB_MSL_R4(w,x,z,w) KLAB_MSL_R4(w,x,w,x) KLAB_MSL_R4(w,x,w,y) KLAB_MSL_R4(w,x,w,z) KLAB_MSL_R4(w,x,w,w) \
  KLAB_MSL_R4(w,y,x,x) KLAB_MSL_R4(w,y,x,y) KLAB_MSL_W4(w,y,x,z) KLAB_MSL_R4(w,y,x,w) KLAB_MSL_R4(w,y,y,x) \
  KLAB_MSL_R4(w,y,y,y) KLAB_MSL_R4(w,y,y,z) KLAB_MSL_R4(w,y,y,w) KLAB_MSL_W4(w,y,z,x) KLAB_MSL_R4(w,y,z,y) \
  KLAB_MSL_R4(w,y,z,z) KLAB_MSL_R4(w,y,z,w) KLAB_MSL_R4(w,y,w,x) KLAB_MSL_R4(w,y,w,y) KLAB_MSL_R4(w,y,w,z) \
  KLAB_MSL_R4(w,y,w,w) KLAB_MSL_R4(w,z,x,x) KLAB_MSL_W4(w,z,x,y) KLAB_MSL_R4(w,z,x,z) KLAB_MSL_R4(w,z,x,w) \
  KLAB_MSL_W4(w,z,y,x) KLAB_MSL_R4(w,z,y,y) KLAB_MSL_R4(w,z,y,z) KLAB_MSL_R4(w,z,y,w) KLAB_MSL_R4(w,z,z,x) \
  KLAB_MSL_R4(w,z,z,y) KLAB_MSL_R4(w,z,z,z) KLAB_MSL_R4(w,z,z,w) KLAB_MSL_R4(w,z,w,x) KLAB_MSL_R4(w,z,w,y) \
  KLAB_MSL_R4(w,z,w,z) KLAB_MSL_R4(w,z,w,w) KLAB_MSL_R4(w,w,x,x) KLAB_MSL_R4(w,w,x,y) KLAB_MSL_R4(w,w,x,z) \
  KLAB_MSL_R4(w,w,x,w) KLAB_MSL_R4(w,w,y,x) KLAB_MSL_R4(w,w,y,y) KLAB_MSL_R4(w,w,y,z) KLAB_MSL_R4(w,w,y,w) \
  KLAB_MSL_R4(w,w,z,x) KLAB_MSL_R4(w,w,z,y) KLAB_MSL_R4(w,w,z,z) KLAB_MSL_R4(w,w,z,w) KLAB_MSL_R4(w,w,w,x) \
  KLAB_MSL_R4(w,w,w,y) KLAB_MSL_R4(w,w,w,z) KLAB_MSL_R4(w,w,w,w) KLAB_MSL_R2(r,r) KLAB_MSL_W2(r,g) KLAB_MSL_W2(r,b) \
  KLAB_MSL_W2(r,a) KLAB_MSL_W2(g,r) KLAB_MSL_R2(g,g) KLAB_MSL_W2(g,b) KLAB_MSL_W2(g,a) KLAB_MSL_W2(b,r) \
  KLAB_MSL_W2(b,g) KLAB_MSL_R2(b,b) KLAB_MSL_W2(b,a) KLAB_MSL_W2(a,r) KLAB_MSL_W2(a,g) KLAB_MSL_W2(a,b) \
  KLAB_MSL_R2(a,a) KLAB_MSL_R3(r,r,r) KLAB_MSL_R3(r,r,g) KLAB_MSL_R3(r,r,b) KLAB_MSL_R3(r,r,a) KLAB_MSL_R3(r,g,r) \
  KLAB_MSL_R3(r,g,g) KLAB_MSL_W3(r,g,b) KLAB_MSL_W3(r,g,a) KLAB_MSL_R3(r,b,r) KLAB_MSL_W3(r,b,g) KLAB_MSL_R3(r,b,b) \
  KLAB_MSL_W3(r,b,a) KLAB_MSL_R3(r,a,r) KLAB_MSL_W3(r,a,g) KLAB_MSL_W3(r,a,b) KLAB_MSL_R3(r,a,a) KLAB_MSL_R3(g,r,r) \
  KLAB_MSL_R3(g,r,g) KLAB_MSL_W3(g,r,b) KLAB_MSL_W3(g,r,a) KLAB_MSL_R3(g,g,r) KLAB_MSL_R3(g,g,g) KLAB_MSL_R3(g,g,b) \
  KLAB_MSL_R3(g,g,a) KLAB_MSL_W3(g,b,r) KLAB_MSL_R3(g,b,g) KLAB_MSL_R3(g,b,b) KLAB_MSL_W3(g,b,a) KLAB_MSL_W3(g,a,r) \
  KLAB_MSL_R3(g,a,g) KLAB_MSL_W3(g,a,b) KLAB_MSL_R3(g,a,a) KLAB_MSL_R3(b,r,r) KLAB_MSL_W3(b,r,g) KLAB_MSL_R3(b,r,b) \
  KLAB_MSL_W3(b,r,a) KLAB_MSL_W3(b,g,r) KLAB_MSL_R3(b,g,g) KLAB_MSL_R3(b,g,b) KLAB_MSL_W3(b,g,a) KLAB_MSL_R3(b,b,r) \
  KLAB_MSL_R3(b,b,g) KLAB_MSL_R3(b,b,b) KLAB_MSL_R3(b,b,a) KLAB_MSL_W3(b,a,r) KLAB_MSL_W3(b,a,g) KLAB_MSL_R3(b,a,b) \
  KLAB_MSL_R3(b,a,a) KLAB_MSL_R3(a,r,r) KLAB_MSL_W3(a,r,g) KLAB_MSL_W3(a,r,b) KLAB_MSL_R3(a,r,a) KLAB_MSL_W3(a,g,r) \
  KLAB_MSL_R3(a,g,g) KLAB_MSL_W3(a,g,b) KLAB_MSL_R3(a,g,a) KLAB_MSL_W3(a,b,r) KLAB_MSL_W3(a,b,g) KLAB_MSL_R3(a,b,b) \
  KLAB_MSL_R3(a,b,a) KLAB_MSL_R3(a,a,r) KLAB_MSL_R3(a,a,g) KLAB_MSL_R3(a,a,b) KLAB_MSL_R3(a,a,a) KLAB_MSL_R4(r,r,r,r) \
  KLAB_MSL_R4(r,r,r,g) KLAB_MSL_R4(r,r,r,b) KLAB_MSL_R4(r,r,r,a) KLAB_MSL_R4(r,r,g,r) KLAB_MSL_R4(r,r,g,g) \
  KLAB_MSL_R4(r,r,g,b) KLAB_MSL_R4(r,r,g,a) KLAB_MSL_R4(r,r,b,r) KLAB_MSL_R4(r,r,b,g) KLAB_MSL_R4(r,r,b,b) \
  KLAB_MSL_R4(r,r,b,a) KLAB_MSL_R4(r,r,a,r) KLAB_MSL_R4(r,r,a,g) KLAB_MSL_R4(r,r,a,b) KLAB_MSL_R4(r,r,a,a) \
  KLAB_MSL_R4(r,g,r,r) KLAB_MSL_R4(r,g,r,g) KLAB_MSL_R4(r,g,r,b) KLAB_MSL_R4(r,g,r,a) KLAB_MSL_R4(r,g,g,r) \
  KLAB_MSL_R4(r,g,g,g) KLAB_MSL_R4(r,g,g,b) KLAB_MSL_R4(r,g,g,a) KLAB_MSL_R4(r,g,b,r) KLAB_MSL_R4(r,g,b,g) \
  KLAB_MSL_R4(r,g,b,b) KLAB_MSL_W4(r,g,b,a) KLAB_MSL_R4(r,g,a,r) KLAB_MSL_R4(r,g,a,g) KLAB_MSL_W4(r,g,a,b) \
  KLAB_MSL_R4(r,g,a,a) KLAB_MSL_R4(r,b,r,r) KLAB_MSL_R4(r,b,r,g) KLAB_MSL_R4(r,b,r,b) KLAB_MSL_R4(r,b,r,a) \
  KLAB_MSL_R4(r,b,g,r) KLAB_MSL_R4(r,b,g,g) KLAB_MSL_R4(r,b,g,b) KLAB_MSL_W4(r,b,g,a) KLAB_MSL_R4(r,b,b,r) \
  KLAB_MSL_R4(r,b,b,g) KLAB_MSL_R4(r,b,b,b) KLAB_MSL_R4(r,b,b,a) KLAB_MSL_R4(r,b,a,r) KLAB_MSL_W4(r,b,a,g) \
  KLAB_MSL_R4(r,b,a,b) KLAB_MSL_R4(r,b,a,a) KLAB_MSL_R4(r,a,r,r) KLAB_MSL_R4(r,a,r,g) KLAB_MSL_R4(r,a,r,b) \
  KLAB_MSL_R4(r,a,r,a) KLAB_MSL_R4(r,a,g,r) KLAB_MSL_R4(r,a,g,g) KLAB_MSL_W4(r,a,g,b) KLAB_MSL_R4(r,a,g,a) \
  KLAB_MSL_R4(r,a,b,r) KLAB_MSL_W4(r,a,b,g) KLAB_MSL_R4(r,a,b,b) KLAB_MSL_R4(r,a,b,a) KLAB_MSL_R4(r,a,a,r) \
  KLAB_MSL_R4(r,a,a,g) KLAB_MSL_R4(r,a,a,b) KLAB_MSL_R4(r,a,a,a) KLAB_MSL_R4(g,r,r,r) KLAB_MSL_R4(g,r,r,g) \
  KLAB_MSL_R4(g,r,r,b) KLAB_MSL_R4(g,r,r,a) KLAB_MSL_R4(g,r,g,r) KLAB_MSL_R4(g,r,g,g) KLAB_MSL_R4(g,r,g,b) \
  KLAB_MSL_R4(g,r,g,a) KLAB_MSL_R4(g,r,b,r) KLAB_MSL_R4(g,r,b,g) KLAB_MSL_R4(g,r,b,b) KLAB_MSL_W4(g,r,b,a) \
  KLAB_MSL_R4(g,r,a,r) KLAB_MSL_R4(g,r,a,g) KLAB_MSL_W4(g,r,a,b) KLAB_MSL_R4(g,r,a,a) KLAB_MSL_R4(g,g,r,r) \
  KLAB_MSL_R4(g,g,r,g) KLAB_MSL_R4(g,g,r,b) KLAB_MSL_R4(g,g,r,a) KLAB_MSL_R4(g,g,g,r) KLAB_MSL_R4(g,g,g,g) \
  KLAB_MSL_R4(g,g,g,b) KLAB_MSL_R4(g,g,g,a) KLAB_MSL_R4(g,g,b,r) KLAB_MSL_R4(g,g,b,g) KLAB_MSL_R4(g,g,b,b) \
  KLAB_MSL_R4(g,g,b,a) KLAB_MSL_R4(g,g,a,r) KLAB_MSL_R4(g,g,a,g) KLAB_MSL_R4(g,g,a,b) KLAB_MSL_R4(g,g,a,a) \
  KLAB_MSL_R4(g,b,r,r) KLAB_MSL_R4(g,b,r,g) KLAB_MSL_R4(g,b,r,b) KLAB_MSL_W4(g,b,r,a) KLAB_MSL_R4(g,b,g,r) \
  KLAB_MSL_R4(g,b,g,g) KLAB_MSL_R4(g,b,g,b) KLAB_MSL_R4(g,b,g,a) KLAB_MSL_R4(g,b,b,r) KLAB_MSL_R4(g,b,b,g) \
  KLAB_MSL_R4(g,b,b,b) KLAB_MSL_R4(g,b,b,a) KLAB_MSL_W4(g,b,a,r) KLAB_MSL_R4(g,b,a,g) KLAB_MSL_R4(g,b,a,b) \
  KLAB_MSL_R4(g,b,a,a) KLAB_MSL_R4(g,a,r,r) KLAB_MSL_R4(g,a,r,g) KLAB_MSL_W4(g,a,r,b) KLAB_MSL_R4(g,a,r,a) \
  KLAB_MSL_R4(g,a,g,r) KLAB_MSL_R4(g,a,g,g) KLAB_MSL_R4(g,a,g,b) KLAB_MSL_R4(g,a,g,a) KLAB_MSL_W4(g,a,b,r) \
  KLAB_MSL_R4(g,a,b,g) KLAB_MSL_R4(g,a,b,b) KLAB_MSL_R4(g,a,b,a) KLAB_MSL_R4(g,a,a,r) KLAB_MSL_R4(g,a,a,g) \
  KLAB_MSL_R4(g,a,a,b) KLAB_MSL_R4(g,a,a,a) KLAB_MSL_R4(b,r,r,r) KLAB_MSL_R4(b,r,r,g) KLAB_MSL_R4(b,r,r,b) \
  KLAB_MSL_R4(b,r,r,a) KLAB_MSL_R4(b,r,g,r) KLAB_MSL_R4(b,r,g,g) KLAB_MSL_R4(b,r,g,b) KLAB_MSL_W4(b,r,g,a) \
  KLAB_MSL_R4(b,r,b,r) KLAB_MSL_R4(b,r,b,g) KLAB_MSL_R4(b,r,b,b) KLAB_MSL_R4(b,r,b,a) KLAB_MSL_R4(b,r,a,r) \
  KLAB_MSL_W4(b,r,a,g) KLAB_MSL_R4(b,r,a,b) KLAB_MSL_R4(b,r,a,a) KLAB_MSL_R4(b,g,r,r) KLAB_MSL_R4(b,g,r,g) \
  KLAB_MSL_R4(b,g,r,b) KLAB_MSL_W4(b,g,r,a) KLAB_MSL_R4(b,g,g,r) KLAB_MSL_R4(b,g,g,g) KLAB_MSL_R4(b,g,g,b) \
  KLAB_MSL_R4(b,g,g,a) KLAB_MSL_R4(b,g,b,r) KLAB_MSL_R4(b,g,b,g) KLAB_MSL_R4(b,g,b,b) KLAB_MSL_R4(b,g,b,a) \
  KLAB_MSL_W4(b,g,a,r) KLAB_MSL_R4(b,g,a,g) KLAB_MSL_R4(b,g,a,b) KLAB_MSL_R4(b,g,a,a) KLAB_MSL_R4(b,b,r,r) \
  KLAB_MSL_R4(b,b,r,g) KLAB_MSL_R4(b,b,r,b) KLAB_MSL_R4(b,b,r,a) KLAB_MSL_R4(b,b,g,r) KLAB_MSL_R4(b,b,g,g) \
  KLAB_MSL_R4(b,b,g,b) KLAB_MSL_R4(b,b,g,a) KLAB_MSL_R4(b,b,b,r) KLAB_MSL_R4(b,b,b,g) KLAB_MSL_R4(b,b,b,b) \
  KLAB_MSL_R4(b,b,b,a) KLAB_MSL_R4(b,b,a,r) KLAB_MSL_R4(b,b,a,g) KLAB_MSL_R4(b,b,a,b) KLAB_MSL_R4(b,b,a,a) \
  KLAB_MSL_R4(b,a,r,r) KLAB_MSL_W4(b,a,r,g) KLAB_MSL_R4(b,a,r,b) KLAB_MSL_R4(b,a,r,a) KLAB_MSL_W4(b,a,g,r) \
  KLAB_MSL_R4(b,a,g,g) KLAB_MSL_R4(b,a,g,b) KLAB_MSL_R4(b,a,g,a) KLAB_MSL_R4(b,a,b,r) KLAB_MSL_R4(b,a,b,g) \
  KLAB_MSL_R4(b,a,b,b) KLAB_MSL_R4(b,a,b,a) KLAB_MSL_R4(b,a,a,r) KLAB_MSL_R4(b,a,a,g) KLAB_MSL_R4(b,a,a,b) \
  KLAB_MSL_R4(b,a,a,a) KLAB_MSL_R4(a,r,r,r) KLAB_MSL_R4(a,r,r,g) KLAB_MSL_R4(a,r,r,b) KLAB_MSL_R4(a,r,r,a) \
  KLAB_MSL_R4(a,r,g,r) KLAB_MSL_R4(a,r,g,g) KLAB_MSL_W4(a,r,g,b) KLAB_MSL_R4(a,r,g,a) KLAB_MSL_R4(a,r,b,r) \
  KLAB_MSL_W4(a,r,b,g) KLAB_MSL_R4(a,r,b,b) KLAB_MSL_R4(a,r,b,a) KLAB_MSL_R4(a,r,a,r) KLAB_MSL_R4(a,r,a,g) \
  KLAB_MSL_R4(a,r,a,b) KLAB_MSL_R4(a,r,a,a) KLAB_MSL_R4(a,g,r,r) KLAB_MSL_R4(a,g,r,g) KLAB_MSL_W4(a,g,r,b) \
  KLAB_MSL_R4(a,g,r,a) KLAB_MSL_R4(a,g,g,r) KLAB_MSL_R4(a,g,g,g) KLAB_MSL_R4(a,g,g,b) KLAB_MSL_R4(a,g,g,a) \
  KLAB_MSL_W4(a,g,b,r) KLAB_MSL_R4(a,g,b,g) KLAB_MSL_R4(a,g,b,b) KLAB_MSL_R4(a,g,b,a) KLAB_MSL_R4(a,g,a,r) \
  KLAB_MSL_R4(a,g,a,g) KLAB_MSL_R4(a,g,a,b) KLAB_MSL_R4(a,g,a,a) KLAB_MSL_R4(a,b,r,r) KLAB_MSL_W4(a,b,r,g) \
  KLAB_MSL_R4(a,b,r,b) KLAB_MSL_R4(a,b,r,a) KLAB_MSL_W4(a,b,g,r) KLAB_MSL_R4(a,b,g,g) KLAB_MSL_R4(a,b,g,b) \
  KLAB_MSL_R4(a,b,g,a) KLAB_MSL_R4(a,b,b,r) KLAB_MSL_R4(a,b,b,g) KLAB_MSL_R4(a,b,b,b) KLAB_MSL_R4(a,b,b,a) \
  KLAB_MSL_R4(a,b,a,r) KLAB_MSL_R4(a,b,a,g) KLAB_MSL_R4(a,b,a,b) KLAB_MSL_R4(a,b,a,a) KLAB_MSL_R4(a,a,r,r) \
  KLAB_MSL_R4(a,a,r,g) KLAB_MSL_R4(a,a,r,b) KLAB_MSL_R4(a,a,r,a) KLAB_MSL_R4(a,a,g,r) KLAB_MSL_R4(a,a,g,g) \
  KLAB_MSL_R4(a,a,g,b) KLAB_MSL_R4(a,a,g,a) KLAB_MSL_R4(a,a,b,r) KLAB_MSL_R4(a,a,b,g) KLAB_MSL_R4(a,a,b,b) \
  KLAB_MSL_R4(a,a,b,a) KLAB_MSL_R4(a,a,a,r) KLAB_MSL_R4(a,a,a,g) KLAB_MSL_R4(a,a,a,b) KLAB_MSL_R4(a,a,a,a)
