import { tokenModifiers, tokenTypes } from '#contract/language.ts'
import { attributesIn, overlay } from './overlay.ts'
import { TextLines } from './text-lines.ts'

interface Token {
  begin: number
  end: number
  type: (typeof tokenTypes)[number]
  modifiers: (typeof tokenModifiers)[number][]
}

interface Legend {
  tokenTypes: readonly string[]
  tokenModifiers: readonly string[]
}

const types: Record<string, Token['type']> = {
  function: 'function',
  method: 'function',
  class: 'type',
  enum: 'type',
  type: 'type',
  typeParameter: 'type',
  concept: 'type',
  macro: 'macro',
}
const variables = new Set(['variable', 'parameter', 'property'])
const spaceWords = new Set(['device', 'constant', 'threadgroup', 'thread'])

/** clangd's tokens of the text as clangd has it, together with what only the text itself says. */
export function tokensOf(text: string, data: readonly number[], legend: Legend): number[] {
  const lines = new TextLines(text)
  const spaces = new SpacesByName(text)
  const tokens = attributeTokens(text)
  for (const { line, column, length, type, modifiers } of read(data, legend)) {
    const begin = lines.offset({ line: line + 1, column: column + 1 })
    const word = text.slice(begin, begin + length)
    const token = { begin, end: begin + length }
    if (type === 'macro' && spaceWords.has(word)) tokens.push({ ...token, type: 'addressSpace', modifiers: [] })
    else if (variables.has(type)) {
      const space = spaces.of(word, begin)
      if (space) tokens.push({ ...token, type: 'variable', modifiers: [space] })
    } else if (types[type] && word !== 'kernel') {
      const isLibrary = modifiers.includes('defaultLibrary')
      tokens.push({ ...token, type: types[type], modifiers: isLibrary ? ['library'] : [] })
    }
  }
  return encode(tokens, lines)
}

function attributeTokens(text: string): Token[] {
  return attributesIn(text).flatMap(({ begin, end }) =>
    // Names in brackets are values, and a string's words are nobody's names.
    [...text.slice(begin, end).matchAll(/"[^"]*"|[A-Za-z_]\w*(?=\s*[,(\]])/g)]
      .filter(([word]) => !word.startsWith('"'))
      .map(({ index, 0: word }): Token => {
        const at = begin + index
        return { begin: at, end: at + word.length, type: 'attribute', modifiers: [] }
      }),
  )
}

function* read(data: readonly number[], legend: Legend) {
  let line = 0
  let column = 0
  for (let i = 0; i + 4 < data.length; i += 5) {
    const [lines = 0, columns = 0, length = 0, type = 0, bits = 0] = data.slice(i, i + 5)
    line += lines
    column = lines === 0 ? column + columns : columns
    const modifiers = legend.tokenModifiers.filter((_, bit) => bits & (1 << bit))
    yield { line, column, length, type: legend.tokenTypes[type] ?? '', modifiers }
  }
}

function encode(tokens: Token[], lines: TextLines): number[] {
  const sorted = tokens.sort((a, b) => a.begin - b.begin)
  let [line, column, end] = [1, 1, 0]
  return sorted.flatMap((token) => {
    if (token.begin < end) return []
    const at = lines.position(token.begin)
    const bits = token.modifiers.reduce((sum, modifier) => sum | (1 << tokenModifiers.indexOf(modifier)), 0)
    const delta = [at.line - line, at.line === line ? at.column - column : at.column - 1]
    line = at.line
    column = at.column
    end = token.end
    return [...delta, token.end - token.begin, tokenTypes.indexOf(token.type), bits]
  })
}

type Space = 'device' | 'constant' | 'threadgroup'

/** Which memory the names of a text point to, by where they are declared: from there to the end of that function. */
class SpacesByName {
  readonly #declared = new Map<string, { begin: number; end: number; space: Space }[]>()

  constructor(text: string) {
    const code = overlay(text).replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    const ends = topLevelEnds(code)
    const declaration = /\b(device|constant|threadgroup)\b([^;(){}=,]*?)\b(\w+)\s*(?:\[[^\]]*\]\s*)*(?=[,;)={])/g
    for (const { 1: space, 3: name = '', index } of code.matchAll(declaration)) {
      const end = ends.find((candidate) => candidate > index) ?? code.length
      // At file scope a name is known from there on.
      const isFile = /^[^{}()]*$/.test(
        code.slice((ends.findLast((at) => at <= index) ?? -1) + 1, index).replace(/[^{}()]/g, ''),
      )
      const list = this.#declared.get(name) ?? []
      this.#declared.set(name, [...list, { begin: index, end: isFile ? code.length : end, space: space as Space }])
    }
  }

  of(name: string, offset: number): Space | undefined {
    return this.#declared.get(name)?.findLast(({ begin, end }) => begin <= offset && offset <= end)?.space
  }
}

/** Where top-level braces close, and statements outside of them end. */
function topLevelEnds(code: string): number[] {
  const ends: number[] = []
  let depth = 0
  for (const { index, 0: mark } of code.matchAll(/[{};()]/g)) {
    if (mark === '{' || mark === '(') depth++
    else if (mark === '}' || mark === ')') depth = Math.max(0, depth - 1)
    if (depth === 0 && mark !== ')') ends.push(index)
  }
  return ends
}
