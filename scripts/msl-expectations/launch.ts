// A launch as the references see it: its extents and constants, and its arguments as numbers.
import { readFileSync } from 'node:fs'

export type Scalar = 'bool' | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f16' | 'bf16' | 'f32'
type Extent = [number, number, number]

export interface Launch {
  /** threads along each axis of the whole grid */
  gridThreads: Extent
  /** threadgroups along each axis */
  groups: Extent
  /** threads of a full threadgroup */
  threads: Extent
  constants: Record<string, number | boolean>
  /** The values that argument `index` holds before the run; 64-bit integers lose what a double cannot hold. */
  input(index: number): number[]
  /** The same of 64-bit integers. */
  input64(index: number): bigint[]
}

interface LaunchFile {
  grid?: number[]
  gridThreads?: number[]
  threads?: number[]
  constants?: Record<string, number | boolean>
  args?: Record<string, string>
}

const numberOf = (text: string): number => {
  const special: Record<string, number> = { inf: Infinity, '-inf': -Infinity, nan: NaN, true: 1, false: 0 }
  const hexFloat = /^(-?)0x([\da-f]+)(?:\.([\da-f]*))?p([+-]?\d+)$/i.exec(text)
  if (hexFloat) {
    const [, sign, whole = '', fraction = '', exponent] = hexFloat
    return (sign ? -1 : 1) * Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length)
  }
  return special[text] ?? (text.startsWith('-0x') ? -Number(text.slice(1)) : Number(text))
}

const words = (spec: string): string[] => {
  const buffer = /^buf:(\w+):(?:\[(.*)\]|(\w+):(\d+))$/.exec(spec)
  if (!buffer) return (spec.split(':')[1] ?? '').split(',')
  const [, , list, init, count] = buffer
  if (list !== undefined) return list.split(',')
  const value = (i: number) => (init === 'iota' ? String(i) : init === 'ones' ? '1' : init === 'nan' ? 'nan' : '0')
  return Array.from({ length: Number(count) }, (_, i) => value(i))
}

const extent = (values: number[] | undefined): Extent => [values?.[0] ?? 1, values?.[1] ?? 1, values?.[2] ?? 1]

export function readLaunch(path: string): Launch {
  const file: LaunchFile = JSON.parse(readFileSync(path, 'utf8'))
  const threads = extent(file.threads)
  const grid = extent(file.gridThreads ?? file.grid)
  const each = (f: (g: number, t: number) => number) => grid.map((g, i) => f(g, threads[i] ?? 1)) as Extent
  const wordsOf = (index: number) => words(file.args?.[index] ?? '')
  return {
    gridThreads: file.gridThreads ? grid : each((g, t) => g * t),
    groups: file.gridThreads ? each((g, t) => Math.ceil(g / t)) : grid,
    threads,
    constants: file.constants ?? {},
    input: (index) => wordsOf(index).map(numberOf),
    input64: (index) => wordsOf(index).map((word) => (word.startsWith('-') ? -BigInt(word.slice(1)) : BigInt(word))),
  }
}
