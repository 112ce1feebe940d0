import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { at, root } from './paths.ts'

/** Every file that git knows or would add, so that a build folder or a stray download is not judged. */
const files = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .stdout.split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

const read = (path: string) => readFileSync(at(path), 'utf8')
const withExtension = (...extensions: string[]) => files.filter((path) => extensions.includes(extname(path)))
const sources = withExtension('.ts', '.tsx', '.mjs', '.cpp', '.h', '.S', '.metal', '.css')
const texts = [...sources, ...withExtension('.md', '.json', '.html', '.cmake', '.txt', '.sh')].filter(
  (path) => path !== 'package-lock.json',
)

const maxLines = 300
/** The C ABI is one header, so that a reader sees all of it; two thirds of it are its documentation. */
const longByDesign = new Set(['native/include/klab.h'])
/** Headers that kernels include by the names their vendor gave them; most are empty. */
const isVendorName = (path: string) => path.startsWith('native/msl/stub/')

describe('files', () => {
  it('has something to look at', () => expect(sources.length).toBeGreaterThan(50))

  it(`keeps every source file within ${maxLines} lines`, () => {
    const lines = sources.map((path) => ({ path, lines: read(path).trimEnd().split('\n').length }))
    expect(lines.filter((file) => file.lines > maxLines && !longByDesign.has(file.path))).toEqual([])
  })

  it('names TypeScript in kebab-case and C++ in snake_case', () => {
    const isKebab = (name: string) => /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|config|d|types))*\.(ts|tsx|mjs|css)$/.test(name)
    const isSnake = (name: string) => /^[a-z0-9]+(_[a-z0-9]+)*\.(cpp|h|S|metal|mjs)$/.test(name)
    const isNative = (path: string) => /^(native|kernels)\//.test(path) || /\.(metal|cpp)$/.test(path)
    const isTool = (name: string) => /^(electron\.vite|vitest)\.config\.ts$|^vite-env\.d\.ts$/.test(name)
    const wrong = sources.filter((path) => {
      const name = basename(path)
      return !isVendorName(path) && !isTool(name) && !(isNative(path) ? isSnake(name) : isKebab(name))
    })
    expect(wrong).toEqual([])
  })

  it('ends every text with one newline and has no tab in TypeScript', () => {
    const wrong = sources.filter((path) => {
      if (isVendorName(path)) return false
      const text = read(path)
      return !text.endsWith('\n') || text.endsWith('\n\n') || (/\.tsx?$/.test(path) && text.includes('\t'))
    })
    expect(wrong).toEqual([])
  })
})

describe('words', () => {
  // Written in pieces, so that this file passes its own rule.
  const forbidden = [
    [
      'a path of one machine',
      new RegExp(`(^|[^\\w.])/(${['wo' + 'rk', 'ro' + 'ot', 'ho' + 'me/\\w+', 'Us' + 'ers/\\w+'].join('|')})/`),
    ],
    ['the folder beside the repository', new RegExp(`\\.\\./${'sha' + 'red'}`)],
    ['a note left for later', new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`)],
  ] as const

  it.each(forbidden)('contains nowhere %s', (_what, pattern) => {
    expect(texts.filter((path) => pattern.test(read(path)))).toEqual([])
  })
})

describe('layers', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| ((?:`[a-z0-9]+\/`(?:, )?)+) \|/gm)]
  const documented = rows.flatMap((row) =>
    [...(row[1] ?? '').matchAll(/`([a-z0-9]+)\/`/g)].map((name) => name[1] ?? ''),
  )
  // Not layers: what serves the repository rather than the lab.
  const serving = ['scripts', 'docs', 'bench']

  it('documents every top folder in the table of ARCHITECTURE.md, and no other', () => {
    const folders = new Set(files.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))
    const layers = [...folders].filter((name) => !name.startsWith('.') && !serving.includes(name))
    expect(documented.sort()).toEqual(layers.sort())
  })

  it('has a README of at most 15 lines of prose in every documented folder', () => {
    const readmes = documented.map((folder) => `${folder}/README.md`)
    expect(readmes.filter((path) => !existsSync(at(path)))).toEqual([])
    const lines = (path: string) => read(path).trimEnd().split('\n').length
    expect(readmes.filter((path) => lines(path) > 15)).toEqual([])
  })

  it('gives every layer of TypeScript a rule in biome.json', () => {
    const config = JSON.parse(read('biome.json')) as { overrides: { includes: string[]; linter: { rules: object } }[] }
    const ruled = config.overrides
      .filter(
        (override) =>
          'style' in override.linter.rules && 'noRestrictedImports' in (override.linter.rules.style as object),
      )
      .flatMap((override) => override.includes)
    const typed = documented.filter((folder) =>
      files.some((path) => path.startsWith(`${folder}/`) && /\.tsx?$/.test(path)),
    )
    expect(typed.filter((folder) => !ruled.includes(`${folder}/**`))).toEqual([])
  })
})

describe('kernels', () => {
  const libraries = (text: string): string[] =>
    Object.values(JSON.parse(text) as Record<string, { library?: string }[]>).flatMap((backend) =>
      backend.flatMap((variant) => (variant.library === undefined ? [] : [variant.library])),
    )

  it('lists every kernel outside kernels/testing in a manifest', () => {
    const known = new Set(
      files
        .filter((path) => /^manifests\/[^/]*variants[^/]*\.json$/.test(path))
        .flatMap((path) => libraries(read(path))),
    )
    const kernels = withExtension('.metal').filter(
      (path) => path.startsWith('kernels/') && !path.startsWith('kernels/testing/'),
    )
    expect(kernels.length).toBeGreaterThan(0)
    expect(kernels.filter((path) => !known.has(basename(path, '.metal')))).toEqual([])
  })

  it('names in a manifest only kernels that exist', () => {
    const present = new Set(withExtension('.metal').map((path) => basename(path, '.metal')))
    const manifests = files.filter((path) => /^manifests\/[^/]*variants[^/]*\.json$/.test(path))
    expect(manifests.flatMap((path) => libraries(read(path))).filter((library) => !present.has(library))).toEqual([])
  })
})
