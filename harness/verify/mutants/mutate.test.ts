import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { chooseMutants, mutantsOf } from './mutate.ts'

const changesOf = (text: string, entry = 'f') =>
  mutantsOf([{ path: '/k.metal', text }], [entry]).map(({ operator, line, change }) => `${operator} ${line}: ${change}`)

const wrap = (body: string, parameters = '') => `kernel void f(device float* C, uint K${parameters}) {\n${body}\n}\n`

describe('faults put into a kernel', () => {
  it.each([
    ['for (uint k = 0; k < K; k++) s();', 'drop-last-term 2: k < K → k + 1 < K'],
    ['for (uint k = 0; k < K; k += 8) s();', 'drop-last-term 2: k < K → k + (8) < K'],
    ['for (uint k = lane * 4; k < K; k += W * 4) s();', 'drop-first-term 2: lane * 4 → (lane * 4) + (W * 4)'],
    ['for (uint k = 0; k != K; k += 8) s();', 'drop-last-term 2: k != K → k + (8) != K'],
    ['for (uint k = 0; k <= last; ++k) s();', 'drop-last-term 2: k <= last → k + 1 <= last'],
    ['for (uint k = 0; k <= last; ++k) s();', 'off-by-one 2: k <= last → k < last'],
    ['for (uint k = 0; K > k; k++) s();', 'drop-last-term 2: K > k → K > k + 1'],
    ['for (uint k = K; k > 0; k--) s();', 'drop-last-term 2: k > 0 → k > 0 + 1'],
    ['for (uint k = K; k > 0; k -= 4) s();', 'drop-first-term 2: K → (K) - (4)'],
    ['for (uint s = W / 2; s > 0; s >>= 1) t();', 'drop-last-term 2: s > 0 → (s >> (1)) > 0'],
    ['for (uint k = 0; k < K; k = k + 2) s();', 'drop-last-term 2: k < K → k + (2) < K'],
    ['for (uint k = 0; k < K; p += 4, k++) s();', 'drop-last-term 2: k < K → k + 1 < K'],
    ['for (uint k = 0; k < K; k++, p += 4) s();', 'drop-first-term 2: 0 → (0) + 1'],
    ['for (uint k{0}; k < K; k++) s();', 'drop-first-term 2: 0 → (0) + 1'],
    ['while (k < K) { s(); k += 4; }', 'drop-last-term 2: k < K → k + (4) < K'],
    ['while (k != K) { s(); k++; }', 'drop-last-term 2: k != K → k + 1 != K'],
    ['while (k < K) { s(); k++; }', 'off-by-one 2: k < K → k <= K'],
    ['float sum{0};\nsum += a;', 'wrong-start 2: 0 → 1'],
    ['float4 sum = 0.0f;\nsum += a;', 'wrong-start 2: 0.0f → 1'],
    ['float sums[4] = {};\nsums[i] += a;', 'wrong-start 2: nothing → 1'],
    ['float sum{0};\nsum += x;', 'skip-sum 3: sum += x → nothing'],
    ['float sum = 0;\nsum += a * b;', 'accumulate-in-half 3: sum += a * b → sum = float(half(sum + (a * b)))'],
    [
      'float4 sum = 0;\nsum = fma(a, b, sum);',
      'accumulate-in-half 3: sum = fma(a, b, sum) → sum = float4(half4(fma(a, b, sum)))',
    ],
    ['float sum = 0;\nsum += x;', 'skip-sum 3: sum += x → nothing'],
    ['float v = simd_sum(x);', 'skip-reduction 2: simd_sum(x) → (x)'],
    [
      'threadgroup_barrier(mem_flags::mem_threadgroup);',
      'remove-barrier 2: threadgroup_barrier(mem_flags::mem_threadgroup) → nothing',
    ],
    ['if (row >= M || column >= N) return;', 'off-by-one 2: column >= N → column > N'],
    ['x = r < rows ? a : 0;', 'tighten-guard 2: r < rows → r + 1 < rows'],
    ['x = A[min(c, count - 1)];', 'drop-clamp 2: min(c, count - 1) → (c + 0 * (count - 1))'],
    ['C[row * N + n] = v;', 'swap-columns 2: row * N + n → (row * N + n) ^ 1'],
    ['C[n] = v;', 'skip-store 2: C[n] = v → nothing'],
    ['C += group.z * M * N;', 'ignore-offset 2: C += group.z * M * N → nothing'],
    ['x = ulong(group.z) * M;', 'wrong-batch-stride 2: M → (M + 1)'],
    ['v += bias[n];', 'skip-bias 2: bias[n] → (bias[n] * 0)'],
    [
      'v += float(bias[n + lane]);',
      'bias-but-one 2: bias[n + lane] → ((n + lane) == 2 ? bias[n + lane] * 0 : bias[n + lane])',
    ],
    ['v = alpha * s + beta * C[0];', 'ignore-beta 2: beta → (beta * 0)'],
    ['v = params->alpha * s;', 'ignore-alpha 2: params->alpha → (params->alpha * 0 + 1)'],
    [
      'threadgroup float T[8];\nfor (uint k0 = 0; k0 < K; k0 += 8) { T[i] = A[k0]; }',
      'stale-tile 3: T[i] = A[k0] → if (k0 == (0)) T[i] = A[k0]',
    ],
  ])('%s', (body, fault) => {
    expect(changesOf(wrap(body))).toContain(fault)
  })

  it('are put only where the entry reaches, through calls, types and macros', () => {
    const text = `#define TWICE(x) helper(x)
struct Loader { void load() { threadgroup_barrier(a); } };
static void helper(uint K) { for (uint i = 0; i < K; i++) g(); }
static void other(uint K) { for (uint i = 0; i < K; i++) g(); }
template <int N> kernel void t(uint K) { Loader l; l.load(); TWICE(K); }
template [[host_name("t4")]] kernel void t<4>(uint);
kernel void u(uint K) { other(K); }
`
    const lines = (entry: string) => new Set(mutantsOf([{ path: '/k.metal', text }], [entry]).map(({ line }) => line))
    expect(lines('t4')).toEqual(new Set([2, 3]))
    expect(lines('u')).toEqual(new Set([4]))
    expect(lines('made by a macro')).toEqual(new Set([2, 3, 4]))
  })

  it('are put into macros, at the lines that use them', () => {
    const text = `#define BODY(C) { float s = 0; \\
  for (uint k = 0; k < K; k++) s += A[k]; C[0] = s; }
%:def\\
ine OUTER(C) BODY(C)
#define UNUSED for (uint k = 0; k < K; k++) g();
kernel void f(device float* A, device float* C, uint K) {
  OUTER(C)
}
`
    const mutants = mutantsOf([{ path: '/k.metal', text }], ['f'])
    const found = mutants.map(({ operator, line, change }) => `${operator} ${line}: ${change}`)
    expect(found).toContain('drop-last-term 2: k < K → k + 1 < K')
    expect(found).toContain('skip-sum 2: s += A[k] → nothing')
    expect(found.filter((one) => / [1345]: /.test(one))).toEqual(['wrong-start 1: 0 → 1'])
    for (const { places } of mutants) expect(places).toEqual(['/k.metal:7'])
    expect(mutants[0]?.text.split('\n').length).toBe(text.split('\n').length)
  })

  it('leave comments, strings, declarations and private arrays of pointers alone', () => {
    const body =
      'device const half* rows[4];\nrows[c] = B; // C[n] = v; bias[n]\nconstant char* s = "C[n] = 1;"; /* if (a < b) */'
    expect(changesOf(wrap(body))).toEqual([])
  })

  it('differ from the kernel, one place each, in every kernel of the repository', () => {
    const folder = join(import.meta.dirname, '..', '..', '..', 'kernels')
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.metal'))) {
      const text = readFileSync(join(folder, name), 'utf8')
      const mutants = mutantsOf([{ path: name, text }], ['all of them'])
      expect(mutants.length, name).toBeGreaterThan(0)
      expect(new Set(mutants.map(({ id }) => id)).size, name).toBe(mutants.length)
      for (const mutant of mutants) expect(mutant.text, mutant.id).not.toBe(text)
      expect(new Set(mutants.map((mutant) => mutant.text)).size, name).toBeGreaterThan(mutants.length / 2)
    }
  })

  it('are chosen from every operator and from all over the kernel, the same ones every time', () => {
    const body = Array.from({ length: 9 }, (_, i) => `for (uint k = 0; k < K${i}; k++) s();`).join('\n')
    const all = mutantsOf([{ path: '/k.metal', text: wrap(`${body}\nC[n] = v;`) }], ['f'])
    const chosen = chooseMutants(all, 11)
    expect(chosen).toEqual(chooseMutants(all, 11))
    expect(new Set(chosen.map(({ operator }) => operator)).size).toBe(5)
    const lines = chosen.filter(({ operator }) => operator === 'drop-last-term').map(({ line }) => line)
    expect(lines).toEqual([2, 10, 6])
  })
})
