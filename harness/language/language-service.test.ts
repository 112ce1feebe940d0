import { afterAll, describe, expect, it, vi } from 'vitest'
import { tokenModifiers, tokenTypes } from '#contract/language.ts'
import { must } from '../bridge/device-fixture.ts'
import { caretIn, LanguageBench, whyNoTool } from './language-fixture.ts'

const header = `#include <metal_stdlib>
using namespace metal;
// Distance of two rows.
inline uint pitch_of(uint columns) { return columns + 4; }
`
const before = `#include "pitch.h"
constant bool has_bias [[function_constant(0)]];
template <typename T>
[[kernel]] void scale(device T* out [[buffer(0)]], threadgroup float* tile [[threadgroup(0)]],
                      constant uint& n [[buffer(1)]], uint3 at [[thread_position_in_grid]]) {
`
const after = `
}
template [[host_name("scale_half")]] [[kernel]] decltype(scale<half>) scale<half>;
`
const bench = new LanguageBench({ 'pitch.h': header, 'scale.metal': before + after })
const documentId = bench.workspace.idOf('scale.metal')
const inBody = (marked: string) => ({ documentId, ...caretIn(before + marked + after) })
const complete = async (input: ReturnType<typeof inBody>) => must(await bench.ask('language.complete', input)).items
const hover = async (marked: string) =>
  must(await bench.ask('language.hover', inBody(marked))).hover?.contents.join('\n') ?? ''

afterAll(() => bench.close())

