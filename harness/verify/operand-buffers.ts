import { ok, type Result } from '#contract/error.ts'
import type { BufferHandle } from '../bridge/buffer-handle.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arg } from '../bridge/run.ts'
import type { PlannedArg } from '../catalog/types.ts'
import { BoundOp, type GuardDamage, rowsOf } from './bound-op.ts'
import type { BufferPool } from './buffer-pool.ts'
import { type Elements, floatFormats } from './float-formats.ts'
import type { RunnableOp } from './kernel-ops.ts'
import { outOfMemory } from './memory.ts'
import { elementCounts, type Operands, operandA, operandB } from './operands.ts'
import { type PaddedRows, paddedCount, spreadRows } from './padded-rows.ts'
import { poisonedElements } from './poison.ts'
import { eachSlice } from './slices.ts'

/** Elements. */
const writtenAtOnce = 2 ** 25

/** Ends the building of buffers early; caught where it began, so that every buffer made so far is freed. */
class BufferFailure extends Error {
  readonly failure: Result<never>
  constructor(failure: Result<never>) {
    super('a buffer could not be made')
    this.failure = failure
  }
}

/** The operands of one shape in device memory, every buffer between guard bands. Ops that agree on a layout share A and B. */
export class OperandBuffers {
  readonly #device: DeviceHandle
  readonly #operands: Operands
  /** For analysing: reading an output that nothing was written to is a finding. */
  readonly #hasUndefinedOutputs: boolean
  readonly #shared = new Map<string, BufferHandle>()
  readonly #all: { name: string; buffer: BufferHandle; isPooled: boolean }[] = []
  readonly #pool: BufferPool | undefined

  /** With a pool, of the same device, inputs and outputs are taken from it; undefined outputs and scratch never are. */
  constructor(
    device: DeviceHandle,
    operands: Operands,
    options: { hasUndefinedOutputs?: boolean; pool?: BufferPool | undefined } = {},
  ) {
    this.#device = device
    this.#operands = operands
    this.#pool = options.pool
    this.#hasUndefinedOutputs = options.hasUndefinedOutputs ?? false
  }

  /** Binds an op to these operands, with an output of its own. `unsupported` names the sizes when memory runs out. */
  async bind(runnable: RunnableOp): Promise<Result<BoundOp>> {
    try {
      const { shape } = this.#operands
      const rows = rowsOf(shape, runnable.plan).c
      const outputBytes = paddedCount(rows) * floatFormats[shape.dtype].bytes
      const output = this.#hasUndefinedOutputs
        ? this.#make('C', { bytes: outputBytes, isUndefined: true })
        : this.#take('C', outputBytes)
      const { plan, op } = runnable
      const args: Arg[] = []
      for (const arg of plan.args) args.push(await this.#argFor(arg, runnable, output))
      const threadgroup = plan.threadgroupMemory.map(({ index, bytes }) => ({ index, threadgroupBytes: bytes }))
      const dispatch = {
        op,
        args: [...args, ...threadgroup],
        grid: plan.grid,
        threads: plan.threads,
        gridIsThreads: plan.gridIsThreads,
        barrierAfter: true,
      }
      return ok(new BoundOp(dispatch, { output, isSeparate: plan.isOutputSeparate, rows }, this.#operands))
    } catch (error) {
      return error instanceof BufferFailure ? error.failure : outOfMemory(this.#operands.shape, error)
    }
  }

  /** Every guard band that was written to, of inputs and outputs alike. */
  damage(): GuardDamage[] {
    return this.#all
      .map(({ name, buffer }) => ({ name, ...buffer.check() }))
      .filter(({ bytesDamaged }) => bytesDamaged > 0)
      .map(({ name, bytesDamaged, firstOffset }) => ({ name, bytesDamaged, firstOffset }))
  }

  destroy(): void {
    for (const { buffer, isPooled } of this.#all) {
      if (isPooled) this.#pool?.giveBack(buffer)
      else buffer.destroy()
    }
    this.#all.length = 0
    this.#shared.clear()
  }

  async #argFor(arg: PlannedArg, runnable: RunnableOp, output: BufferHandle): Promise<Arg> {
    const { index } = arg
    if ('bytes' in arg) return { index, bytes: arg.bytes }
    if ('scratchBytes' in arg)
      return { index, buffer: this.#make(`scratch at index ${index}`, { bytes: arg.scratchBytes }) }
    return { index, buffer: arg.role === 'C' ? output : await this.#inputFor(arg.role, runnable) }
  }

  #inputFor(role: 'A' | 'B' | 'Cin' | 'bias', { plan }: RunnableOp): Promise<BufferHandle> {
    const operands = this.#operands
    const { isATransposed, isBTransposed } = plan
    const rows = rowsOf(operands.shape, plan)
    const named = (name: string, { padding }: PaddedRows) => (padding === 0 ? name : `${name}, padded by ${padding}`)
    const spread = async (layout: PaddedRows, tight: Elements | Promise<Elements>) =>
      spreadRows(await tight, layout, operands.shape.dtype)
    switch (role) {
      case 'A': {
        const name = named(isATransposed ? 'A transposed' : 'A', rows.a)
        return this.#input(name, () => spread(rows.a, operandA(operands, isATransposed)))
      }
      case 'B': {
        const name = named(isBTransposed ? 'B transposed' : 'B', rows.b)
        return this.#input(name, () => spread(rows.b, operandB(operands, isBTransposed)))
      }
      case 'Cin': {
        const tight = () => operands.c0 ?? poisonedElements(operands.shape.dtype, elementCounts(operands.shape).c)
        return this.#input(named('Cin', rows.c), () => spread(rows.c, tight()))
      }
      case 'bias':
        // A kernel may declare its bias binding for shapes without one: it must then not look at it.
        return this.#input('bias', () => operands.bias ?? poisonedElements(operands.shape.dtype, operands.shape.n))
    }
  }

  async #input(name: string, elements: () => Elements | Promise<Elements>): Promise<BufferHandle> {
    const known = this.#shared.get(name)
    if (known) return known
    const data = await elements()
    const buffer = this.#take(name, data.byteLength)
    await eachSlice(data.length, writtenAtOnce, (begin, end) => {
      const written = buffer.write(data.subarray(begin, end), begin * data.BYTES_PER_ELEMENT)
      if (!written.ok) throw new BufferFailure(written)
    })
    this.#shared.set(name, buffer)
    return buffer
  }

  /** A buffer that is written to as a whole before it is read. */
  #take(name: string, bytes: number): BufferHandle {
    if (!this.#pool) return this.#make(name, { bytes })
    const taken = this.#pool.take(bytes)
    if (!taken.ok) throw new BufferFailure(taken)
    this.#all.push({ name, buffer: taken.value, isPooled: true })
    return taken.value
  }

  #make(name: string, { bytes, isUndefined = false }: { bytes: number; isUndefined?: boolean }): BufferHandle {
    const made = this.#device.createBuffer({ bytes, guarded: true, isUndefined })
    if (!made.ok) throw new BufferFailure(made)
    this.#all.push({ name, buffer: made.value, isPooled: false })
    return made.value
  }
}
