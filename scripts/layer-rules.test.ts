import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

/** [file that imports, what it imports]. One file each is written to a copy of the tree and linted. */
const forbidden: [string, string][] = [
  ['contract/a.ts', '#harness/a.ts'],
  ['contract/a.ts', 'node:fs'],
  ['contract/a.ts', 'react'],
  ['contract/a.ts', '../harness/a.ts'],
  ['harness/a.ts', '#electron/a.ts'],
  ['harness/a.ts', '#web/a.ts'],
  ['harness/a.ts', '#renderer/a.ts'],
  ['harness/a.ts', 'electron'],
  ['harness/a.ts', 'react'],
  ['harness/a.ts', 'ws'],
  ['harness/a.ts', 'koffi'],
  ['harness/bench/a.ts', 'koffi'],
  ['harness/bench/deep/a.ts', '../../../contract/a.ts'],
  ['harness/a.ts', '../web/a.ts'],
  ['harness/bridge/a.ts', 'electron'],
  ['electron/main/a.ts', '#web/a.ts'],
  ['electron/main/a.ts', '#renderer/a.ts'],
  ['electron/main/a.ts', '#harness/bridge/a.ts'],
  ['electron/main/a.ts', 'koffi'],
  ['electron/main/a.ts', 'react'],
  ['electron/main/a.ts', '../../harness/host/a.ts'],
  ['electron/preload/a.ts', 'node:fs'],
  ['electron/preload/a.ts', '#harness/host/a.ts'],
  ['web/a.ts', '#electron/a.ts'],
  ['web/a.ts', '#renderer/a.ts'],
  ['web/a.ts', '#harness/bridge/a.ts'],
  ['web/a.ts', 'electron'],
  ['web/a.ts', 'koffi'],
  ['renderer/a.tsx', '#harness/a.ts'],
  ['renderer/a.tsx', '#electron/a.ts'],
  ['renderer/a.tsx', '#web/a.ts'],
  ['renderer/a.tsx', 'node:fs/promises'],
  ['renderer/a.tsx', 'electron'],
  ['renderer/a.tsx', 'koffi'],
  ['renderer/deep/er/a.tsx', '../../../web/a.ts'],
  ['e2e/a.ts', '#harness/a.ts'],
  ['e2e/a.ts', '#renderer/a.ts'],
  ['e2e/a.ts', 'react'],
]

const allowed: [string, string][] = [
  ['contract/a.ts', 'zod'],
  ['contract/a.ts', './b.ts'],
  ['harness/a.ts', '#contract/a.ts'],
  ['harness/a.ts', 'node:fs/promises'],
  ['harness/bench/a.ts', '../bridge/a.ts'],
  ['harness/bridge/a.ts', 'koffi'],
  ['electron/main/a.ts', 'electron'],
  ['electron/main/a.ts', '#harness/host/a.ts'],
  ['electron/preload/a.ts', '#contract/a.ts'],
  ['web/a.ts', '#harness/host/a.ts'],
  ['web/a.ts', 'ws'],
  ['renderer/a.tsx', 'react-dom/client'],
  ['renderer/a.tsx', 'monaco-editor/editor/editor.worker?worker'],
  ['renderer/deep/a.tsx', '../store/a.ts'],
  ['e2e/a.ts', 'playwright-core'],
]

const forms = [
  (what: string) => `import thing from '${what}'\nconsole.log(thing)\n`,
  (what: string) => `import type { Thing } from '${what}'\nexport type Other = Thing\n`,
  (what: string) => `export { thing } from '${what}'\n`,
  (what: string) => `console.log(await import('${what}'))\n`,
]

/** Lints one file per case and form; returns the paths the layer rule refused. */
function lint(folder: string, cases: [string, string][]): Set<string> {
  cases.forEach(([file, what], n) => {
    forms.forEach((form, f) => {
      const path = join(folder, caseName(file, n, f))
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, form(what))
    })
  })
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const options = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.']
  const run = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 })
  const report = JSON.parse(run.stdout.slice(run.stdout.indexOf('{')))
  const refused = new Set<string>()
  for (const d of report.diagnostics) {
    const path = d.location?.path
    if (d.category === 'lint/style/noRestrictedImports') refused.add(typeof path === 'string' ? path : path.file)
  }
  return refused
}

const caseName = (file: string, n: number, f: number) => file.replace(/a(\.tsx?)$/, `case-${n}-${f}$1`)

describe('layer rules', () => {
  let folder: string
  let refused: Set<string>
  const cases = [...forbidden, ...allowed]

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'klab-layers-'))
    const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
    delete config.$schema
    config.vcs = { enabled: false }
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(config))
    copyFileSync(join(root, 'package.json'), join(folder, 'package.json'))
    refused = lint(folder, cases)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(forbidden)('%s must not import %s', (file, what) => {
    const n = cases.findIndex((c) => c[0] === file && c[1] === what)
    for (const f of forms.keys()) expect(refused).toContain(caseName(file, n, f))
  })

  it.each(allowed)('%s may import %s', (file, what) => {
    const n = cases.findIndex((c) => c[0] === file && c[1] === what)
    for (const f of forms.keys()) expect(refused).not.toContain(caseName(file, n, f))
  })
})
