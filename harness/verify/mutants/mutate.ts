import { type Code, definitionsOf, readCode } from './code.ts'
import { macroBodiesOf, placesOfMacros } from './macros.ts'
import { memoryOperators } from './memory-operators.ts'
import { operandOperators } from './operand-operators.ts'
import { type Edit, type Operator, type Scope, type Site, scopeOf } from './operator.ts'
import { type Part, reachableParts } from './reachable.ts'
import { sumOperators } from './sum-operators.ts'
import { placeIn } from './tokens.ts'

/** One file that a kernel is made of; the first is the kernel's own. */
export interface SourceFile {
  /** Absolute. */
  path: string
  /** As a kill list names it; absent for the kernel's own. */
  name?: string
  text: string
}

/** A kernel with one fault in one of its files. */
export interface MutantSource {
  /** `drop-last-term@57:9` */
  id: string
  operator: string
  name?: string
  line: number
  change: string
  /** The file that differs, and what it then holds. */
  path: string
  text: string
  /** Entries that can reach the fault. */
  entries: string[]
  /** `file:line` of what is seen to run where the fault runs: its own line, or those that use the macro that it is in. */
  places: string[]
}

const operators: readonly Operator[] = [...sumOperators, ...operandOperators, ...memoryOperators]

/** Faults of operators that change how precisely a kernel computes, and not what. */
export const precisionOperators: ReadonlySet<string> = new Set(['accumulate-in-half'])

const longest = 60
const tidy = (text: string) => {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** The source with a fault put in, and the fault as text: what stood there, and what stands there now. */
function applied(code: Code, { edits }: Site): { text: string; change: string } {
  const at = (edit: Edit) => {
    const start = code.tokens[edit.begin]?.start ?? code.source.length
    return { start, end: edit.end > edit.begin ? (code.tokens[edit.end - 1]?.end ?? start) : start, text: edit.text }
  }
  const cuts = edits.map(at).sort((a, b) => b.start - a.start)
  let text = code.source
  for (const { start, end, text: own } of cuts) text = text.slice(0, start) + own + text.slice(end)
  const last = cuts[0] as (typeof cuts)[number]
  const first = cuts.at(-1) as (typeof cuts)[number]
  const behind = code.source.length - last.end
  const before = code.source.slice(first.start, last.end)
  const after = text.slice(first.start, text.length - behind)
  return { text, change: `${tidy(before) || 'nothing'} → ${tidy(after) || 'nothing'}` }
}

interface Found {
  file: SourceFile
  scope: Scope
  operator: Operator
  site: Site
  entries: string[]
  /** Of a macro: where it is used. */
  places: string[] | undefined
}

function mutantOf({ file, scope, operator, site, entries, places }: Found): MutantSource {
  const { text, change } = applied(scope.code, site)
  const { line, column } = placeIn(file.text, scope.code.tokens[site.at]?.start ?? 0)
  const name = file.name?.replaceAll(/[\s@:]/g, '_')
  const place = [...(name === undefined ? [] : [name]), line, column].join(':')
  return {
    id: `${operator.name}@${place}`,
    operator: operator.name,
    ...(name === undefined ? {} : { name }),
    line,
    change,
    path: file.path,
    text,
    entries,
    places: places ?? [`${file.path}:${line}`],
  }
}

/**
 * Every fault that can be put into what the entries of a kernel use, one at a time, in the order of operators, files and
 * lines. Works on text alone: some do not compile, and some are no faults after all.
 */
export function mutantsOf(files: readonly SourceFile[], entries: readonly string[]): MutantSource[] {
  const read = files.map((file) => ({ file, path: file.path, code: readCode(file.text) }))
  const placesOf = placesOfMacros(read)
  const parts = read.flatMap(({ file, code }) => [
    ...definitionsOf(code).map((definition) => ({ file, code, definition, places: undefined })),
    ...macroBodiesOf(code).map(({ name, ...body }) => ({ file, ...body, places: placesOf(name) })),
  ])
  const reached = entries.map((entry) => ({ entry, parts: reachableParts(parts, entry) as Set<Part> }))
  const scopes = parts.flatMap((part) => {
    const scope = scopeOf(part.code, part.definition)
    const own = reached.filter(({ parts: known }) => known.has(part)).map(({ entry }) => entry)
    return scope && own.length > 0 ? [{ file: part.file, scope, entries: own, places: part.places }] : []
  })
  const mutants = operators.flatMap((operator) =>
    scopes.flatMap((found) => operator.sites(found.scope).map((site) => mutantOf({ ...found, operator, site }))),
  )
  return [...new Map(mutants.filter(isChanged(files)).map((mutant) => [mutant.id, mutant])).values()]
}

const isChanged = (files: readonly SourceFile[]) => (mutant: MutantSource) =>
  files.find(({ path }) => path === mutant.path)?.text !== mutant.text

/**
 * At most `most` of them, some of every operator: of each the ones that are furthest apart, so that different parts of a
 * kernel get their share. The same ones every time.
 */
export function chooseMutants(mutants: readonly MutantSource[], most: number): MutantSource[] {
  const groups = [...new Set(mutants.map(({ operator }) => operator))].map((operator) =>
    spread(mutants.filter((mutant) => mutant.operator === operator)),
  )
  const chosen: MutantSource[] = []
  for (let round = 0; chosen.length < most && groups.some((group) => group.length > round); round++) {
    for (const group of groups) {
      const mutant = group[round]
      if (mutant && chosen.length < most) chosen.push(mutant)
    }
  }
  return chosen
}

/** First, last, then the middle of each gap in turn. */
function spread<T>(items: readonly T[]): T[] {
  const order: T[] = []
  const gaps: [number, number][] = [[0, items.length - 1]]
  const seen = new Set<number>()
  const take = (at: number) => {
    if (seen.has(at) || items[at] === undefined) return
    seen.add(at)
    order.push(items[at] as T)
  }
  take(0)
  take(items.length - 1)
  for (let gap = gaps.shift(); gap; gap = gaps.shift()) {
    const [low, high] = gap
    const middle = Math.floor((low + high) / 2)
    if (high - low < 2) continue
    take(middle)
    gaps.push([low, middle], [middle, high])
  }
  return order
}
