import { applyEdits, getNodeValue, modify } from 'jsonc-parser'
import { ok, type Result } from '#contract/error.ts'
import type { ManifestChange, ManifestMerge, MergeChoice, MergeSide } from '#contract/manifest-merge.ts'
import { canonicalJson } from '../store/canonical-json.ts'
import { formattingOf } from './manifest-edit.ts'
import { parseManifestTree } from './manifest-file.ts'

/** A manifest's content by variant; `order` is where each stands. */
interface Content {
  variants: Map<string, unknown>
  places: Map<string, [string] | [string, number]>
  lists: Map<string, number>
}

type Place = Pick<ManifestChange, 'variant' | 'keys'>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function contentOf(path: string, text: string): Result<Content> {
  const tree = parseManifestTree(path, text.replace(/^\uFEFF/, ''))
  if (!tree.ok) return tree
  const content: Content = { variants: new Map(), places: new Map(), lists: new Map() }
  for (const [backend, list] of Object.entries(getNodeValue(tree.value) as Record<string, unknown>)) {
    if (!Array.isArray(list)) {
      content.variants.set(backend, list)
      content.places.set(backend, [backend])
      continue
    }
    content.lists.set(backend, list.length)
    for (const [index, entry] of list.entries()) {
      const name = isObject(entry) && typeof entry.name === 'string' ? entry.name : `[${index}]`
      // Of two entries of one name only the first is ever used; the other is named by where it stands.
      const id = content.variants.has(`${backend}/${name}`) ? `${backend}/[${index}]` : `${backend}/${name}`
      content.variants.set(id, entry)
      content.places.set(id, [backend, index])
    }
  }
  return ok(content)
}

const absent = Symbol('absent')
type Value = unknown | typeof absent
const textOf = (value: Value) => (value === absent ? '' : canonicalJson(value))

/** Where three values differ: inside, if all of them are objects. */
function differences(place: Place, values: { base: Value; mine: Value; theirs: Value }): ManifestChange[] {
  const { base, mine, theirs } = values
  if (textOf(base) === textOf(mine) && textOf(base) === textOf(theirs)) return []
  if (isObject(base) && isObject(mine) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(base), ...Object.keys(theirs), ...Object.keys(mine)])]
    const at = (object: Record<string, unknown>, key: string): Value =>
      Object.hasOwn(object, key) ? object[key] : absent
    return keys.flatMap((key) =>
      differences(
        { ...place, keys: [...place.keys, key] },
        { base: at(base, key), mine: at(mine, key), theirs: at(theirs, key) },
      ),
    )
  }
  const isMine = textOf(base) !== textOf(mine)
  const isTheirs = textOf(base) !== textOf(theirs)
  const by = !isTheirs ? 'mine' : !isMine ? 'theirs' : textOf(mine) === textOf(theirs) ? 'both' : 'conflict'
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== absent))
  return [{ ...place, by, ...known, taken: by === 'mine' ? 'mine' : 'theirs' }]
}

const samePlace = (a: Place, b: Place) => a.variant === b.variant && canonicalJson(a.keys) === canonicalJson(b.keys)

function chosen(change: ManifestChange, choices: readonly MergeChoice[]): ManifestChange {
  const side: MergeSide | undefined = choices.find((choice) => samePlace(choice, change))?.side
  return change.by === 'conflict' && side ? { ...change, taken: side } : change
}

/** Puts my value of one place into a text. */
function withMine(text: string, change: ManifestChange, content: Content): string {
  const options = { formattingOptions: formattingOf(text) }
  const place = content.places.get(change.variant)
  if (place) return applyEdits(text, modify(text, [...place, ...change.keys], change.mine, options))
  if (change.mine === undefined) return text
  const slash = change.variant.indexOf('/')
  const backend = slash < 0 ? change.variant : change.variant.slice(0, slash)
  const isInList = content.lists.has(backend)
  const at = slash < 0 ? [backend] : isInList ? [backend, -1] : [backend]
  const value = slash < 0 || isInList ? change.mine : [change.mine]
  return applyEdits(text, modify(text, at, value, { ...options, isArrayInsertion: isInList && slash >= 0 }))
}

/**
 * What two writers did to a manifest since both held `base`, key by key, and the text on disk with my changes in it.
 * Where both changed the same key differently it is a conflict, in which theirs stands until mine is chosen. Fails with
 * `manifest` when one of the texts is not JSON.
 */
export function mergeManifests(
  path: string,
  texts: { base: string; mine: string; theirs: string; theirsHash: string },
  choices: readonly MergeChoice[] = [],
): Result<ManifestMerge> {
  const [base, mine, theirs] = [texts.base, texts.mine, texts.theirs].map((text) => contentOf(path, text))
  if (!base?.ok) return base as Result<never>
  if (!mine?.ok) return mine as Result<never>
  if (!theirs?.ok) return theirs as Result<never>
  const valueIn = ({ variants }: Content, id: string): Value => (variants.has(id) ? variants.get(id) : absent)
  const ids = [
    ...new Set([...theirs.value.variants.keys(), ...mine.value.variants.keys(), ...base.value.variants.keys()]),
  ]
  const changes = ids
    .flatMap((variant) =>
      differences(
        { variant, keys: [] },
        {
          base: valueIn(base.value, variant),
          mine: valueIn(mine.value, variant),
          theirs: valueIn(theirs.value, variant),
        },
      ),
    )
    .map((change) => chosen(change, choices))
  const mark = texts.theirs.startsWith('\uFEFF') ? '\uFEFF' : ''
  // Each edit moves what stands behind it, so positions are read again; removals go last, from the end.
  const isRemoval = ({ keys, mine: value }: ManifestChange) => keys.length === 0 && value === undefined
  const taken = changes.filter((change) => change.taken === 'mine' && change.by !== 'both')
  let text = texts.theirs.slice(mark.length)
  for (const change of [...taken.filter((one) => !isRemoval(one)), ...taken.filter(isRemoval)]) {
    const now = contentOf(path, text)
    if (!now.ok) return now
    text = withMine(text, change, now.value)
  }
  return ok({ theirsText: texts.theirs, theirsHash: texts.theirsHash, changes, mergedText: mark + text })
}
