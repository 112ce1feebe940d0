import { fail, ok, type Result } from '#contract/error.ts'

/** The content of a .npy file: NumPy's type string, the extents, and the elements' bytes in row-major order. */
export interface NpyArray {
  dtype: string
  shape: number[]
  data: Uint8Array
}

const magic = Uint8Array.of(0x93, ...new TextEncoder().encode('NUMPY'))
const headerAlignment = 64

/** The file that holds `array`, format version 1.0. */
export function encodeNpy({ dtype, shape, data }: NpyArray): Uint8Array {
  const extents = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${extents}), }`
  const prefix = magic.length + 4
  const total = Math.ceil((prefix + dictionary.length + 1) / headerAlignment) * headerAlignment
  const file = new Uint8Array(total + data.length)
  file.set(magic)
  file.set([1, 0], magic.length)
  new DataView(file.buffer).setUint16(magic.length + 2, total - prefix, true)
  file.set(new TextEncoder().encode(`${dictionary.padEnd(total - prefix - 1)}\n`), prefix)
  file.set(data, total)
  return file
}

const invalid = (message: string): Result<never> => fail({ kind: 'invalid', message })

/** Reads format versions 1 to 3. Refuses what is no array of numbers in row-major order. */
export function decodeNpy(file: Uint8Array): Result<NpyArray> {
  if (file.length < 12 || magic.some((byte, i) => file[i] !== byte)) return invalid('it is not a .npy file')
  const isShort = file[6] === 1
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const start = isShort ? 10 : 12
  const end = start + (isShort ? view.getUint16(8, true) : view.getUint32(8, true))
  const header = new TextDecoder().decode(file.subarray(start, end))
  const dtype = /'descr':\s*'([^']+)'/.exec(header)?.[1]
  const extents = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  if (dtype === undefined || extents === undefined)
    return invalid(`its header cannot be read: ${header.trim().slice(0, 200)}`)
  const shape = extents
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)
    .map(Number)
  if (/'fortran_order':\s*True/.test(header) && shape.length > 1) {
    return invalid('it is in column-major (Fortran) order; save numpy.ascontiguousarray of it')
  }
  const data = file.subarray(end)
  const itemBytes = Number(/\d+$/.exec(dtype)?.[0])
  const needed = shape.reduce((product, extent) => product * extent, itemBytes)
  if (data.length !== needed) return invalid(`it holds ${data.length} bytes of elements, its header says ${needed}`)
  return ok({ dtype, shape, data })
}
