import { fail, ok, type Result } from '#contract/error.ts'
import type { ScalarType } from '#contract/launch.ts'
import { readOrdinaryFile } from '../store/ordinary-file.ts'
import { encodeBfloat, encodeHalf } from '../verify/float-formats.ts'
import { LegacyStream } from '../verify/legacy-stream.ts'
import { RandomStream } from '../verify/random-stream.ts'
import { elementFormats, isFloat } from './elements.ts'
import { decodeNpy } from './npy.ts'
import type { bufferInits } from './request.ts'

type Init = (typeof bufferInits)[number]

/** Where the values of one buffer come from. Legacy values go on from buffer to buffer, as recorded logs have it. */
export interface DataSources {
  seed: number
  legacy: LegacyStream
}

export const createSources = (seed: number): DataSources => ({ seed, legacy: new LegacyStream() })

interface BufferSpec {
  index: number
  type: ScalarType
  init: Init
  count: number
}

/** Normally distributed with mean 0 and deviation 1, two at a time (Box and Muller). */
function normals(stream: RandomStream): () => number {
  let spare: number | null = null
  const unit = () => ((stream.next() >>> 0) + 0.5) * 2 ** -32
  return () => {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(unit()))
    const angle = 2 * Math.PI * unit()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
}

/** The next value of an init; a string says why the type cannot hold it. */
function generator({ index, type, init }: BufferSpec, sources: DataSources): ((i: number) => number) | string {
  const stream = new RandomStream(sources.seed, index)
  const floats = (next: (i: number) => number) => (isFloat(type) ? next : `${init} needs a floating type, not ${type}`)
  switch (init) {
    case 'zeros':
    case 'undefined':
      return () => 0
    case 'ones':
      return () => 1
    case 'iota':
      return (i) => i
    case 'nan':
      return floats(() => Number.NaN)
    case 'randn':
      return floats(normals(stream))
    case 'uniform':
      return isFloat(type) ? () => stream.nextSigned() : type === 'bool' ? () => stream.next() & 1 : () => stream.next()
    case 'pm1':
      return /^(u|bool)/.test(type) ? `pm1 needs a signed type, not ${type}` : () => (stream.next() < 0 ? -1 : 1)
    case 'legacy':
      return floats(() => sources.legacy.next())
  }
}

/** Values of a buffer as its bytes: f16 and bf16 rounded to nearest even, integers wrapped. `uniform` fills the low 32 bits of integers. */
export function createData(spec: BufferSpec, sources: DataSources): Result<Uint8Array> {
  const next = generator(spec, sources)
  if (typeof next === 'string') return fail({ kind: 'invalid', message: `argument ${spec.index}: ${next}` })
  const elements = elementFormats[spec.type].create(spec.count)
  if (elements instanceof BigInt64Array || elements instanceof BigUint64Array) {
    for (let i = 0; i < spec.count; i++) elements[i] = BigInt(next(i))
  } else {
    const encode = spec.type === 'f16' ? encodeHalf : spec.type === 'bf16' ? encodeBfloat : (value: number) => value
    for (let i = 0; i < spec.count; i++) elements[i] = encode(next(i))
  }
  return ok(new Uint8Array(elements.buffer))
}

/** Elements of a .npy file, which must hold the type itself: nothing is converted. bfloat16 is read from uint16 bits. */
export function readData(spec: { index: number; type: ScalarType; file: string }): Result<Uint8Array> {
  const refuse = (why: string) => fail({ kind: 'invalid', message: `argument ${spec.index}: ${spec.file}: ${why}` })
  let file: Uint8Array
  try {
    file = readOrdinaryFile(spec.file)
  } catch (error) {
    return refuse((error as Error).message)
  }
  const array = decodeNpy(file)
  if (!array.ok) return refuse(array.error.message)
  const expected = elementFormats[spec.type].npy
  if (array.value.dtype !== expected) return refuse(`it holds ${array.value.dtype}, ${spec.type} needs ${expected}`)
  if (array.value.data.length === 0) return refuse('it holds no elements')
  return ok(array.value.data)
}
