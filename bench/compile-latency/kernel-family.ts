import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Extent } from '#harness/bridge/run.ts'

/** Kernels of about 150 lines, each with one entry `family_kernel` over A, B, C, bias and sizes (buffers 0 to 4). */
export interface Family {
  name: string
  threads: Extent
  text: string
}

const read = (name: string) => readFileSync(join(import.meta.dirname, 'kernels', `${name}.metal`), 'utf8')

export const families: Family[] = [
  { name: 'tiled', threads: [128, 1, 1], text: read('tiled') },
  { name: 'gemv', threads: [128, 1, 1], text: read('gemv') },
  { name: 'matrix', threads: [128, 1, 1], text: read('matrix') },
]

/** A member of a family that no cache has seen: `salt` goes into its arithmetic, too small to change a result. */
export function member(family: Family, salt: number): string {
  return family.text.replace('SALT', `${(1e-20 * salt).toExponential(12)}f`)
}

/** The same with a name that does not exist, deep in the text. */
export function brokenMember(family: Family, salt: number): string {
  return member(family, salt).replace('sizes.beta *', `undeclared_${salt} *`)
}
