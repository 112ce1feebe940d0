import type { EvidenceRecord } from '#contract/evidence.ts'
import { packEvidence } from '#contract/evidence-file.ts'
import type { TreeNode } from '#contract/workspace.ts'
import { fakeMutants } from './fake-mutants.ts'

const m1 = `#include <metal_stdlib>
using namespace metal;

// C[n] = sum over k of A[k] * B[n][k]   (m = 1, B stored as n x k)
//
// One simdgroup per column of C; its 32 lanes stride over k in steps of four halves.
// Threads: 32 x COLUMNS. Threadgroup memory: none.
constant uint COLUMNS = 4;

template <bool hasBias>
static void dot_product(
    device const half* a,
    device const half* b,
    device half* c,
    device const half* bias,
    uint n, uint k,
    uint column, uint lane)
{
    float sum = 0.0f;
    device const half4* row = reinterpret_cast<device const half4*>(b + ulong(column) * k);
    device const half4* x = reinterpret_cast<device const half4*>(a);
    for (uint i = lane; i < k / 4; i += 32) {
        sum += dot(float4(row[i]), float4(x[i]));
    }
    for (uint i = (k & ~3u) + lane; i < k; i += 32) {
        sum = fma(float(a[i]), float(b[ulong(column) * k + i]), sum);
    }
    sum = simd_sum(sum);
    if (lane == 0) {
        if (hasBias) sum += float(bias[column]);
        c[column] = half(sum);
    }
}

kernel void m1_dot_product(
    device const half* a [[buffer(0)]],
    device const half* b [[buffer(1)]],
    device half* c [[buffer(2)]],
    constant uint& m [[buffer(3)]],
    constant uint& n [[buffer(4)]],
    constant uint& k [[buffer(5)]],
    uint3 group [[threadgroup_position_in_grid]],
    uint simdgroup [[simdgroup_index_in_threadgroup]],
    uint lane [[thread_index_in_simdgroup]])
{
    const uint column = group.x * COLUMNS + simdgroup;
    if (column >= n) return;
    dot_product<false>(a, b, c, nullptr, n, k, column, lane);
}

[[host_name("m1_dot_product_bias")]]
kernel void m1_with_bias(
    device const half* a [[buffer(0)]],
    device const half* b [[buffer(1)]],
    device half* c [[buffer(2)]],
    device const half* bias [[buffer(3)]],
    constant uint& m [[buffer(4)]],
    constant uint& n [[buffer(5)]],
    constant uint& k [[buffer(6)]],
    uint3 group [[threadgroup_position_in_grid]],
    uint simdgroup [[simdgroup_index_in_threadgroup]],
    uint lane [[thread_index_in_simdgroup]])
{
    const uint column = group.x * COLUMNS + simdgroup;
    if (column >= n) return;
    dot_product<true>(a, b, c, bias, n, k, column, lane);
}
`

const naive = `#include <metal_stdlib>
using namespace metal;

// C[i][j] = sum over k of A[i][k] * B[k][j], one thread per element of C.
kernel void sgemm_naive(
    device const float* a [[buffer(0)]],
    device const float* b [[buffer(1)]],
    device float* c [[buffer(2)]],
    constant uint3& mnk [[buffer(3)]],
    uint2 at [[thread_position_in_grid]])
{
    if (at.y >= mnk.x || at.x >= mnk.y) return;
    float sum = 0.0f;
    for (uint i = 0; i < mnk.z; ++i) sum += a[at.y * mnk.z + i] * b[i * mnk.y + at.x];
    c[at.y * mnk.y + at.x] = sum;
}
`

const supports = (flags: Record<string, boolean>, functionName: string) => ({
  transposeA: false,
  transposeB: true,
  smallK: false,
  smallMN: true,
  batch: false,
  bias: false,
  accumulate: false,
  ...flags,
  functionName,
})

const manifest = {
  mps: [
    {
      name: 'mps',
      baseline: true,
      supports: supports({ transposeA: true, smallK: true, batch: true, bias: true, accumulate: true }, 'mps'),
    },
  ],
  m1_optimized: [
    { name: 'dot_bn128', library: 'm1_dot_product', supports: supports({}, 'm1_dot_product') },
    {
      name: 'dot_bn128_bias',
      library: 'm1_dot_product',
      supports: { ...supports({ bias: true }, 'm1_dot_product'), functionNameBias: 'm1_dot_product_bias' },
    },
    {
      name: 'dot_bn64_tg64',
      library: 'm1_dot_product',
      enabled: false,
      supports: { ...supports({}, 'm1_dot_product'), largeK: true },
    },
  ],
  sgemm: [
    { name: 'naive', library: 'sgemm_naive', supports: supports({ transposeB: false, smallK: true }, 'sgemm_naive') },
    ...[1, 2, 4, 8].map((blocks) => ({
      name: `tiled_simd${blocks}`,
      library: 'sgemm_tiled_simd',
      supports: supports({ transposeB: false, smallMN: false, batch: blocks > 2 }, `sgemm_tiled_simd${blocks}`),
    })),
  ],
}

