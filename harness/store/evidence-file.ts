import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Result } from '#contract/error.ts'
import { fail, ok } from '#contract/error.ts'
import {
  type EvidenceFile,
  type EvidenceRecords,
  evidenceFileSchema,
  evidenceFormat,
  packEvidence,
} from '#contract/evidence-file.ts'
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

/** A variant's evidence as it lies on disk. */
export interface EvidenceReading extends EvidenceFile {
  /** Kinds of device of which there is something, but nothing that counts, and why. */
  damaged: Record<string, string>
}

/** Evidence of a variant; null when there is none. Fails with `invalid` when the file is there but not evidence. */
export function readEvidence(
  manifestPath: string,
  variant: { backend: string; name: string },
): Result<EvidenceReading | null> {
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
    return parseEvidence(path, JSON.parse(text))
  } catch (error) {
    return fail({ kind: 'invalid', message: `${path} is not JSON: ${messageOf(error)}` })
  }
}

/** Digests are looked at before anything else: what was edited is not said to be evidence that is wrong. */
function parseEvidence(path: string, file: unknown): Result<EvidenceReading> {
  const { format, variant, devices } = isObject(file) ? file : {}
  if (typeof format === 'number' && format < evidenceFormat) {
    const message = `${path} is of format ${format}, which cannot say on which devices it was proven: prove it again`
    return fail({ kind: 'invalid', message })
  }
  const damaged: Record<string, string> = {}
  const intact: [string, unknown][] = []
  for (const [kind, section] of Object.entries(isObject(devices) ? devices : {})) {
    if (isObject(section) && section.digest === digestOf(section, { variant, kind })) intact.push([kind, section])
    else damaged[kind] = `what ${path} says of ${kind} was edited since a proof wrote it`
  }
  const parsed = evidenceFileSchema.safeParse({
    ...(isObject(file) ? file : {}),
    ...(isObject(devices) ? { devices: Object.fromEntries(intact) } : {}),
  })
  if (parsed.success) return ok({ ...parsed.data, damaged })
  const issue = parsed.error.issues[0]
  return fail({ kind: 'invalid', message: `${path} is not evidence: ${issue?.path.join('.')}: ${issue?.message}` })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Hex SHA-256 of what a section says, of whom and of where, without what it says of itself. */
function digestOf({ digest: _, ...section }: object & { digest?: unknown }, of: { variant: unknown; kind: string }) {
  return sha256(canonicalJson({ ...of, section }))
}

type Devices = EvidenceFile['devices']

/**
 * Puts the records of some flags into a variant's evidence file, each under its kind of device, keeping all others;
 * sorted, stable and atomic. What is not readable as evidence is replaced. Call it under the manifest's lock, for it
 * reads, then writes. Answers the path written.
 */
export function writeEvidence(
  manifestPath: string,
  variant: { backend: string; name: string },
  records: EvidenceRecords,
): Result<string> {
  return rewrite(manifestPath, variant, (devices) => {
    const changed = { ...devices }
    for (const [flag, record] of Object.entries(records))
      changed[record.deviceKind] = { ...changed[record.deviceKind], [flag]: record }
    return changed
  })
}

/** Takes the records of some flags on one kind of device out, in the same way. A file without a record is removed. */
export function removeEvidence(
  manifestPath: string,
  variant: { backend: string; name: string },
  { device, flags }: { device: string; flags: readonly Flag[] },
): Result<string> {
  const isKept = ([flag]: [string, unknown]) => !flags.some((one) => one === flag)
  return rewrite(manifestPath, variant, (devices) => ({
    ...devices,
    [device]: Object.fromEntries(Object.entries(devices[device] ?? {}).filter(isKept)),
  }))
}

function rewrite(
  manifestPath: string,
  variant: { backend: string; name: string },
  change: (devices: Devices) => Devices,
): Result<string> {
  const path = evidencePath(manifestPath, variant)
  const id = `${variant.backend}/${variant.name}`
  const old = readEvidence(manifestPath, variant)
  const file = packEvidence({
    variant: id,
    devices: change(old.ok && old.value?.variant === id ? old.value.devices : {}),
  })
  const sections = Object.entries(file.devices).map(([kind, section]) => {
    return [kind, { ...section, digest: digestOf(section, { variant: id, kind }) }]
  })
  if (sections.length === 0) return removeFile(path)
  const written = writeFileAtomic(path, `${tidyJson({ ...file, devices: Object.fromEntries(sections) })}\n`)
  return written.ok ? ok(path) : written
}

function removeFile(path: string): Result<string> {
  try {
    rmSync(path, { force: true })
    return ok(path)
  } catch (error) {
    return fail({ kind: 'invalid', message: `cannot remove ${path}: ${messageOf(error)}` })
  }
}
