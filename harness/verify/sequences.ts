import type { Dtype } from '#contract/shape.ts'
import { allocateElements, type Elements } from './float-formats.ts'

interface Sequence {
  elements: Elements
  length: number
  next: () => number
}

/** Elements in all; a float has four bytes. */
const mostElements = 2 ** 26

/**
 * Random operands begin alike whatever the shape, so the numbers of one seed need drawing once for all shapes of a proof.
 * What it hands out is shared: nobody may write to it.
 */
export class Sequences {
  readonly #known = new Map<string, Sequence>()
  #drawn = 0

  /** The first `count` numbers of a sequence, which `begin` starts; a generator goes on where it was. */
  first(key: string, count: number, make: { dtype: Dtype; begin: () => () => number }): Elements {
    const known = this.#known.get(key) ?? { elements: allocateElements(make.dtype, 0), length: 0, next: make.begin() }
    if (count > known.elements.length) {
      const grown = allocateElements(make.dtype, Math.max(count, Math.min(2 * known.elements.length, 2 ** 20)))
      grown.set(known.elements.subarray(0, known.length))
      this.#drawn += grown.length - known.elements.length
      known.elements = grown
    }
    for (; known.length < count; known.length++) known.elements[known.length] = known.next()
    if (this.#drawn > mostElements) {
      this.#known.clear()
      this.#drawn = 0
    } else this.#known.set(key, known)
    return known.elements.subarray(0, count)
  }
}
