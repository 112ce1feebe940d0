// What a reference returns, and how it becomes an .expected file.
import type { Scalar } from './launch.ts'

export interface Output {
  index: number
  type: Scalar
  /** numbers as JavaScript has them; undefined: anything will do */
  values: (number | bigint | boolean | undefined)[]
  /** "ulp=2", "abs=1e-3" */
  tolerance?: string
}

/** An exact output. */
export const out = (index: number, type: Scalar, values: Output['values']): Output => ({ index, type, values })

const lineWidth = 116

function word(value: Output['values'][number]): string {
  if (value === undefined) return '?'
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'bigint') return String(value)
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0' : String(value)
}

/** Words with runs of equal ones as WORD*COUNT. */
function compressed(words: string[]): string[] {
  const runs: { word: string; count: number }[] = []
  for (const one of words) {
    const last = runs.at(-1)
    if (last?.word === one) last.count++
    else runs.push({ word: one, count: 1 })
  }
  return runs.map(({ word, count }) => (count > 1 ? `${word}*${count}` : word))
}

function wrapped(words: string[]): string[] {
  const lines = ['']
  for (const one of words) {
    const line = lines.at(-1) ?? ''
    if (line.length + one.length + 1 > lineWidth) lines.push(one)
    else lines[lines.length - 1] = line ? `${line} ${one}` : one
  }
  return lines
}

/** The file's text; `source` names the reference program. */
export function expectedText(outputs: Output[], source: string): string {
  const lines = [`# derived by ${source}`]
  for (const { index, type, values, tolerance } of outputs) {
    lines.push(`out ${index} ${type}${tolerance ? ` ${tolerance}` : ''}`, ...wrapped(compressed(values.map(word))))
  }
  return `${lines.join('\n')}\n`
}
