import { functions } from './functions.ts'
import { spaces } from './spaces.ts'
import { typeDocumentation } from './types.ts'

const own = (table: Record<string, string>, word: string) => (Object.hasOwn(table, word) ? table[word] : undefined)

/** What the lab has to say about a word of MSL, in markdown. */
export function documentationOf(word: string): string | undefined {
  return own(spaces, word) ?? own(functions, word) ?? typeDocumentation(word)
}
