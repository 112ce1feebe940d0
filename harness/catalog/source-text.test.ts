import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { closureHash, includeClosure } from './source-closure.ts'
import { entriesInText } from './source-entries.ts'
import { makeFolder, putFile } from './workspace-fixture.ts'

describe('the include closure', () => {
  const makeSource = () => {
    const root = makeFolder({
      'k/a.metal': '#include <metal_stdlib>\n#include "b.h"\n  #  include <shared/c.h>\n',
      'k/b.h': '#include "../lib/d.h"\n#include "b.h"\n#include "a.metal"',
      'roots/shared/c.h': 'c',
      'lib/d.h': 'd',
    })
    const path = join(root, 'k/a.metal')
    return {
      root,
      source: {
        path,
        text: '#include <metal_stdlib>\n#include "b.h"\n  #  include <shared/c.h>\n',
        includeRoots: [join(root, 'roots')],
      },
    }
  }

  it('follows includes in order, circles included, and keeps system headers by name', () => {
    const { root, source } = makeSource()
    expect(includeClosure(source).map(({ name, path }) => [name, path?.slice(root.length)])).toEqual([
      ['metal_stdlib', undefined],
      ['b.h', '/k/b.h'],
      ['../lib/d.h', '/lib/d.h'],
      ['shared/c.h', '/roots/shared/c.h'],
    ])
  })

  it('has a hash that any byte of any file changes, and no other place does', () => {
    const { root, source } = makeSource()
    const before = closureHash(source)
    expect(closureHash(makeSource().source)).toBe(before)
    expect(closureHash({ ...source, text: `${source.text} ` })).not.toBe(before)
    putFile(root, 'lib/d.h', 'D')
    const deep = closureHash(source)
    expect(deep).not.toBe(before)
    putFile(root, 'roots/shared/c.h', 'C')
    expect(closureHash(source)).not.toBe(deep)
  })

  it.each([
    ['#define NAME "../far/x.h"\n#include NAME', 'far/x.h'],
    ['#define STR(x) #x\n#include STR(near.h)', 'k/near.h'],
    ['#define NAME <x.h>\n#import NAME', 'far/x.h'],
    ['#/**/include /* why */ "near.h"', 'k/near.h'],
    ['#include \\\n  "near.h"', 'k/near.h'],
  ])('sees what %j includes', (text, included) => {
    const root = makeFolder({ 'k/a.metal': text, 'k/near.h': 'near', 'far/x.h': 'far' })
    const source = { path: join(root, 'k/a.metal'), text, includeRoots: [join(root, 'far')] }
    const before = closureHash(source)
    putFile(root, included, 'changed')
    expect(closureHash(source)).not.toBe(before)
  })

  it('changes when a header appears that was missing', () => {
    const { root, source } = makeSource()
    const before = closureHash(source)
    putFile(root, 'roots/metal_stdlib', '')
    expect(closureHash(source)).not.toBe(before)
  })
})

describe('entriesInText', () => {
  const namesOf = (text: string) => [...entriesInText(text).names.keys()]

  it.each([
    ['kernel void one(device half* a) {}', ['one']],
    ['[[kernel]] void two() {}', ['two']],
    ['[[kernel, max_total_threads_per_threadgroup(64)]] void three() {}', ['three']],
    [
      'template <typename T>\nkernel void\nfour(device T* a) {}\ntemplate [[host_name("four_half")]] kernel void four<half>(device half*);',
      ['four_half', 'four'],
    ],
    ['// kernel void five() {}\n/* kernel void six() {} */ const char* x = "// kernel void seven() {}";', []],
    ['[[host_name("split" "_name")]] [[kernel]] void eight();', ['split_name', 'eight']],
  ])('%j has %o', (text, names) => {
    expect(namesOf(text).sort()).toEqual([...names].sort())
  })

  it('says where macros make names', () => {
    expect(entriesInText('#define I(t) template [[host_name("g_" #t)]] [[kernel]] void g<t>();').isOpen).toBe(true)
    expect(entriesInText('kernel void a() {}').isOpen).toBe(false)
  })
})
