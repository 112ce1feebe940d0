import type { CompletionItem, TextPosition, TextRange } from '#contract/language.ts'
import { attributes } from './docs/attributes.ts'
import { spaces } from './docs/spaces.ts'
import { isInAttribute } from './overlay.ts'
import { kernelSnippets, snippetText } from './snippets.ts'
import { TextLines } from './text-lines.ts'

/** What is known without reading the kernel: attributes, address spaces, skeletons. `isAll`: nothing else fits here. */
export function localCompletions(text: string, position: TextPosition): { items: CompletionItem[]; isAll: boolean } {
  const lines = new TextLines(text)
  const offset = lines.offset(position)
  let begin = offset
  while (begin > 0 && /\w/.test(text[begin - 1] ?? '')) begin--
  const range = lines.range(begin, offset)
  if (isInAttribute(text, offset)) return { items: attributeItems(range), isAll: true }
  const before = text.slice(0, begin)
  if (/(\.|->|::)\s*$/.test(before) || /#[^\n]*$/.test(before)) return { items: [], isAll: false }
  const isAtStart = /(^|\n)[ \t]*$/.test(before) && depthOf(before) === 0
  return { items: [...spaceItems(range), ...(isAtStart ? skeletonItems(range) : [])], isAll: false }
}

/** Braces open before a place, those in comments and strings included: only the beginning of a line is asked about. */
function depthOf(before: string): number {
  const code = before.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"/g, '')
  return (code.match(/\{/g)?.length ?? 0) - (code.match(/\}/g)?.length ?? 0)
}

function attributeItems(range: TextRange): CompletionItem[] {
  return Object.entries(attributes).map(([label, { insert, documentation }]) => ({
    label,
    kind: 'attribute',
    insert: insert ?? label,
    range,
    documentation,
    sort: `1${label}`,
  }))
}

function spaceItems(range: TextRange): CompletionItem[] {
  return Object.entries(spaces).map(([label, documentation]) => ({
    label,
    kind: 'keyword',
    insert: label,
    range,
    documentation,
    sort: `4${label}`,
  }))
}

function skeletonItems(range: TextRange): CompletionItem[] {
  return kernelSnippets.map(({ label, detail, body }) => ({
    label,
    detail,
    kind: 'snippet',
    insert: body,
    range,
    documentation: `${detail}\n\n\`\`\`msl\n${snippetText(body)}\n\`\`\``,
    sort: `2${label}`,
  }))
}
