import type { CompileReport } from '#contract/diagnostic.ts'
import { fail, type LabError, ok, type Result } from '#contract/error.ts'
import type { DeviceHandle } from '../bridge/device-handle.ts'
import type { ModuleHandle } from '../bridge/module-handle.ts'
import type { OpHandle } from '../bridge/op-handle.ts'
import type { ModuleRequest } from '../bridge/types.ts'
import { readOrdinaryFile } from '../store/ordinary-file.ts'
import { type ConstantText, parseConstants } from './parse-constants.ts'

/** A compile as the command line asks for it. */
export interface CompileFile {
  /** Absolute. */
  path: string
  includeRoots: string[]
  macros: string[]
  constants: ConstantText[]
}

/** A compile's answer, with what only the command line shows. */
export interface FileReport extends CompileReport {
  compiler: string
  /** How the requested entry would execute; absent without one. */
  tier?: string
  /** Why that tier and not a faster one, as far as is known before the first run. */
  tierReason?: string
}

/** Text of a kernel file; `not-found` when it cannot be read. */
export function readSource(path: string): Result<string> {
  try {
    return ok(readOrdinaryFile(path).toString())
  } catch (error) {
    return fail({ kind: 'not-found', message: `cannot read ${path}: ${(error as Error).message}` })
  }
}

/** Reads and checks a file. Success also when it has errors: see `.report.ok`. The caller destroys the module. */
export async function openModule(device: DeviceHandle, file: CompileFile): Promise<Result<ModuleHandle>> {
  const source = readSource(file.path)
  if (!source.ok) return source
  const { path, includeRoots, macros } = file
  const request: ModuleRequest = { source: source.value, path, includeRoots, macros }
  return device.createModule(request)
}

/** Makes one entry of a module runnable with constants given as text. */
export async function openOp(
  module: ModuleHandle,
  { entry, constants, isAnalysed = false }: { entry: string; constants: ConstantText[]; isAnalysed?: boolean },
): Promise<Result<OpHandle>> {
  const known = module.report.entries.find(({ name }) => name === entry)?.constants ?? []
  const values = parseConstants(constants, known)
  return values.ok ? module.createOp({ entry, constants: values.value, analyse: isAnalysed }) : values
}

/** An entry that cannot be made runnable is an error of the source too; one without a place is put at the entry. */
function failedOp(module: ModuleHandle, entry: string, error: LabError): Result<FileReport> {
  const { report, compiler } = module
  if (error.kind === 'compile') return ok({ ...report, ok: false, compiler })
  const found = report.entries.find(({ name }) => name === entry)
  if (error.kind !== 'pipeline' || !found) return fail(error)
  const { file, line } = found
  const diagnostic = { file, line, column: 1, severity: 'error' as const, message: error.message }
  return ok({ ...report, ok: false, diagnostics: [...report.diagnostics, diagnostic], compiler })
}

/** Compiles a file, and one entry of it to the end when named. Errors in the source are a report, not a failure. */
export async function compileFile(
  device: DeviceHandle,
  file: CompileFile,
  entry?: string,
): Promise<Result<FileReport>> {
  const module = await openModule(device, file)
  if (!module.ok) return module
  const { report, compiler } = module.value
  try {
    if (entry === undefined || !report.ok) return ok({ ...report, compiler })
    const op = await openOp(module.value, { entry, constants: file.constants })
    if (!op.ok) return failedOp(module.value, entry, op.error)
    const { optimiseNs, linkNs, isCached, tier, tierReason } = op.value.info
    op.value.destroy()
    return ok({
      ...report,
      compiler,
      tier,
      tierReason,
      timing: { ...report.timing, optimiseNs, linkNs, cached: isCached },
    })
  } finally {
    module.value.destroy()
  }
}
