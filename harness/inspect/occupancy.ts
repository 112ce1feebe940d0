import type { Occupancy } from '#contract/inspect.ts'
import { type GpuModel, gpuModels } from './gpu-models.ts'

/** What one threadgroup takes, and how many there are. */
export interface GroupNeed {
  threads: number
  /** Of threadgroup memory: handed over and declared. */
  bytes: number
  /** Of a thread; null where no build for such a GPU tells. */
  registers: number | null
  groups: number
}

type Limit = Occupancy['limits'][number]

const simdWidth = 32
const roundUp = (value: number, unit: number) => Math.ceil(value / unit) * unit

function threadLimit({ maxSimdgroups }: GpuModel, { threads }: GroupNeed): Limit {
  const simdgroups = Math.ceil(threads / simdWidth)
  return {
    resource: 'threads',
    groups: Math.floor(maxSimdgroups / simdgroups),
    formula: `⌊${maxSimdgroups} simdgroups of a core ÷ ${simdgroups} of a threadgroup⌋`,
  }
}

function memoryLimit(model: GpuModel, { bytes }: GroupNeed): Limit[] {
  const { threadgroupBytes, reservedBytes, byteUnit } = model
  const taken = roundUp(bytes + reservedBytes, byteUnit)
  if (taken === 0) return []
  const reserved = reservedBytes > 0 ? `, ${reservedBytes} B of it the system's` : ''
  return [
    {
      resource: 'threadgroup memory',
      groups: Math.floor(threadgroupBytes / taken),
      formula: `⌊${threadgroupBytes} B of a core ÷ ${taken} B of a threadgroup${reserved}⌋`,
    },
  ]
}

function registerLimit({ registers: file }: GpuModel, need: GroupNeed): Limit[] {
  if (!file) return []
  const simdgroups = Math.ceil(need.threads / simdWidth)
  if (need.registers === null) {
    return [{ resource: 'registers', groups: null, formula: 'registers are known only after a build for this GPU' }]
  }
  const ofSimdgroup = roundUp(need.registers * simdWidth, file.unit)
  const held = Math.floor(file.count / ofSimdgroup)
  return [
    {
      resource: 'registers',
      groups: Math.floor(held / simdgroups),
      formula: `⌊⌊${file.count} registers ÷ ${ofSimdgroup} of a simdgroup⌋ ÷ ${simdgroups} simdgroups⌋`,
    },
  ]
}

function groupLimit({ maxGroups }: GpuModel): Limit[] {
  if (maxGroups === null) return []
  return [{ resource: 'threadgroups', groups: maxGroups, formula: `at most ${maxGroups} threadgroups on a core` }]
}

/** Why a threadgroup cannot be run on a model at all. */
function refusalOf({ name, maxGroupBytes, maxGroupThreads }: GpuModel, { threads, bytes }: GroupNeed): string | null {
  if (threads > maxGroupThreads) return `${threads} threads: ${name} takes ${maxGroupThreads} in a threadgroup`
  if (bytes > maxGroupBytes) return `${bytes} B of threadgroup memory: ${name} takes ${maxGroupBytes} B`
  return null
}

/**
 * How many threadgroups a core of a model holds at once, by each of its resources, and what that makes of the grid. It
 * knows neither latency nor what the threads do.
 */
export function estimateOccupancy(model: GpuModel, need: GroupNeed): Occupancy {
  const simdgroups = Math.ceil(need.threads / simdWidth)
  const limits = [
    threadLimit(model, need),
    ...memoryLimit(model, need),
    ...registerLimit(model, need),
    ...groupLimit(model),
  ]
  const known = limits.filter((limit): limit is Limit & { groups: number } => limit.groups !== null)
  const least = known.reduce((lowest, limit) => (limit.groups < lowest.groups ? limit : lowest))
  const refusal = refusalOf(model, need) ?? (least.groups === 0 ? `no threadgroup fits a core: ${least.formula}` : null)
  const resident = refusal ? 0 : least.groups
  const atOnce = resident * model.cores
  return {
    model: model.name,
    source: model.source,
    cores: model.cores,
    limits,
    limitedBy: refusal ? null : least.resource,
    ...(refusal ? { refusal } : {}),
    share: {
      value: (resident * simdgroups) / model.maxSimdgroups,
      formula: `${resident} threadgroups × ${simdgroups} simdgroups ÷ ${model.maxSimdgroups} of a core`,
    },
    waves: {
      value: atOnce === 0 ? 0 : need.groups / atOnce,
      formula: `${need.groups} threadgroups ÷ (${resident} a core × ${model.cores} cores)`,
    },
  }
}

/** The estimate on every model that the lab knows the limits of. */
export function estimateAll(need: GroupNeed): Occupancy[] {
  return gpuModels.map((model) => estimateOccupancy(model, need))
}
