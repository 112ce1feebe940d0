import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import type { EvidenceRecord } from '#contract/evidence.ts'
import { type EvidenceFile, evidenceFileSchema, packEvidence } from '#contract/evidence-file.ts'
import type { Flag } from '#contract/manifest.ts'
import { messageOf, writeFileAtomic } from './atomic-file.ts'
import { canonicalJson, sha256, tidyJson } from './canonical-json.ts'

/** A name as one path segment: what is not a letter, digit, `_`, `-`, `+` or inner dot is percent-encoded. */
function segmentOf(name: string): string {
  const encode = (text: string) =>
    Array.from(new TextEncoder().encode(text), (byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join(
      '',
    )
  return name.replace(/[^\w.+-]/gu, encode).replace(/^\.+/, encode)
}

/** `evidence/<backend>/<variant>.json` beside the manifest. */
export function evidencePath(manifestPath: string, variant: { backend: string; name: string }): string {
  return join(dirname(manifestPath), 'evidence', segmentOf(variant.backend), `${segmentOf(variant.name)}.json`)
}

/** Evidence of a variant; null when there is none. Fails with `invalid` when the file is there but not evidence. */
export function readEvidence(
  manifestPath: string,
  variant: { backend: string; name: string },
): Result<EvidenceFile | null> {
  const path = evidencePath(manifestPath, variant)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return ok(null)
    return fail({ kind: 'invalid', message: `cannot read ${path}: ${messageOf(error)}` })
  }
  try {
    const file: unknown = JSON.parse(text)
    const edited = editedByHand(file)
    if (edited !== null) return fail({ kind: 'invalid', message: `${path} ${edited}` })
    const parsed = evidenceFileSchema.safeParse(file)
    if (parsed.success) return ok(parsed.data)
    const issue = parsed.error.issues[0]
    return fail({ kind: 'invalid', message: `${path} is not evidence: ${issue?.path.join('.')}: ${issue?.message}` })
  } catch (error) {
    return fail({ kind: 'invalid', message: `${path} is not JSON: ${messageOf(error)}` })
  }
}

/** Hex SHA-256 of what a file says, without what it says of itself. */
function digestOf({ digest: _, ...file }: Record<string, unknown>): string {
  return sha256(canonicalJson(file))
}

/** A record is what a proof wrote and nothing else; null when it is. The first format never said what it was. */
function editedByHand(file: unknown): string | null {
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return null
  const { format, digest } = file as Record<string, unknown>
  if (format === 1) return 'is of a format that cannot tell whether it was edited'
  return digest === digestOf(file as Record<string, unknown>) ? null : 'was edited since a proof wrote it'
}

/**
 * Puts the records of some flags into a variant's evidence file, keeping the others; sorted, stable and atomic. A file
 * that is not readable as evidence is replaced. Answers the path written.
 */
export function writeEvidence(
  manifestPath: string,
  variant: { backend: string; name: string },
  records: Partial<Record<Flag, EvidenceRecord>>,
): Result<string> {
  const path = evidencePath(manifestPath, variant)
  const old = readEvidence(manifestPath, variant)
  const flags = { ...(old.ok ? old.value?.flags : undefined), ...records }
  const file = packEvidence({ variant: `${variant.backend}/${variant.name}`, flags })
  const written = writeFileAtomic(path, `${tidyJson({ ...file, digest: digestOf(file) })}\n`)
  return written.ok ? ok(path) : written
}
