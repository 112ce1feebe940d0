#!/bin/sh
# Builds the executor's tests for aarch64 and runs them under qemu: the other half of the context switch.
# Needs g++-aarch64-linux-gnu and qemu-user-static; without them it says so and ends with 77 (skipped).
set -eu
for tool in aarch64-linux-gnu-g++ qemu-aarch64-static; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing (apt-get install g++-aarch64-linux-gnu qemu-user-static)"; exit 77; }
done
native=$(cd "$(dirname "$0")/.." && pwd)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for test in exec_dispatch exec_rendezvous; do
  aarch64-linux-gnu-g++ -std=c++20 -O2 -static -pthread -I"$native" -I"$native/include" -I"$native/tests" \
    "$native/tests/$test.cpp" "$native"/cpu/exec/*.cpp -o "$out/$test"
  qemu-aarch64-static "$out/$test"
done
