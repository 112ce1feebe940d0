import type { CompletionItem, TextRange } from '#contract/language.ts'
import { cleanCode, isInternalName } from './clean-names.ts'
import { documentationOf } from './docs/documentation.ts'
import { fromLsp, type LspRange } from './text-lines.ts'

/** A completion of clangd, as far as it is read. */
export interface LspCompletion {
  label: string
  labelDetails?: { detail?: string; description?: string }
  detail?: string
  kind?: number
  insertText?: string
  textEdit?: { range: LspRange; newText: string }
  filterText?: string
  sortText?: string
  documentation?: string | { value: string }
}

/** By the numbers of the protocol. */
const kinds: Record<number, CompletionItem['kind']> = {
  2: 'method',
  3: 'function',
  4: 'function',
  5: 'field',
  6: 'variable',
  7: 'type',
  8: 'type',
  9: 'type',
  10: 'field',
  13: 'type',
  14: 'keyword',
  15: 'snippet',
  17: 'file',
  20: 'constant',
  21: 'constant',
  22: 'type',
  25: 'type',
}

/** Words of C++ and of the editor's headers that no kernel may use. */
const unusable = new Set(
  ['try', 'catch', 'throw', 'new', 'delete', 'dynamic_cast', 'typeid', 'co_await', 'co_return', 'co_yield'].concat(
    ['goto', 'thread_local', 'virtual', 'wchar_t', 'char8_t', 'char16_t', 'char32_t', 'double', 'export', 'asm'],
    ['metal_stdlib', 'concept', 'requires', 'import', 'module', 'nullptr_t', 'unsigned', 'signed'],
  ),
)

/** Components of a vector first, in their order, then what they can be combined to. */
function rank(name: string, kind: CompletionItem['kind']): string {
  if (kind !== 'field') return '5'
  const component = name.length === 1 ? 'xyzwrgba'.indexOf(name) : -1
  if (component >= 0) return `3${component}`
  return /^([xyzw]{2,4}|[rgba]{2,4})$/.test(name) ? '6' : '5'
}

/** What clangd offers, without what is not MSL; swizzles after the components that they are made of. */
export function cleanCompletions(items: readonly LspCompletion[], fallback: TextRange): CompletionItem[] {
  return items.flatMap((item) => {
    const label = item.label.replace(/^[ •]+/, '')
    const name = item.filterText ?? label
    if (isInternalName(name) || isInternalName(label) || unusable.has(name)) return []
    const [head, parameters] = splitLabel(label, item.labelDetails?.detail)
    const kind = kinds[item.kind ?? 0] ?? 'text'
    const documentation =
      (kind === 'field' ? undefined : documentationOf(name)) ?? plainDocumentation(item.documentation)
    const detail = cleanCode([parameters, item.detail].filter(Boolean).join('  '))
    return [
      {
        label: head,
        ...(detail ? { detail } : {}),
        kind,
        insert: cleanInsert(item.textEdit?.newText ?? item.insertText ?? head),
        range: item.textEdit ? fromLsp(item.textEdit.range) : fallback,
        ...(documentation ? { documentation } : {}),
        sort: `${rank(name, kind)}${item.sortText ?? name}`,
      },
    ]
  })
}

function splitLabel(label: string, parameters = ''): [string, string] {
  const at = label.search(/[(<]/)
  return at > 0 ? [label.slice(0, at), label.slice(at) + parameters] : [label, parameters]
}

function plainDocumentation(documentation: LspCompletion['documentation']): string | undefined {
  const text = typeof documentation === 'string' ? documentation : documentation?.value
  return text && !/klab_|KLAB_/.test(text) ? cleanCode(text) : undefined
}

/** Placeholders keep their number and say what MSL says. */
function cleanInsert(insert: string): string {
  return insert.replace(/\$\{(\d+):([^}]*)\}/g, (_, index, text) => `\${${index}:${cleanCode(text)}}`)
}
