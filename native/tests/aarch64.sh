#!/bin/sh
# Builds the executor and the tests of it and of the MSL library for aarch64 and runs them under qemu: the other half of
# the context switch, and the library's arithmetic on another processor.
# Needs g++-aarch64-linux-gnu, qemu-user-static and clang; without them it says so and ends with 77 (skipped).
set -eu
cross=aarch64-linux-gnu
for clang in clang++-22 clang++-19 ""; do command -v "$clang" >/dev/null && break; done
for tool in "$cross-g++" qemu-aarch64-static "${clang:-clang++-22}"; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing (apt-get install g++-$cross qemu-user-static clang-22)"; exit 77; }
done
native=$(cd "$(dirname "$0")/.." && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
includes="-I$native -I$native/include -I$native/tests"

for source in "$native"/cpu/exec/*.cpp; do
  "$cross-g++" -std=c++20 -O2 $includes -c "$source" -o "$out/$(basename "$source" .cpp).o"
done
for test in exec_dispatch exec_rendezvous; do
  "$cross-g++" -std=c++20 -O2 -static -pthread $includes "$native/tests/$test.cpp" "$out"/*.o -o "$out/$test"
  qemu-aarch64-static "$out/$test"
done

gcc=$(dirname "$("$cross-g++" -print-libgcc-file-name)")
for test in msl_simd msl_matrix msl_values; do
  "$clang" --target=$cross --gcc-install-dir="$gcc" -fuse-ld="/usr/$cross/bin/ld" -static -pthread \
    -std=c++20 -O2 -w -mcpu=neoverse-n1 -fsigned-char -fno-math-errno -fno-fast-math -fno-omit-frame-pointer \
    -Xclang -ffloat16-excess-precision=none -Xclang -fconvergent-functions -DKLAB_FRAME_POINTERS=1 \
    -mllvm -enable-tail-merge=0 $includes "$native/tests/msl/$test.cpp" "$out"/*.o -lm -o "$out/$test"
  qemu-aarch64-static "$out/$test"
done
