import type { TextPosition, TextRange } from '#contract/language.ts'
import { cleanCode } from './clean-names.ts'
import { attributes } from './docs/attributes.ts'
import { documentationOf } from './docs/documentation.ts'
import { attributesIn } from './overlay.ts'
import { TextLines } from './text-lines.ts'

interface OwnHover {
  word: string
  range: TextRange
  documentation: string | undefined
  /** Nothing of clangd's can say more: it does not know the word, or knows it as something else. */
  isAll: boolean
}

/** What the lab's own tables say about the word at a place; null where there is none. */
export function ownHover(text: string, position: TextPosition): OwnHover | null {
  const lines = new TextLines(text)
  const at = lines.wordAt(lines.offset(position))
  if (!at || isInCommentOrString(text, at.begin)) return null
  const range = lines.range(at.begin, at.end)
  const isAttribute = attributesIn(text).some(({ begin, end }) => begin <= at.begin && at.end <= end)
  const known = isAttribute && Object.hasOwn(attributes, at.word) ? attributes[at.word] : undefined
  if (isAttribute) return { word: at.word, range, documentation: known?.documentation, isAll: known !== undefined }
  const documentation = isMember(text, at.begin) ? swizzleDocumentation(at.word) : documentationOf(at.word)
  const isSpace = /^(device|constant|threadgroup|thread|kernel)$/.test(at.word)
  return { word: at.word, range, documentation, isAll: isSpace }
}

/** clangd has nothing to say about a property, which is what a swizzle is to it. */
function swizzleDocumentation(word: string): string | undefined {
  if (!/^([xyzw]{2,4}|[rgba]{2,4})$/.test(word)) return undefined
  const isAssignable = new Set(word).size === word.length
  const list = [...word].map((component) => `\`${component}\``).join(', ')
  return `The components ${list} as a vector of ${word.length}${isAssignable ? ', which can be assigned to' : ''}.`
}

const isMember = (text: string, begin: number) => /(\.|->)\s*$/.test(text.slice(Math.max(0, begin - 8), begin))

function isInCommentOrString(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset)
  return (
    /\/\/|^[^"]*"(?:[^"]*"[^"]*")*[^"]*$/.test(line) || text.lastIndexOf('/*', offset) > text.lastIndexOf('*/', offset)
  )
}

/** clangd's markdown about a name: its declaration, and what the comment above it says. */
export function cleanHover(markdown: string, documentation: string | undefined): string[] {
  const code = /```\w*\n([\s\S]*?)```/.exec(markdown)?.[1] ?? ''
  const declaration = cleanCode(code)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\/\/ In /.test(line))
    .join('\n')
  const facts = [...markdown.matchAll(/^(Value = .*|Size: .*|Offset: .*)$/gm)].map(([line]) => cleanCode(line))
  const comment = documentation ?? commentOf(markdown)
  const isHidden = /\b(klab|KLAB)_|__klab/.test(declaration)
  return [
    ...(declaration && !isHidden ? [`\`\`\`msl\n${declaration}\n\`\`\``] : []),
    ...(comment ? [comment] : []),
    ...(facts.length > 0 ? [facts.join('  \n')] : []),
  ]
}

/** Between the rules, behind the list of parameters. */
function commentOf(markdown: string): string {
  const [, ...rest] = markdown.replace(/```\w*\n[\s\S]*?```/g, '').split(/^---$/m)
  const lines = rest.join('\n').split('\n')
  const said = lines.filter(
    (line) => !/^\s*(→|provided by|Parameters:|Template Parameters:|- `|Value = |Type: |Size: |Offset: |$)/.test(line),
  )
  const text = said.join('\n').trim()
  return /klab_|KLAB_/.test(text) ? '' : text
}
