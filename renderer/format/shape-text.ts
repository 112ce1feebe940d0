import type { Shape } from '#contract/shape.ts'

/** Letters of BLAS: first A, then B; T where the operand is stored transposed. */
export function layoutOf(shape: Pick<Shape, 'tA' | 'tB'>): string {
  return `${shape.tA ? 'T' : 'N'}${shape.tB ? 'T' : 'N'}`
}

/** `1×896×896 NT`, then only what is not the default: batch, bias, alpha, beta, accumulate, activation, dtype. */
export function shapeText(shape: Shape, { hasDtype = true } = {}): string {
  const parts = [`${shape.m}×${shape.n}×${shape.k} ${layoutOf(shape)}`]
  if (shape.batch !== 1) parts.push(`batch ${shape.batch}`)
  if (shape.bias) parts.push('bias')
  if (shape.alpha !== 1) parts.push(`α ${shape.alpha}`)
  if (shape.beta !== 0) parts.push(`β ${shape.beta}`)
  if (shape.accumulate) parts.push('accumulate')
  if (shape.act !== 'none') parts.push(shape.act)
  if (hasDtype) parts.push(shape.dtype)
  return parts.join(' · ')
}

/** Equal for equal shapes. */
export function isSameShape(a: Shape, b: Shape): boolean {
  return (Object.keys(a) as (keyof Shape)[]).every((name) => a[name] === b[name])
}

const usualParts = /,(?:tA=0|tB=0|batch=1|bias=0|alpha=1|beta=0|dtype=f16)(?![\w.])/g

/** A text without those parts of the canonical shapes in it that are as usual. */
export function shortShapes(text: string): string {
  return text.replaceAll(usualParts, '')
}
