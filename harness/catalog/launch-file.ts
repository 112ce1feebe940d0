import { existsSync, readFileSync } from 'node:fs'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import { type LaunchFile, launchFileSchema } from '#contract/launch.ts'
import { messageOf } from '../store/atomic-file.ts'
import type { LaunchBinding } from './types.ts'

/** `<library>.launch.json` beside `<library>.metal`. */
export function launchFilePath(kernelPath: string): string {
  return `${kernelPath.replace(/\.metal$/i, '')}.launch.json`
}

/** The launch file of a kernel file; null when there is none, `invalid` with the place when it does not fit its format. */
export function readLaunchFile(kernelPath: string): Result<LaunchFile | null> {
  const path = launchFilePath(kernelPath)
  if (!existsSync(path)) return ok(null)
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    return fail({ kind: 'invalid', message: `${path}: ${messageOf(error)}` })
  }
  const parsed = launchFileSchema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  return fail({ kind: 'invalid', message: `${path}: ${issue?.path.join('.') || 'file'}: ${issue?.message}` })
}

/** The launch that a file declares for an entry; null when it declares none, `invalid` when it names an unknown launch. */
export function launchOfEntry(
  file: LaunchFile,
  target: { entry: string; kernelPath: string },
): Result<LaunchBinding | null> {
  const declared = Object.hasOwn(file.entries, target.entry) ? file.entries[target.entry] : undefined
  if (!declared) return ok(null)
  const { dtype, params } = declared
  const launch = Object.hasOwn(file.launches, declared.launch) ? file.launches[declared.launch] : undefined
  if (launch) return ok({ launch: dtype ? { ...launch, dtype } : launch, params, origin: 'file' })
  const known = Object.keys(file.launches).join(', ')
  return fail({
    kind: 'invalid',
    message: `${launchFilePath(target.kernelPath)}: entry "${target.entry}" uses launch "${declared.launch}", but there are only: ${known}`,
  })
}
