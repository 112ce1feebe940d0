import { z } from 'zod'
import { type EvidenceRecord, evidenceRecordSchema } from './evidence.ts'
import {
  fullShape,
  packBuild,
  packShapes,
  packSources,
  shortShape,
  unpackBuild,
  unpackShapes,
  unpackSources,
} from './evidence-text.ts'
import { type Flag, flagSchema, provableFlags } from './manifest.ts'
import type { Mutant, MutantOutcome, Sanitizer } from './mutant.ts'

/** What the gates of one kind of device found out, by flag. */
export type EvidenceRecords = Partial<Record<Flag, EvidenceRecord>>
/** A record as named facts: what all records of a file agree on is written once. */
type Facts = Record<string, unknown>

const plain = [
  'sourceHash',
  'entryHash',
  'compiler',
  'mathMode',
  'deviceName',
  'labVersion',
  'provenAt',
  'seeds',
  'beside',
  'skipped',
] as const

const factsSchema = z.record(z.string(), z.unknown())
const sectionSchema = z.object({
  /**
   * A checksum of everything else in the section, of the variant and of the kind of device: it tells a hand edit from
   * what a proof wrote. It is no signature. Whoever can run a program can compute it for records of his own making; what
   * guards against that is proving again (`klab prove --all`). Absent while a file is being made.
   */
  digest: z.string().optional(),
  /** Compiler flags; those after the first as what differs from it. */
  builds: z.array(z.string()),
  /** What each mutant changes, by id. */
  mutants: z.record(z.string(), z.string()),
  /** Shapes that were run, by the flags whose proofs ran them, then by features. */
  shapes: z.record(z.string(), z.record(z.string(), z.string())),
  shared: factsSchema,
  flags: z.partialRecord(flagSchema, factsSchema),
})
type Section = z.infer<typeof sectionSchema>

/** The format that is written; older ones cannot say on which device what was proven, and are not read. */
export const evidenceFormat = 3

const packedSchema = z.object({
  format: z.literal(evidenceFormat),
  variant: z.string(),
  /** By kind of device. Sections know nothing of each other, so that those of two machines can be merged. */
  devices: z.record(z.string(), sectionSchema),
})
type PackedEvidence = z.infer<typeof packedSchema>

/**
 * `manifests/evidence/<backend>/<variant>.json` with every record in full, by kind of device and flag. In the file, what
 * several flags share stands once: it lives in git. Digests are not looked at here.
 */
export const evidenceFileSchema = packedSchema
  .transform(({ variant, devices }, context) => {
    try {
      const unpacked = Object.entries(devices).map(([kind, section]) => [kind, unpack(section, kind)])
      return { variant, devices: Object.fromEntries(unpacked) as Record<string, EvidenceRecords> }
    } catch (error) {
      context.addIssue({ code: 'custom', message: `damaged: ${error instanceof Error ? error.message : error}` })
      return z.NEVER
    }
  })
  .pipe(
    z.object({
      variant: z.string(),
      devices: z.record(z.string(), z.partialRecord(flagSchema, evidenceRecordSchema)),
    }),
  )
export type EvidenceFile = z.infer<typeof evidenceFileSchema>

/** What a mutant's entry says beyond its id and its change. */
const endingOf = ({ outcome, gate, shape, seed, reason }: Mutant) =>
  outcome === 'rejected'
    ? [gate ?? '', shape === undefined ? '' : shortShape(shape), seed ?? '', ...(reason ? [reason] : [])]
        .join(' ')
        .trim()
    : `${outcome}: ${reason ?? ''}`

/** Mutants by how they ended: one line for all that ended alike. */
function packMutants(mutants: readonly Mutant[]): Record<string, string> {
  const groups = new Map<string, string[]>()
  for (const mutant of mutants) {
    const ending = endingOf(mutant)
    groups.set(ending, [...(groups.get(ending) ?? []), mutant.id])
  }
  return Object.fromEntries([...groups].map(([ending, ids]) => [ending, ids.join(' ')]))
}

