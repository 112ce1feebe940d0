import type { CodeSymbol } from '#contract/language.ts'
import { cleanCode } from './clean-names.ts'
import { fromLsp, type LspRange } from './text-lines.ts'

/** A symbol of clangd, as far as it is read. */
export interface LspSymbol {
  name: string
  detail?: string
  kind: number
  range: LspRange
  selectionRange: LspRange
  children?: LspSymbol[]
}

/** By the numbers of the protocol. */
const kinds: Record<number, CodeSymbol['kind']> = {
  3: 'namespace',
  5: 'struct',
  6: 'function',
  8: 'field',
  9: 'function',
  10: 'enum',
  12: 'function',
  13: 'variable',
  14: 'variable',
  22: 'variable',
  23: 'struct',
}

export function symbolsOf(symbols: readonly LspSymbol[]): CodeSymbol[] {
  return symbols
    .filter(({ name }) => name !== '' && !name.startsWith('('))
    .map((symbol) => ({
      name: symbol.name,
      detail: cleanCode(symbol.detail ?? ''),
      kind: kinds[symbol.kind] ?? 'type',
      range: fromLsp(symbol.range),
      selection: fromLsp(symbol.selectionRange),
      children: symbolsOf(symbol.children ?? []),
    }))
}
