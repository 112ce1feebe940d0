import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changedSources, proofSources, proofSourcesIn } from './proof-sources.ts'

const root = join(import.meta.dirname, '..', '..')

/** What a source imports of the lab, types left out: it may run. */
function importsOf(path: string): string[] {
  const statements = readFileSync(path, 'utf8').matchAll(
    /^(?:import|export)\s+(?!type\b)[^';]*?\sfrom\s+'([.#][^']+)'/gm,
  )
  return [...statements].map(([, from = '']) =>
    from.startsWith('#') ? join(root, from.slice(1)) : resolve(dirname(path), from),
  )
}

function reachedFrom(path: string, seen = new Set<string>()): Set<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const next of importsOf(path)) reachedFrom(next, seen)
  return seen
}

/** What a proof runs that finds the kernel, hands it to the device, keeps what came of it, or tells it. */
const isAround = (name: string) =>
  /^harness\/(bridge|store)\//.test(name) ||
  /^contract\/(analysis|device|diagnostic|error|evidence|evidence-file|evidence-text|tier)\.ts$/.test(name) ||
  [
    ...['current-device', 'entry-hash', 'flags', 'json-node', 'kernel-sources', 'launch-file', 'manifest-edit'],
    ...['manifest-file', 'manifest-variants', 'proof-sources', 'resolve-target', 'shape-warning', 'source-closure'],
    ...['source-entries', 'stale-evidence', 'text-position', 'workspace', 'workspace-scan', 'write-flags'],
  ].some((own) => name === `harness/catalog/${own}.ts`)

describe('the sources of a proof', () => {
  it('are all that it runs, but for what lies around the gates', () => {
    const reached = [...reachedFrom(join(root, 'harness/verify/run-proof.ts'))]
    const names = reached.map((path) => relative(root, path).split(sep).join('/'))
    expect(names.filter((name) => !(name in proofSources) && !isAround(name))).toEqual([])
    // One that holds types only is never run.
    const unused = Object.keys(proofSources).filter((name) => !names.includes(name))
    expect(unused).toEqual(['harness/verify/types.ts'])
  })

  describe('in another place', () => {
    let copy: string
    beforeEach(() => {
      copy = mkdtempSync(join(tmpdir(), 'klab-sources-'))
      for (const folder of ['contract', 'harness/analyse', 'harness/catalog', 'harness/verify'])
        cpSync(join(root, folder), join(copy, folder), { recursive: true })
    })
    afterEach(() => rmSync(copy, { recursive: true, force: true }))

    const change = (name: string, edit: (text: string) => string) => {
      const path = join(copy, name)
      writeFileSync(path, edit(readFileSync(path, 'utf8')))
    }
    const changed = () => changedSources(proofSources, proofSourcesIn(copy))

    it('are the same, whatever ends their lines', () => {
      expect(changed()).toBeNull()
      change('harness/verify/gates.ts', (text) => text.replaceAll('\n', '\r\n'))
      expect(changed()).toBeNull()
    })

    it('are named where they changed, came or went', () => {
      change('harness/verify/run-proof.test.ts', () => 'a test\n')
      change('harness/verify/run-verify.ts', () => 'another command\n')
      expect(changed()).toBeNull()
      change('harness/verify/error-bound.ts', (text) => text.replace('6', '7'))
      expect(changed()).toBe('the gates changed (harness/verify/error-bound.ts)')
      rmSync(join(copy, 'harness/verify/mutants/tokens.ts'))
      writeFileSync(join(copy, 'harness/verify/another.ts'), '')
      expect(changed()).toBe(
        'the gates changed (harness/verify/another.ts is new, harness/verify/error-bound.ts, harness/verify/mutants/tokens.ts is gone)',
      )
      change('contract/shape.ts', (text) => `${text}\n`)
      expect(changed()).toMatch(/^the gates changed \(contract\/shape\.ts, .*, 1 more\)$/)
    })
  })
})
