import type { Problem } from '#contract/manifest.ts'

/** A finding in one line: whom it is about, then what; without the place, which is shown beside it. */
export function problemText({ message, variant, line }: Problem): string {
  const text = line === undefined ? message : message.replace(/^\S+, line \d+, column \d+: /, '')
  return variant && !text.includes(variant) ? `${variant}: ${text}` : text
}

/** Times of a sentence to the minute. */
export function shortTimes(text: string): string {
  return text.replaceAll(/(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::[\d.]+)?Z/g, '$1 $2 UTC')
}
