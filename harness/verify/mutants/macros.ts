import type { Code, Definition } from './code.ts'
import { placeIn, type Token, tokensOfMacro } from './tokens.ts'

/** The replacement of a macro, as code of the file that defines it. */
export interface MacroBody {
  name: string
  code: Code
  definition: Definition
}

const splice = String.raw`(?:\\\r?\n)*`
const gap = String.raw`(?:[ \t]|\\\r?\n|/\*[\s\S]*?\*/)*`
const head = new RegExp(
  String.raw`^(?:#|%:)${gap}${[...'define'].join(splice)}(?:[ \t]|\\\r?\n|/\*[\s\S]*?\*/)${gap}(\w+)(?:\([^)]*\))?`,
)

/** Replacements of the macros of a file that have one. Offsets are those of the file. */
export function macroBodiesOf({ source, tokens }: Code): MacroBody[] {
  return tokens.flatMap((token) => {
    const found = token.kind === 'directive' ? head.exec(token.text) : null
    if (!found?.[1]) return []
    const own = tokensOfMacro(token, found[0].length)
    if (own.length === 0) return []
    const all = { begin: 0, end: own.length }
    return [{ name: found[1], code: { source, tokens: own }, definition: { ...all, names: [found[1]], body: all } }]
  })
}

/** Where a macro runs: the compiler counts its lines as those of its uses, `file:line`, through other macros too. */
export function placesOfMacros(files: readonly { path: string; code: Code }[]): (name: string) => string[] {
  const places = new Map<string, Set<string>>()
  const users = new Map<string, Set<string>>()
  const note = (map: Map<string, Set<string>>, name: string, value: string) =>
    map.set(name, (map.get(name) ?? new Set()).add(value))
  const isWord = ({ kind }: Token) => kind === 'word'
  const bodies = files.flatMap(({ code }) => macroBodiesOf(code))
  const names = new Set(bodies.map(({ name }) => name))
  for (const { name, code } of bodies) {
    for (const { text } of code.tokens.filter(isWord)) if (names.has(text)) note(users, text, name)
  }
  for (const { path, code } of files) {
    for (const token of code.tokens.filter(isWord)) {
      if (names.has(token.text)) note(places, token.text, `${path}:${placeIn(code.source, token.start).line}`)
    }
  }
  return (name) => {
    const through = new Set([name])
    for (const one of through) for (const user of users.get(one) ?? []) through.add(user)
    return [...new Set([...through].flatMap((one) => [...(places.get(one) ?? [])]))]
  }
}
