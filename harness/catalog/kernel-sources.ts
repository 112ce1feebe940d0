import { ok, type Result } from '#contract/error.ts'
import { closureHash } from './source-closure.ts'
import { readTextFile } from './workspace.ts'

/** Kernel files as they were at one moment: each is read and hashed once, however many variants share it. */
export class KernelSources {
  private readonly texts = new Map<string, Result<string>>()
  private readonly hashes = new Map<string, string>()

  /** Text of a file; `not-found` or `invalid` when it cannot be read as text. */
  text(path: string): Result<string> {
    const known = this.texts.get(path) ?? this.read(path)
    this.texts.set(path, known)
    return known
  }

  private read(path: string): Result<string> {
    const file = readTextFile(path)
    return file.ok ? ok(file.value.text) : file
  }

  /** closureHash of a file; only texts that are those of the disk are remembered. */
  hash(source: { path: string; text: string; includeRoots: readonly string[] }): string {
    const onDisk = this.texts.get(source.path)
    if (!onDisk?.ok || onDisk.value !== source.text) return closureHash(source)
    const known = this.hashes.get(source.path) ?? closureHash(source)
    this.hashes.set(source.path, known)
    return known
  }
}