describe.skipIf(whyNoTool('clangd') !== null)('the language service', () => {
  it('completes functions of MSL with our words on them, and none of its inner names', async () => {
    // What headers declare becomes known a moment after the headers are read.
    const sum = await vi.waitFor(async () => {
      const items = await complete(inBody('  simd_|'))
      return items.find(({ label }) => label === 'simd_sum') ?? Promise.reject(new Error('not offered yet'))
    }, 10_000)
    expect(sum).toMatchObject({ kind: 'function', insert: expect.stringMatching(/^simd_sum\(\$\{1:/) })
    expect(sum.documentation).toMatch(/over the simdgroup/)
    const everything = await complete(inBody('  |'))
    const inner = /klab|KLAB|__/
    expect(everything.filter(({ label, detail, insert }) => inner.test(`${label}${detail}${insert}`))).toEqual([])
  })

  it('completes components before swizzles', async () => {
    const items = await complete(inBody('  float4 v = 0; v.|'))
    const labels = items.sort((a, b) => (a.sort < b.sort ? -1 : 1)).map(({ label }) => label)
    const words = labels.filter((label) => /^[xyzwrgba]+$/.test(label))
    expect(words.slice(0, 4)).toEqual(['x', 'y', 'z', 'w'])
    const narrowed = (await complete(inBody('  float4 v = 0; v.wz|'))).map(({ label }) => label)
    expect(narrowed).toContain('wzyx')
  })

  it('completes attributes inside brackets only', async () => {
    const marked = 'kernel void f(uint i [[thread_|'
    const labels = (await complete({ documentId, ...caretIn(marked) })).map(({ label }) => label)
    expect(labels).toContain('thread_position_in_grid')
    expect(labels).not.toContain('device')
  })

  it('offers skeletons where a kernel may begin', async () => {
    const outside = await complete({ documentId, ...caretIn(`${before}${after}\nker|`) })
    expect(outside.map(({ label }) => label)).toContain('kernel-naive')
    expect((await complete(inBody('  ker|'))).map(({ label }) => label)).not.toContain('kernel-naive')
  })

  it('says what words, attributes and variables are', async () => {
    expect(await hover('  thread|group_barrier(mem_flags::mem_none);')).toMatch(
      /void threadgroup_barrier\(mem_flags flags/,
    )
    expect(await hover('  const uint wi|dth = pitch_of(n);')).toContain('const uint width = pitch_of(n)')
    expect(await hover('  out[0] = pitch|_of(n);')).toContain('Distance of two rows.')
    expect(await hover('  float4 v = 0; float3 q = v.xy|z;')).toMatch(/`x`, `y`, `z`.*vector of 3.*assigned/)
    expect(await hover('  // a dev|ice')).toBe('')
    const attribute = caretIn(before.replace('buffer(0)', 'buf|fer(0)') + after)
    const answer = must(await bench.ask('language.hover', { documentId, ...attribute }))
    expect(answer.hover?.contents[0]).toMatch(/host binds/)
  })

  it('shows the signature of a call without what only the lab passes', async () => {
    const answer = must(await bench.ask('language.signature', inBody('  threadgroup_barrier(|')))
    const [signature] = answer.signatures
    expect(signature?.label).toMatch(/^threadgroup_barrier\(mem_flags flags, .*\) → void$/)
    expect(signature?.label).not.toMatch(/file|line/)
    expect(signature?.label.slice(...(signature.parameters[0] ?? []))).toBe('mem_flags flags')
  })

  it('goes to definitions in headers of the workspace and of the Metal library', async () => {
    const own = must(await bench.ask('language.definition', inBody('  uint p = pitch|_of(n);')))
    expect(own.locations).toMatchObject([
      { documentId: bench.workspace.idOf('pitch.h'), range: { line: 4 }, isLibrary: false },
    ])
    const library = must(await bench.ask('language.definition', inBody('  simdgroup_bar|rier(mem_flags::mem_none);')))
    const [place] = library.locations
    expect(place).toMatchObject({ isLibrary: true })
    const { text } = must(await bench.ask('language.library', { documentId: place?.documentId ?? '' }))
    expect(text.split('\n')[(place?.range.line ?? 0) - 1]).toContain('simdgroup_barrier')
    const outside = await bench.ask('language.library', { documentId: 'msl:../README.md' })
    expect(outside).toMatchObject({ ok: false, error: { kind: 'not-found' } })
  })

  it('renames a kernel with its instantiations, and refuses names that are not ours', async () => {
    const text = before + after
    const { position } = caretIn(text.replace('void scale', 'void sc|ale'))
    const { edits } = must(await bench.ask('language.rename', { documentId, text, position, name: 'scaled' }))
    expect(edits.map(({ range }) => range.line)).toEqual([4, 8, 8])
    const references = must(await bench.ask('language.references', inBody('  uint p = 1; out[p] = |p;')))
    expect(references.locations).toHaveLength(3)
    const refused = await bench.ask('language.rename', { ...inBody('  out[0] = simd_|sum(1);'), name: 'mine' })
    expect(refused).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.stringMatching(/library/) } })
  })

  it('tells which memory a name points to, and what a file declares', async () => {
    const text = `${before}  out[0] = tile[n];${after}`
    const { data } = must(await bench.ask('language.tokens', { documentId, text }))
    const seen = readTokens(text, data)
    expect(seen).toContain('device addressSpace')
    expect(seen).toContain('function_constant attribute')
    expect(seen).toContain('out variable device')
    expect(seen).toContain('tile variable threadgroup')
    expect(seen).toContain('n variable constant')
    const { symbols } = must(await bench.ask('language.symbols', { documentId, text }))
    expect(symbols.map(({ name, kind }) => `${kind} ${name}`)).toEqual(['variable has_bias', 'function scale'])
  })

  it('starts clangd again when it died', async () => {
    const { pid } = bench.service
    process.kill(pid ?? 0, 'SIGKILL')
    await expect.poll(() => bench.service.pid, { timeout: 5000 }).toBeUndefined()
    await expect
      .poll(async () => (await bench.ask('language.symbols', { documentId, text: before + after })).ok, {
        timeout: 10_000,
        interval: 250,
      })
      .toBe(true)
    expect(bench.service.pid).not.toBe(pid)
  })
})

/** `word type modifiers` of each token. */
function readTokens(text: string, data: readonly number[]): string[] {
  const lines = text.split('\n')
  let [line, column] = [0, 0]
  return Array.from({ length: data.length / 5 }, (_, index) => {
    const [down = 0, right = 0, length = 0, type = 0, bits = 0] = data.slice(index * 5, index * 5 + 5)
    column = down === 0 ? column + right : right
    line += down
    const modifiers = tokenModifiers.filter((_modifier, bit) => bits & (1 << bit))
    return [lines[line]?.slice(column, column + length), tokenTypes[type], ...modifiers].join(' ')
  })
}
