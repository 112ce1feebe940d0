import type { Formula, Launch, LaunchArg, ScalarRole, ScalarType } from '#contract/launch.ts'
import type { LaunchEvaluation } from './launch-evaluation.ts'
import { structLayout, writeScalar } from './scalar-bytes.ts'
import type { PlannedArg } from './types.ts'

function planFields(
  fields: { name?: string; type: Parameters<typeof structLayout>[0][number]; value: Formula }[],
  at: { index: number; evaluation: LaunchEvaluation },
): Uint8Array {
  const { offsets, bytes } = structLayout(fields.map((field) => field.type))
  const data = new Uint8Array(bytes)
  const view = new DataView(data.buffer)
  fields.forEach((field, position) => {
    const what = `args index ${at.index}, field ${field.name ?? position}`
    const value = at.evaluation.value(field.value, what)
    const written = writeScalar(view, offsets[position] as number, { type: field.type, value })
    if (!written.ok) at.evaluation.refuse(`${what}: ${written.error.message}`)
  })
  return data
}

const scalarRoles: Record<ScalarRole, { type: ScalarType; value: Formula }> = {
  M: { type: 'u32', value: 'm' },
  N: { type: 'u32', value: 'n' },
  K: { type: 'u32', value: 'k' },
  batch: { type: 'u32', value: 'batch' },
  lda: { type: 'u32', value: 'lda' },
  ldb: { type: 'u32', value: 'ldb' },
  ldc: { type: 'u32', value: 'ldc' },
  ldd: { type: 'u32', value: 'ldc' },
  alpha: { type: 'f32', value: 'alpha' },
  beta: { type: 'f32', value: 'beta' },
}

type RoleArg = Extract<LaunchArg, { role: string }>
type MatrixArg = Exclude<RoleArg, { role: ScalarRole }>

const isScalar = (arg: RoleArg): arg is Exclude<RoleArg, MatrixArg> => Object.hasOwn(scalarRoles, arg.role)
const isMatrix = (arg: LaunchArg): arg is MatrixArg => 'role' in arg && !isScalar(arg)

function planArg(arg: LaunchArg, evaluation: LaunchEvaluation): PlannedArg {
  const { index } = arg
  if ('role' in arg) {
    if (!isScalar(arg)) return { index, role: arg.role === 'D' ? 'C' : arg.role }
    const { type, value } = scalarRoles[arg.role]
    return { index, bytes: planFields([{ name: arg.role, type: arg.type ?? type, value }], { index, evaluation }) }
  }
  if ('scratchBytes' in arg) {
    return {
      index,
      scratchBytes: evaluation.count(arg.scratchBytes, {
        what: `args index ${index}, scratchBytes`,
        least: 1,
        most: Number.MAX_SAFE_INTEGER,
      }),
    }
  }
  const fields = 'fields' in arg ? arg.fields : [{ type: arg.type, value: arg.value }]
  return { index, bytes: planFields(fields, { index, evaluation }) }
}

/** Those that are there for the shape. */
function presentArgs(launch: Launch, evaluation: LaunchEvaluation): LaunchArg[] {
  return launch.args.filter(
    (arg) => arg.when === undefined || evaluation.value(arg.when, `args index ${arg.index}, when`) !== 0,
  )
}

const bindsD = (args: readonly LaunchArg[]) => args.some((arg) => isMatrix(arg) && arg.role === 'D')

/** True when the output does not hold C0 before the run, whatever the shape: the launch has a D. */
export function isOutputSeparate(launch: Launch, evaluation: LaunchEvaluation): boolean {
  return bindsD(presentArgs(launch, evaluation))
}

/** What each binding of a launch receives for a shape, by index. D is planned as the output C, and C beside it as Cin. */
export function planArgs(launch: Launch, evaluation: LaunchEvaluation): PlannedArg[] {
  const present = presentArgs(launch, evaluation)
  const isSeparate = bindsD(present)
  const args = present.map((arg) =>
    isSeparate && isMatrix(arg) && arg.role === 'C'
      ? ({ index: arg.index, role: 'Cin' } as const)
      : planArg(arg, evaluation),
  )
  const seen = new Set<number>()
  for (const { index } of args) {
    if (seen.has(index)) evaluation.refuse(`args give index ${index} twice for this shape`)
    seen.add(index)
  }
  const outputs = args.filter((arg) => 'role' in arg && arg.role === 'C')
  if (outputs.length > 1) evaluation.refuse(`args bind the output ${outputs.length} times for this shape`)
  return args.sort((a, b) => a.index - b.index)
}
