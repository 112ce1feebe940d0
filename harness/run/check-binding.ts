import type { Binding } from '#contract/diagnostic.ts'
import type { ScalarType } from '#contract/launch.ts'
import { scalarOfMsl } from '../compile/parse-constants.ts'
import { isFloat } from './elements.ts'

/** Scalar behind a type of MSL: of `half4`, `packed_float3` and `vec<half, 4>` too; undefined for structs. */
export function elementOf(type: string): ScalarType | undefined {
  const bare = type.replace(/\b(metal::|const\b|volatile\b|device\b|constant\b)/g, '').trim()
  const vector = /^(?:packed_)?([a-z]+?)[234]$/.exec(bare)?.[1] ?? /^vec<\s*(\w+)\s*,/.exec(bare)?.[1]
  return scalarOfMsl(bare) ?? (vector === undefined ? undefined : scalarOfMsl(vector))
}

const bits = (type: ScalarType) => Number(/\d+$/.exec(type)?.[0] ?? 8)

/** Whether memory of one type may be read as another. Signedness is a way of looking at the same bits. */
export function isCompatible(given: ScalarType, declared: ScalarType): boolean {
  if (given === declared) return true
  return !isFloat(given) && !isFloat(declared) && bits(given) === bits(declared)
}

/** `buffer 0 (device half* a)`, as refusals name it. */
export function describeBinding({ index, kind, type, name, isPointer }: Binding): string {
  const space = kind === 'buffer' ? 'device ' : kind === 'constant' ? 'constant ' : ''
  return `${kind} ${index} (${space}${type}${isPointer ? '*' : '&'} ${name})`
}

/** All bindings of an entry, for a message about one that does not exist. */
export function listBindings(bindings: readonly Binding[]): string {
  return bindings.map(describeBinding).join(', ') || 'none'
}

/** Why a value or buffer of a type does not fit a binding; null when it does or the binding's type is no scalar. */
export function typeRefusal(binding: Binding, given: ScalarType): string | null {
  const declared = elementOf(binding.type)
  if (!declared || isCompatible(given, declared)) return null
  return `argument ${binding.index}: ${describeBinding(binding)} holds ${declared}, it was given ${given}`
}
