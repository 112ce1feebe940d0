/**
 * How evidence files write what repeats: shapes without their defaults, compiler flags as what differs from another
 * build's. Every function has an inverse; texts that do not fit are kept as they are.
 */

const defaults: Record<string, string> = {
  tA: '0',
  tB: '0',
  batch: '1',
  bias: '0',
  alpha: '1',
  beta: '0',
  dtype: 'f16',
}
const extentNames = ['m', 'n', 'k']
const featureOrder = [...Object.keys(defaults), 'accumulate', 'act']

/** Extents `1x64x8` of a shape's canonical text, and its features that are not defaults: `batch=2,tB=1`. */
export function splitShape(text: string): { extents: string; features: string } | null {
  const fields = text.split(',').map((part) => part.split('=') as [string, string])
  const values = new Map(fields)
  const [m, n, k] = extentNames.map((name) => values.get(name))
  const features = fields.filter(([name, value]) => !extentNames.includes(name) && defaults[name] !== value)
  const split = { extents: `${m}x${n}x${k}`, features: features.map((field) => field.join('=')).join(',') }
  return joinShape(split.extents, split.features) === text ? split : null
}

/** Inverse of splitShape. */
export function joinShape(extents: string, features: string): string {
  const named = new Map(Object.entries(defaults))
  for (const part of features === '' ? [] : features.split(',')) {
    const at = part.indexOf('=')
    named.set(part.slice(0, at), part.slice(at + 1))
  }
  const [m, n, k] = extents.split('x')
  const rest = featureOrder.filter((name) => named.has(name)).map((name) => `${name}=${named.get(name)}`)
  return [`m=${m}`, `n=${n}`, `k=${k}`, ...rest].join(',')
}

/** A shape in one word, `1x64x8:batch=2`. */
export function shortShape(text: string): string {
  const split = splitShape(text)
  return split ? split.extents + (split.features === '' ? '' : `:${split.features}`) : text
}

/** Inverse of shortShape. */
export function fullShape(short: string): string {
  const match = /^(\d+x\d+x\d+)(?::(.*))?$/.exec(short)
  return match ? joinShape(match[1] ?? '', match[2] ?? '') : short
}

/** Shapes by their features: `{ "batch=2": "1x64x8 7x64x8" }`, both sorted. */
export function packShapes(shapes: readonly string[]): Record<string, string> {
  const groups = new Map<string, string[]>()
  for (const text of shapes) {
    const split = splitShape(text)
    const [key, value] = split ? [split.features, split.extents] : ['text', text]
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return Object.fromEntries([...groups].map(([features, list]) => [features, list.sort(byNumbers).join(' ')]))
}

/** Inverse of packShapes, sorted as text. */
export function unpackShapes(groups: Readonly<Record<string, string>>): string[] {
  return Object.entries(groups)
    .flatMap(([features, list]) => list.split(' ').map((one) => (features === 'text' ? one : joinShape(one, features))))
    .sort()
}

function byNumbers(a: string, b: string): number {
  const [left, right] = [a.split('x').map(Number), b.split('x').map(Number)]
  const at = left.findIndex((value, i) => value !== right[i])
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
}

/** How many words two lists have in common from these places on. */
function commonRun(a: readonly string[], i: number, { words, at }: { words: readonly string[]; at: number }): number {
  let length = 0
  while (i + length < a.length && at + length < words.length && a[i + length] === words[at + length]) length++
  return length
}

/** Flags of a build as what differs from another's: `[0+31] -DX=1 [32+2]` has 31 words of it, one of its own, and 2. */
export function packBuild(flags: string, from: string): string {
  const [words, known] = [flags.split(' '), from.split(' ')]
  const packed: string[] = []
  for (let i = 0; i < words.length; ) {
    let best = { at: 0, length: 0 }
    for (let at = 0; at < known.length; at++) {
      const length = commonRun(words, i, { words: known, at })
      if (length > best.length) best = { at, length }
    }
    packed.push(best.length > 0 ? `[${best.at}+${best.length}]` : (words[i] as string))
    i += Math.max(best.length, 1)
  }
  return packed.join(' ')
}

/** Inverse of packBuild. */
export function unpackBuild(packed: string, from: string): string {
  const known = from.split(' ')
  const expand = (word: string) => {
    const match = /^\[(\d+)\+(\d+)\]$/.exec(word)
    return match ? known.slice(Number(match[1]), Number(match[1]) + Number(match[2])) : [word]
  }
  return packed.split(' ').flatMap(expand).join(' ')
}

/** Hashes of files by folder: `{ "harness/verify": "gates.ts:1a2b3c4d trial.ts:5e6f7a8b" }`, both sorted. */
export function packSources(hashes: Readonly<Record<string, string>>): Record<string, string> {
  const folders = new Map<string, string[]>()
  for (const [path, hash] of Object.entries(hashes).sort()) {
    const end = path.lastIndexOf('/')
    const folder = path.slice(0, Math.max(end, 0))
    folders.set(folder, [...(folders.get(folder) ?? []), `${path.slice(end + 1)}:${hash}`])
  }
  return Object.fromEntries([...folders].sort().map(([folder, files]) => [folder, files.join(' ')]))
}

/** Inverse of packSources. */
export function unpackSources(folders: Readonly<Record<string, string>>): Record<string, string> {
  const hashes = Object.entries(folders).flatMap(([folder, files]) =>
    files.split(' ').map((one): [string, string] => {
      const at = one.lastIndexOf(':')
      return [`${folder}${folder === '' ? '' : '/'}${one.slice(0, at)}`, one.slice(at + 1)]
    }),
  )
  return Object.fromEntries(hashes.sort())
}
