import { z } from 'zod'

export const dtypeSchema = z.enum(['f16', 'bf16', 'f32'])
/** Element type of A, B, C and bias. */
export type Dtype = z.infer<typeof dtypeSchema>

/** What is applied to every output, in the order of their numbers in launches: the formula name `act` is 0 to 3. */
export const activations = ['none', 'relu', 'gelu', 'silu'] as const
export const activationSchema = z.enum(activations)
export type Activation = z.infer<typeof activationSchema>

const extent = z
  .number()
  .int()
  .min(1)
  .max(2 ** 31 - 1)

/**
 * One matmul: C[b] = act(alpha · (op(A[b]) · op(B[b]) + bias) + beta · C0[b]), row-major, dense, batches contiguous.
 * A is m×k (k×m when tA), B is k×n (n×k when tB), bias has n elements. act comes last, on the sum with C0 in it, before
 * the rounding to the element type: relu is x < 0 ? 0 : x, silu x / (1 + e^−x), and gelu the tanh form,
 * x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), not the one with erf.
 */
export const shapeSchema = z.object({
  m: extent,
  n: extent,
  k: extent,
  batch: extent.default(1),
  tA: z.boolean().default(false),
  tB: z.boolean().default(false),
  bias: z.boolean().default(false),
  alpha: z.number().default(1),
  beta: z.number().default(0),
  accumulate: z.boolean().default(false),
  act: activationSchema.default('none'),
  dtype: dtypeSchema.default('f16'),
})
export type Shape = z.infer<typeof shapeSchema>

/** A shape of a shape list, with what the profiler recorded about it on the machine it came from. */
export const listedShapeSchema = z.object({
  shape: shapeSchema,
  op: z.string(),
  /** 1-based line in the list. */
  line: z.number().int(),
  /** True when the list names the element type; else every kernel runs the shape in its own. */
  hasDtype: z.boolean().optional(),
  role: z.string().optional(),
  count: z.number().optional(),
  totalMs: z.number().optional(),
  avgMs: z.number().optional(),
  minMs: z.number().optional(),
  maxMs: z.number().optional(),
  p95Ms: z.number().optional(),
  p99Ms: z.number().optional(),
})
export type ListedShape = z.infer<typeof listedShapeSchema>

/**
 * Canonical text of a shape: `m=1,n=896,k=896,tA=0,tB=1,batch=1,bias=0,alpha=1,beta=0,dtype=f16`
 * (`,accumulate=1` and then `,act=relu` only when set). Equal shapes have equal text; parseShape reads it back.
 */
export function formatShape(s: Shape): string {
  const head = `m=${s.m},n=${s.n},k=${s.k},tA=${+s.tA},tB=${+s.tB},batch=${s.batch},bias=${+s.bias}`
  const tail = `${s.accumulate ? ',accumulate=1' : ''}${s.act === 'none' ? '' : `,act=${s.act}`}`
  return `${head},alpha=${s.alpha},beta=${s.beta},dtype=${s.dtype}${tail}`
}
