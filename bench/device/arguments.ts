import { parseArgs } from 'node:util'

export const usage = `npm run bench:device [-- [--write FILE] [--seconds S] TEXT …]
  --write    also puts the document into FILE
  --seconds  time for a case's rounds (default: 4)
  TEXT       only the cases whose names hold one of the texts (default: all)
  -h, --help this text`

const options = {
  write: { type: 'string' },
  seconds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

export interface Asked {
  /** Path of the document's copy. */
  write: string | undefined
  /** For a case's rounds; the stop rule's own when undefined. */
  budgetMs: number | undefined
  /** Names to measure. */
  chosen: string[]
}

/** What a command line asks for, out of the cases' `names`; or the text to end with, and the exit status. */
export function readArguments(args: string[], names: string[]): Asked | { text: string; exitCode: number } {
  const wrong = (message: string) => ({ text: `${message}\n${usage}`, exitCode: 2 })
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(args)
  } catch (error) {
    return wrong((error as Error).message)
  }
  const { values, positionals } = parsed
  if (values.help) return { text: usage, exitCode: 0 }
  const budgetMs = values.seconds === undefined ? undefined : 1000 * Number(values.seconds)
  if (budgetMs !== undefined && !(budgetMs >= 0)) return wrong(`--seconds ${values.seconds} is not a time in seconds`)
  const chosen = names.filter((name) => positionals.length === 0 || positionals.some((text) => name.includes(text)))
  if (chosen.length === 0) return wrong(`nothing to measure; names: ${names.join(', ')}`)
  return { write: values.write, budgetMs, chosen }
}

const parse = (args: string[]) => parseArgs({ args, options, allowPositionals: true })
