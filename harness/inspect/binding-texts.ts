import type { DispatchReport } from '#contract/inspect.ts'
import type { Launch, LaunchArg, ScalarType } from '#contract/launch.ts'
import type { Shape } from '#contract/shape.ts'
import { operandBytes } from '../catalog/shape-names.ts'
import type { LaunchPlan, PlannedArg } from '../catalog/types.ts'

type Binding = DispatchReport['bindings'][number]

const readers: Partial<Record<ScalarType, (view: DataView) => string>> = {
  u32: (view) => String(view.getUint32(0, true)),
  i32: (view) => String(view.getInt32(0, true)),
  u64: (view) => String(view.getBigUint64(0, true)),
  i64: (view) => String(view.getBigInt64(0, true)),
  f32: (view) => String(view.getFloat32(0, true)),
}

/** Which scalar an argument declares; undefined for a struct, a matrix and working memory. */
function scalarOf(arg: LaunchArg | undefined): { name: string; type: ScalarType } | undefined {
  if (!arg || 'fields' in arg || 'scratchBytes' in arg) return undefined
  if (!('role' in arg)) return { name: String(arg.value), type: arg.type }
  const isFloat = arg.role === 'alpha' || arg.role === 'beta'
  return { name: arg.role, type: ('type' in arg ? arg.type : undefined) ?? (isFloat ? 'f32' : 'u32') }
}

function bytesText(bytes: Uint8Array, arg: LaunchArg | undefined): Pick<Binding, 'name' | 'value'> {
  const scalar = scalarOf(arg)
  const read = scalar && readers[scalar.type]
  if (scalar && read) {
    return { name: `${scalar.name} (${scalar.type})`, value: read(new DataView(bytes.buffer, bytes.byteOffset)) }
  }
  const fields = arg && 'fields' in arg ? arg.fields.map(({ name }, at) => name ?? String(at)).join(', ') : ''
  return { name: fields === '' ? 'constants' : `struct {${fields}}`, value: `${bytes.length} B` }
}

function textOf(planned: PlannedArg, arg: LaunchArg | undefined, shape: Shape): Pick<Binding, 'name' | 'value'> {
  if ('bytes' in planned) return bytesText(planned.bytes, arg)
  if ('scratchBytes' in planned) return { name: 'working memory', value: `${planned.scratchBytes} B` }
  const { a, b, c, bias } = operandBytes(shape)
  const bytes = { A: a, B: b, C: c, Cin: c, bias }[planned.role]
  return { name: planned.role, value: bytes === 0 ? 'nothing to read' : `${bytes} B` }
}

/** What each binding index receives, for people. */
export function bindingTexts({ args }: Launch, plan: LaunchPlan, shape: Shape): Binding[] {
  return plan.args.map((planned) => {
    const arg = args.find(({ index }) => index === planned.index)
    return { index: planned.index, ...textOf(planned, arg, shape) }
  })
}
