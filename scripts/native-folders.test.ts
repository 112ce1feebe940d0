import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { at } from './paths.ts'

const native = at('native')
/** The device itself: what its rooms share (buffers, ops) lies in the folder that puts them together. */
const sharedFolder = 'cpu'

/** What is not built into the lab: the MSL library, one header in many files, is compiled with kernels or read by an editor. */
const isBeside = (path: string) => ['msl/', 'editor/', 'tests/', 'fuzz/'].some((folder) => path.startsWith(folder))

const sources = readdirSync(native, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(cpp|h)$/.test(path) && !isBeside(path),
)

/** The file of native/ that an include in `from` means, undefined for a header of the system's. */
function included(from: string, name: string): string | undefined {
  return [dirname(from), '.', 'include']
    .map((base) => normalize(join(base, name)))
    .find((path) => existsSync(join(native, path)))
}

/** Folder → folders that it includes from. */
function folderGraph(): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>()
  for (const path of sources) {
    const folder = dirname(path)
    for (const [, name] of readFileSync(join(native, path), 'utf8').matchAll(/^\s*#include "([^"]+)"/gm)) {
      const target = included(path, name ?? '')
      const into = target && dirname(target)
      if (!into || into === folder || into === sharedFolder) continue
      graph.set(folder, (graph.get(folder) ?? new Set()).add(into))
    }
  }
  return graph
}

/** One way around for each folder that lies on one: "a → b → a". */
function waysAround(graph: Map<string, Set<string>>): string[] {
  const found: string[] = []
  for (const start of graph.keys()) {
    const seen = new Set<string>()
    const walk = (path: string[]): string[] | undefined => {
      for (const next of graph.get(path.at(-1) as string) ?? []) {
        if (next === start) return [...path, next]
        if (seen.has(next)) continue
        seen.add(next)
        const way = walk([...path, next])
        if (way) return way
      }
    }
    const way = walk([start])
    if (way) found.push(way.join(' → '))
  }
  return found
}

describe('folders of native/', () => {
  it('finds a way around', () => {
    const graph = new Map([
      ['a', new Set(['b', 'c'])],
      ['b', new Set(['c'])],
      ['c', new Set(['b'])],
    ])
    expect(waysAround(graph)).toEqual(['b → c → b', 'c → b → c'])
  })

  it('include one another in one direction', () => {
    const graph = folderGraph()
    expect(graph.get('cpu/compile')).toContain('cpu/compiler')
    expect(waysAround(graph)).toEqual([])
  })
})
