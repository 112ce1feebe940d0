import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'

/** Text of a caught value, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function realTarget(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function modeOf(path: string): number | null {
  try {
    return statSync(path).mode & 0o7777
  } catch {
    return null
  }
}

function writeAll(descriptor: number, data: Uint8Array): void {
  for (let done = 0; done < data.length; ) done += writeSync(descriptor, data, done, data.length - done)
}

/** Cleaning up must not hide why the write failed. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

function syncFolder(folder: string): void {
  // Some file systems refuse to sync a folder; the rename itself has happened by then.
  try {
    const descriptor = openSync(folder, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {}
}

/** Beside its target, since a rename does not leave a file system; `removeLeftovers` knows it by this form. */
const temporaryOf = (target: string): string =>
  join(dirname(target), `.${basename(target)}.${process.pid}.${Math.random().toString(36).slice(2, 10)}.tmp`)

/**
 * Replaces a file in one step: a reader sees the old bytes or the new ones, also after a power cut. The folder is
 * created when missing, the file's mode is kept, and a link is written through. Fails with `invalid` and the reason.
 * `mayBeLost`: a power cut may leave the file empty, and nothing waits for the disk.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  { mayBeLost = false }: { mayBeLost?: boolean } = {},
): Result<void> {
  const target = realTarget(path)
  const folder = dirname(target)
  const temporary = temporaryOf(target)
  try {
    mkdirSync(folder, { recursive: true })
    const mode = modeOf(target)
    const descriptor = openSync(temporary, 'wx', 0o666)
    try {
      if (mode !== null) fchmodSync(descriptor, mode)
      writeAll(descriptor, typeof data === 'string' ? new TextEncoder().encode(data) : data)
      if (!mayBeLost) fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(temporary, target)
    if (!mayBeLost) syncFolder(folder)
    return ok(undefined)
  } catch (error) {
    removeQuietly(temporary)
    return fail({ kind: 'invalid', message: `cannot write ${path}: ${messageOf(error)}` })
  }
}

/** As `writeFileAtomic` for a new file of the lab's own, without holding up this process while the disk is slow. */
export async function writeFileAtomicAsync(path: string, text: string): Promise<Result<void>> {
  const temporary = temporaryOf(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    return ok(undefined)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    return fail({ kind: 'invalid', message: `cannot write ${path}: ${messageOf(error)}` })
  }
}