function mutantOf(id: string, change: string, ending: string): Mutant {
  const [operator = '', place = ''] = id.split('@')
  const parts = place.split(':')
  const file = parts.length > 2 ? { file: parts.slice(0, -2).join(':') } : {}
  const base = { id, operator, ...file, line: Number(parts.at(-2)), change }
  const other = /^(equivalent|untested|survived): (.*)$/s.exec(ending)
  if (other) return { ...base, outcome: other[1] as MutantOutcome, reason: other[2] ?? '' }
  const [gate = '', shape = '', seed = '', ...reason] = ending.split(' ')
  return {
    ...base,
    outcome: 'rejected',
    gate,
    ...(shape === '' ? {} : { shape: fullShape(shape) }),
    ...(seed === '' ? {} : { seed: Number(seed) }),
    ...(reason.length === 0 ? {} : { reason: reason.join(' ') }),
  }
}

function factsOf(record: EvidenceRecord, buildOf: (flags: string) => number): Facts {
  const facts: Facts = Object.fromEntries(plain.map((key) => [key, record[key]]))
  facts.build = buildOf(record.flags)
  if (record.proofSources) facts.proofSources = packSources(record.proofSources)
  if (record.tiers) facts.tiers = record.tiers.map(({ tier }) => tier)
  for (const { tier, flags, ...rest } of record.tiers ?? []) facts[`tier.${tier}`] = { build: buildOf(flags), ...rest }
  for (const { gate, worstShape, ...rest } of record.gates)
    facts[`gate.${gate}`] = { ...rest, worstShape: shortShape(worstShape) }
  if (record.sanitizer) facts.sanitizer = packSanitizer(record.sanitizer, record.shapes)
  if (record.mutants) facts.mutants = packMutants(record.mutants)
  return facts
}

/** Most of a proof's shapes are watched: what is written is which are not, unless that is longer. */
function packSanitizer({ shapes, ...rest }: Sanitizer, all: readonly string[]): Facts {
  const unwatched = all.filter((shape) => !shapes.includes(shape))
  const isPart = unwatched.length + shapes.length === all.length && unwatched.length < shapes.length
  return isPart ? { ...rest, unwatched: packShapes(unwatched) } : { ...rest, watched: packShapes(shapes) }
}

function sanitizerOf(facts: Facts, all: readonly string[]): Sanitizer {
  const { watched, unwatched, ...rest } = facts as Record<string, Record<string, string>>
  const left = new Set(unpackShapes(unwatched ?? {}))
  const shapes = watched ? unpackShapes(watched) : all.filter((shape) => !left.has(shape))
  return { ...rest, shapes } as unknown as Sanitizer
}

function recordOf(facts: Facts, file: Section, { flag, kind }: { flag: Flag; kind: string }): EvidenceRecord {
  const [first = ''] = file.builds
  const flagsOf = (build: unknown) => {
    const text = file.builds[Number(build)]
    return text === undefined ? undefined : Number(build) === 0 ? text : unpackBuild(text, first)
  }
  const named = (prefix: string) => Object.entries(facts).filter(([key]) => key.startsWith(prefix))
  const gates = named('gate.').map(([key, value]) => {
    const gate = value as { worstShape: string }
    return { gate: key.slice('gate.'.length), ...gate, worstShape: fullShape(gate.worstShape) }
  })
  const tiers = (facts.tiers as string[] | undefined)?.map((tier) => {
    const { build, ...rest } = facts[`tier.${tier}`] as { build: number }
    return { tier, flags: flagsOf(build), ...rest }
  })
  const mutants = facts.mutants as Record<string, string> | undefined
  const kills = Object.entries(mutants ?? {}).flatMap(([ending, ids]) =>
    ids.split(' ').map((id) => mutantOf(id, file.mutants[id] ?? '', ending)),
  )
  const shapes = Object.entries(file.shapes).flatMap(([flags, groups]) =>
    flags.split(' ').includes(flag) ? unpackShapes(groups) : [],
  )
  shapes.sort()
  return {
    ...Object.fromEntries(plain.flatMap((key) => (key in facts ? [[key, facts[key]]] : []))),
    ...(facts.proofSources ? { proofSources: unpackSources(facts.proofSources as Record<string, string>) } : {}),
    deviceKind: kind,
    flags: flagsOf(facts.build),
    shapes,
    gates: gates.sort((a, b) => (a.gate < b.gate ? -1 : 1)),
    ...(tiers ? { tiers } : {}),
    ...(facts.sanitizer ? { sanitizer: sanitizerOf(facts.sanitizer as Facts, shapes) } : {}),
    ...(mutants ? { mutants: kills.sort(byPlace) } : {}),
    // What is wrong in it the schema says, which it is piped through.
  } as unknown as EvidenceRecord
}

