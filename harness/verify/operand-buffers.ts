import { ok, type Result } from '#contract/error.ts'
import type { BufferHandle } from '../bridge/buffer-handle.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { Arg, Dispatch } from '../bridge/run.ts'
import type { PlannedArg } from '../catalog/types.ts'
import type { BufferPool } from './buffer-pool.ts'
import { allocateElements, type Elements, floatFormats } from './float-formats.ts'
import type { RunnableOp } from './kernel-ops.ts'
import { outOfMemory } from './memory.ts'
import { effectiveShape, elementCounts, type Operands, operandA, operandB } from './operands.ts'
import { type Leftover, leftoverPatterns, poisonPatterns } from './poison.ts'
import { eachSlice } from './slices.ts'

/** A guard band that something wrote to. `firstOffset` is relative to the buffer, in bytes. */
export interface GuardDamage {
  name: string
  bytesDamaged: number
  firstOffset: number
}

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
      const outputBytes = elementCounts(shape).c * floatFormats[shape.dtype].bytes
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
      return ok(new BoundOp(dispatch, { output, isSeparate: plan.isOutputSeparate }, this.#operands))
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
    switch (role) {
      case 'A':
        return this.#input(isATransposed ? 'A transposed' : 'A', () => operandA(operands, isATransposed))
      case 'B':
        return this.#input(isBTransposed ? 'B transposed' : 'B', () => operandB(operands, isBTransposed))
      case 'Cin':
        return this.#input(
          'Cin',
          () => operands.c0 ?? allocateElements(operands.shape.dtype, elementCounts(operands.shape).c),
        )
      case 'bias':
        // A kernel may declare its bias binding for shapes without one: it must then not count.
        return this.#input('bias', () => operands.bias ?? allocateElements(operands.shape.dtype, operands.shape.n))
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

/** An op with its buffers: one dispatch, and its output. */
export class BoundOp {
  readonly dispatch: Dispatch
  readonly #output: BufferHandle
  readonly #isSeparate: boolean
  readonly #operands: Operands

  constructor(dispatch: Dispatch, to: { output: BufferHandle; isSeparate: boolean }, operands: Operands) {
    this.dispatch = dispatch
    this.#output = to.output
    this.#isSeparate = to.isSeparate
    this.#operands = operands
  }

  /** Before a run whose output counts: C0 where the result reads it from there, else poison, a number, or nothing at all. */
  reset(leftover: Leftover | 'undefined' = 'poison'): Result<void> {
    const { c0, shape } = this.#operands
    if (c0 && !this.#isSeparate && effectiveShape(shape).beta !== 0) return this.#output.write(c0)
    if (leftover === 'undefined') return ok(undefined)
    const { pattern, patternBytes } = (leftover === 'poison' ? poisonPatterns : leftoverPatterns)[shape.dtype]
    return this.#output.fill(pattern, patternBytes)
  }

  /** The output as stored. */
  read(): Result<Elements> {
    const { shape } = this.#operands
    const elements = allocateElements(shape.dtype, elementCounts(shape).c)
    const read = this.#output.read(elements)
    return read.ok ? ok(elements) : read
  }
}
