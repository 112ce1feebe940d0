import { applyEdits, findNodeAtLocation, type JSONPath, modify, type ParseError, parse, parseTree } from 'jsonc-parser'
import type { Sides } from './merge-text.ts'

/** A step into an object by key, or into a list whose members have names by `{ name }`. */
export type Step = string | { name: string }

/** A value that is not there. */
export const absent = Symbol('absent')
export type Value = unknown | typeof absent

/** One key to which both sides gave another value. `base` is `absent` also where the common text is not known. */
export interface KeyConflict {
  path: Step[]
  base: Value
  theirs: Value
  mine: Value
}

export interface ManifestMerge {
  /** The disk's text with my changes put in where they do not conflict; every other byte is the disk's. */
  text: string
  conflicts: KeyConflict[]
  theirChanges: number
  myChanges: number
}

type Members = Map<string, { step: Step; value: unknown }>

/** Merges by key, variants by name whatever their order. Null when a text is no JSON object, or names one thing twice. */
export function mergeManifest({ base, theirs, mine }: Sides): ManifestMerge | null {
  const values = [base ?? '{}', theirs, mine].map(parseObject)
  const [before, their, my] = values
  if (before === null || their === null || my === null) return null
  const merge: ManifestMerge = { text: theirs, conflicts: [], theirChanges: 0, myChanges: 0 }
  mergeValue({ merge, path: [] }, { base: before, theirs: their, mine: my, isBaseKnown: base !== null })
  return merge
}

/** The text with one value set, or taken out when it is `absent`; every other byte as it was. */
export function withValueAt(text: string, path: readonly Step[], value: Value): string {
  const root = parse(text) as unknown
  const at = indexPath(root, path)
  if (at === null) return text
  const formattingOptions = formattingOf(text)
  if (value === absent) {
    const isThere = findNodeAtLocation(parseTree(text) ?? nothing, at) !== undefined
    return isThere ? applyEdits(text, modify(text, at, undefined, { formattingOptions })) : text
  }
  const isNewMember = typeof path.at(-1) === 'object' && valueAt(root, at) === undefined
  return applyEdits(text, modify(text, at, value, { formattingOptions, isArrayInsertion: isNewMember }))
}

/** Where a value begins in a text, or what would hold it; 0 when even that is not there. */
export function offsetOf(text: string, path: readonly Step[]): number {
  const tree = parseTree(text) ?? nothing
  const root = parse(text) as unknown
  for (let length = path.length; length > 0; length--) {
    const at = indexPath(root, path.slice(0, length))
    const node = at && findNodeAtLocation(tree, at)
    if (node) return node.parent?.type === 'property' ? node.parent.offset : node.offset
  }
  return 0
}

/** `m1/dot_bn64 · supports.bias`: the variant, then the key in it. */
export function pathText(path: readonly Step[]): string {
  const [backend, member, ...rest] = path
  if (typeof backend === 'string' && typeof member === 'object') {
    const key = rest.map((step) => (typeof step === 'string' ? step : step.name)).join('.')
    return key ? `${backend}/${member.name} · ${key}` : `${backend}/${member.name}`
  }
  return path.map((step) => (typeof step === 'string' ? step : step.name)).join('.')
}

/** A value as the result will hold it. */
export function valueText(value: Value): string | null {
  return value === absent ? null : JSON.stringify(value, null, 2)
}

const nothing = { type: 'null', offset: 0, length: 0 } as const

function parseObject(text: string): Record<string, unknown> | null {
  const errors: ParseError[] = []
  const value = parse(text, errors) as unknown
  return errors.length === 0 && isObject(value) && hasUniqueNames(value) ? value : null
}

function isObject(value: Value): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list of objects that all have a name. */
function isNamedList(value: Value): value is { name: string }[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && typeof item.name === 'string')
  )
}

function hasUniqueNames(value: Value): boolean {
  if (isNamedList(value) && new Set(value.map(({ name }) => name)).size !== value.length) return false
  return typeof value !== 'object' || value === null || Object.values(value).every(hasUniqueNames)
}

/** What can be merged one by one: members of an object, or of a list of named ones. Null: only as a whole. */
function membersOf(value: Value): Members | null {
  if (isNamedList(value)) return new Map(value.map((item) => [item.name, { step: { name: item.name }, value: item }]))
  if (isObject(value)) return new Map(Object.entries(value).map(([key, item]) => [key, { step: key, value: item }]))
  return null
}

const isSame = (a: Value, b: Value): boolean =>
  a === b || (a !== absent && b !== absent && canonical(a) === canonical(b))

/** Text that is equal for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )
}

function mergeValue(
  { merge, path }: { merge: ManifestMerge; path: Step[] },
  sides: { base: Value; theirs: Value; mine: Value; isBaseKnown: boolean },
): void {
  const { base, theirs, mine, isBaseKnown } = sides
  if (isSame(theirs, mine)) return
  const members = { theirs: membersOf(theirs), mine: membersOf(mine) }
  const isList = Array.isArray(theirs)
  if (members.theirs && members.mine && isList === Array.isArray(mine)) {
    const before = (Array.isArray(base) === isList && membersOf(base)) || new Map<string, never>()
    for (const key of new Set([...members.theirs.keys(), ...members.mine.keys()])) {
      const of = (side: Members) => (side.has(key) ? side.get(key)?.value : absent)
      const step = (members.theirs.get(key) ?? members.mine.get(key))?.step ?? key
      const inner = { base: of(before), theirs: of(members.theirs), mine: of(members.mine), isBaseKnown }
      mergeValue({ merge, path: [...path, step] }, inner)
    }
    return
  }
  if (isBaseKnown && isSame(base, mine)) merge.theirChanges++
  else if (isBaseKnown && isSame(base, theirs)) {
    merge.myChanges++
    merge.text = withValueAt(merge.text, path, mine)
  } else merge.conflicts.push({ path, base: isBaseKnown ? base : absent, theirs, mine })
}

/** Names as places in the lists that hold them; a new member goes to the end. Null when what would hold it is not there. */
function indexPath(root: unknown, path: readonly Step[]): JSONPath | null {
  const at: JSONPath = []
  let value = root
  for (const [depth, step] of path.entries()) {
    if (typeof step === 'string') {
      if (!isObject(value)) return null
      at.push(step)
      value = value[step]
    } else {
      if (!Array.isArray(value)) return null
      const place = value.findIndex((item) => isObject(item) && item.name === step.name)
      if (place === -1 && depth < path.length - 1) return null
      at.push(place === -1 ? value.length : place)
      value = value[place]
    }
  }
  return at
}

function valueAt(root: unknown, at: JSONPath): unknown {
  return at.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], root)
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  '
  const isTab = indent.startsWith('\t')
  return { insertSpaces: !isTab, tabSize: isTab ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' }
}