/** Order of a kill list. */
export function byPlace(a: Mutant, b: Mutant): number {
  const [left, right] = [a.file ?? '', b.file ?? '']
  if (left !== right) return left < right ? -1 : 1
  return a.line - b.line || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function unpack(section: Section, kind: string): EvidenceRecords {
  const recordFor = ([flag, own]: [string, Facts]) =>
    [flag, recordOf({ ...section.shared, ...own }, section, { flag: flag as Flag, kind })] as const
  return Object.fromEntries(Object.entries(section.flags).map(recordFor))
}

/** Facts that are the same in every record. */
function sharedOf(all: readonly Facts[]): Facts {
  const [first = {}, ...others] = all
  const text = (value: unknown) => JSON.stringify(value) ?? ''
  const isShared = ([key, value]: [string, unknown]) => others.every((facts) => text(facts[key]) === text(value))
  return Object.fromEntries(
    Object.entries(first)
      .filter(([, value]) => value !== undefined)
      .filter(isShared),
  )
}

function shapesByFlags(records: EvidenceRecords): Section['shapes'] {
  const flagsOf = new Map<string, Flag[]>()
  for (const flag of provableFlags) {
    for (const shape of records[flag]?.shapes ?? []) flagsOf.set(shape, [...(flagsOf.get(shape) ?? []), flag])
  }
  const groups = new Map<string, string[]>()
  for (const [shape, flags] of flagsOf) {
    const key = flags.join(' ')
    groups.set(key, [...(groups.get(key) ?? []), shape])
  }
  return Object.fromEntries([...groups].map(([flags, shapes]) => [flags, packShapes(shapes)]))
}

function packSection(flags: EvidenceRecords): Section {
  const records = Object.entries(flags) as [Flag, EvidenceRecord][]
  const builds = [
    ...new Set(records.flatMap(([, { flags, tiers }]) => [flags, ...(tiers ?? []).map((t) => t.flags)])),
  ].sort()
  const facts = records.map(([flag, record]) => [flag, factsOf(record, (text) => builds.indexOf(text))] as const)
  const shared = sharedOf(facts.map(([, own]) => own))
  const changes = records.flatMap(([, { mutants = [] }]) => mutants.map(({ id, change }) => [id, change] as const))
  const own = ([flag, all]: (typeof facts)[number]) =>
    [
      flag,
      Object.fromEntries(Object.entries(all).filter(([key, value]) => value !== undefined && !(key in shared))),
    ] as const
  return {
    builds: builds.map((text, at) => (at === 0 ? text : packBuild(text, builds[0] as string))),
    mutants: Object.fromEntries(changes),
    shapes: shapesByFlags(flags),
    shared,
    flags: Object.fromEntries(facts.map(own)),
  }
}

/** What is written for a file's records; evidenceFileSchema reads it back. A device without records is left out. */
export function packEvidence({ variant, devices }: EvidenceFile): PackedEvidence {
  const sections = Object.entries(devices)
    .filter(([, records]) => Object.keys(records).length > 0)
    .map(([kind, records]) => [kind, packSection(records)])
  return { format: evidenceFormat, variant, devices: Object.fromEntries(sections) }
}
