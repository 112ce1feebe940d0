import { describe, expect, it } from 'vitest'
import { declarationOf, instantiatedNames, isInAttribute, overlay } from './overlay.ts'

const kernel = `template <typename T>
[[kernel, max_total_threads_per_threadgroup(64)]]\r
void f(device T* a [[buffer(0),
       function_constant(x)]], threadgroup T* t [[threadgroup(0)]]) { a[t[0]] = 0; }
template [[host_name("f_half")]] [[kernel]]
decltype(f<half>) f<half>;
`

describe('overlay', () => {
  it('blanks attributes and instantiations, and keeps every position', () => {
    const seen = overlay(kernel)
    expect(seen.length).toBe(kernel.length)
    expect(seen.replace(/[^\r\n]/g, '')).toBe(kernel.replace(/[^\r\n]/g, ''))
    expect(seen).not.toMatch(/\[\[|host_name|f<half>/)
    expect(seen).toContain('a[t[0]] = 0;')
  })

  it('leaves an attribute that is still being written to itself', () => {
    const seen = overlay('kernel void f(device int* a [[buf, uint3 g [[thread_position_in_grid]]) { g.x; }')
    expect(seen).toContain('a [[buf, uint3 g')
    expect(seen).toContain(') { g.x; }')
  })

  it('finds the names of an instantiation, and where they are declared', () => {
    const names = instantiatedNames(kernel).filter(({ word }) => word === 'f')
    expect(names.map(({ begin }) => kernel.slice(begin, begin + 6))).toEqual(['f<half', 'f<half'])
    expect(declarationOf(kernel, 'f')).toBe(kernel.indexOf('f(device'))
    expect(declarationOf(kernel, 'a')).toBeNull()
    expect(declarationOf(kernel, 'half')).toBeNull()
  })

  it.each([
    ['void f(int a [[', true],
    ['void f(int a [[buffer(0), fun', true],
    ['void f(int a [[buffer(0)]]', false],
    ['a[b[0', false],
  ])('%s: inside an attribute %s', (text, expected) => {
    expect(isInAttribute(text, text.length)).toBe(expected)
  })
})