const record: EvidenceRecord = {
  sourceHash: '9b1e44d07c52ab31',
  entryHash: '03aa5b19f0c27d64',
  compiler: 'clang 22.1.0',
  flags: '-O3',
  mathMode: 'default',
  deviceKind: 'cpu',
  deviceName: 'AMD EPYC 9654',
  labVersion: '0.1.0',
  provenAt: '2026-11-20T09:14:02Z',
  seeds: [1, 2, 3],
  shapes: [
    'm=1,n=896,k=896,tA=0,tB=1,batch=1,bias=1,alpha=1,beta=0,dtype=f16',
    'm=1,n=1152,k=896,tA=0,tB=1,batch=1,bias=1,alpha=1,beta=0,dtype=f16',
  ],
  gates: [
    { gate: 'bound', runs: 42, worstMargin: 0.213, worstShape: 'm=1,n=4864,k=896', worstSeed: 3 },
    { gate: 'exact', runs: 42, worstMargin: null, worstShape: 'm=1,n=896,k=896', worstSeed: 1 },
    { gate: 'guard', runs: 84, worstMargin: null, worstShape: 'm=1,n=896,k=896', worstSeed: 1 },
    { gate: 'poison', runs: 84, worstMargin: null, worstShape: 'm=1,n=896,k=896', worstSeed: 1 },
  ],
  sanitizer: {
    shapes: ['m=1,n=67,k=131', 'm=1,n=896,k=896'],
    checks: ['bounds', 'races', 'uninitialised', 'barriers'],
    schedules: 3,
  },
  mutants: fakeMutants,
}

const evidence = packEvidence({
  variant: 'm1_optimized/dot_bn128_bias',
  devices: { cpu: { transposeB: record, smallMN: record, bias: record } },
})

/** Texts of the scripted workspace by document id. */
export const fakeTexts: Record<string, string> = {
  m1,
  naive,
  tiled: naive.replaceAll('sgemm_naive', 'sgemm_tiled_simd4'),
  manifest: `${JSON.stringify(manifest, null, 2)}\n`,
  shapes: 'op=matmul | batch=1 | m=1 | n=896 | k=896 | tA=0 | tB=1:\n',
  launch: '{\n  "launches": {}\n}\n',
  evidence: `${JSON.stringify(evidence, null, 2)}\n`,
}

/** Its tree. */
export const fakeNodes: TreeNode[] = [
  { id: 'kernels', parentId: null, name: 'kernels', path: 'kernels', kind: 'folder' },
  { id: 'm1', parentId: 'kernels', name: 'm1_dot_product.metal', path: 'kernels/m1_dot_product.metal', kind: 'metal' },
  {
    id: 'launch',
    parentId: 'kernels',
    name: 'm1_dot_product.launch.json',
    path: 'kernels/m1_dot_product.launch.json',
    kind: 'launch',
  },
  { id: 'naive', parentId: 'kernels', name: 'sgemm_naive.metal', path: 'kernels/sgemm_naive.metal', kind: 'metal' },
  {
    id: 'tiled',
    parentId: 'kernels',
    name: 'sgemm_tiled_simd.metal',
    path: 'kernels/sgemm_tiled_simd.metal',
    kind: 'metal',
  },
  { id: 'manifests', parentId: null, name: 'manifests', path: 'manifests', kind: 'folder' },
  {
    id: 'manifest',
    parentId: 'manifests',
    name: 'variants_enhanced.json',
    path: 'manifests/variants_enhanced.json',
    kind: 'manifest',
  },
  { id: 'shapes', parentId: 'manifests', name: 'shapes.txt', path: 'manifests/shapes.txt', kind: 'shapes' },
  { id: 'ev', parentId: 'manifests', name: 'evidence', path: 'manifests/evidence', kind: 'folder' },
  { id: 'ev-m1', parentId: 'ev', name: 'm1_optimized', path: 'manifests/evidence/m1_optimized', kind: 'folder' },
  {
    id: 'evidence',
    parentId: 'ev-m1',
    name: 'dot_bn128_bias.json',
    path: 'manifests/evidence/m1_optimized/dot_bn128_bias.json',
    kind: 'evidence',
  },
]
