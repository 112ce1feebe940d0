import { ok, type Result } from '#contract/error.ts'
import type { Shape } from '#contract/shape.ts'
import type { BufferHandle } from '../bridge/buffer-handle.ts'
import type { Dispatch } from '../bridge/run.ts'
import type { LaunchPlan } from '../catalog/types.ts'
import { allocateElements, type Elements, floatFormats } from './float-formats.ts'
import { effectiveShape, type Operands } from './operands.ts'
import { gatherRows, type PaddedRows, paddedCount, spreadRows, writtenBetweenRows } from './padded-rows.ts'
import { type Leftover, leftoverPatterns, poisonPatterns } from './poison.ts'

/** A guard band that something wrote to. `firstOffset` is relative to the buffer, in bytes. */
export interface GuardDamage {
  name: string
  bytesDamaged: number
  firstOffset: number
}

/** How the rows of each operand lie, batches one after the other. */
export function rowsOf(shape: Shape, plan: LaunchPlan): { a: PaddedRows; b: PaddedRows; c: PaddedRows } {
  const { m, n, k, batch } = shape
  const { a, b, c } = plan.padding ?? { a: 0, b: 0, c: 0 }
  return {
    a: { rows: batch * (plan.isATransposed ? k : m), columns: plan.isATransposed ? m : k, padding: a },
    b: { rows: batch * (plan.isBTransposed ? n : k), columns: plan.isBTransposed ? k : n, padding: b },
    c: { rows: batch * m, columns: n, padding: c },
  }
}

/** An op with its buffers: one dispatch, and its output. */
export class BoundOp {
  readonly dispatch: Dispatch
  readonly #output: BufferHandle
  readonly #isSeparate: boolean
  readonly #rows: PaddedRows
  readonly #operands: Operands
  /** What lies between the output's rows since the last reset. */
  #between = 0

  constructor(
    dispatch: Dispatch,
    to: { output: BufferHandle; isSeparate: boolean; rows: PaddedRows },
    operands: Operands,
  ) {
    this.dispatch = dispatch
    this.#output = to.output
    this.#isSeparate = to.isSeparate
    this.#rows = to.rows
    this.#operands = operands
  }

  /** Before a run whose output counts: C0 where the result reads it from there, else poison, a number, or nothing at all. */
  reset(leftover: Leftover | 'undefined' = 'poison'): Result<void> {
    const { c0, shape } = this.#operands
    this.#between = poisonPatterns[shape.dtype].pattern
    if (c0 && !this.#isSeparate && effectiveShape(shape).beta !== 0)
      return this.#output.write(spreadRows(c0, this.#rows, shape.dtype))
    if (leftover === 'undefined') return ok(undefined)
    const { pattern, patternBytes } = (leftover === 'poison' ? poisonPatterns : leftoverPatterns)[shape.dtype]
    this.#between = pattern
    return this.#output.fill(pattern, patternBytes)
  }

  /** The output, its rows one after the other, and what was written between them. */
  read(): Result<{ output: Elements; damage: GuardDamage[] }> {
    const { dtype } = this.#operands.shape
    const stored = allocateElements(dtype, paddedCount(this.#rows))
    const read = this.#output.read(stored)
    if (!read.ok) return read
    const written = writtenBetweenRows(stored, this.#rows, this.#between)
    const { bytes } = floatFormats[dtype]
    const damage = written
      ? [{ name: "C's rows", bytesDamaged: written.count * bytes, firstOffset: written.first * bytes }]
      : []
    return ok({ output: gatherRows(stored, this.#rows, dtype), damage })
  }
}
