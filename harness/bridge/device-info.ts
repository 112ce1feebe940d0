import type { Device } from '#contract/device.ts'
import type { Tier } from '#contract/tier.ts'
import type { StructValues } from './layout.ts'

const kinds = ['null', 'cpu', 'cuda', 'metal'] as const
const timeDomains = ['none', 'cpu', 'gpu'] as const

/** Names of the KLAB_CAP_* bits, lowest first. */
export const capabilityNames = [
  'bf16',
  'simdgroupMatrix',
  'tensorOps',
  'stageCounters',
  'batched',
  'graph',
  'capture',
  'analyse',
  'baseline',
] as const

/** A klab_device_info in the contract's words. */
export function describeDevice(info: StructValues<'klab_device_info'>, tiers: Tier[]): Device {
  return {
    id: info.id,
    name: info.name,
    kind: kinds[info.kind] ?? 'null',
    arch: info.arch,
    driver: info.driver,
    timeDomain: timeDomains[info.time_domain] ?? 'none',
    simdWidth: info.simd_width,
    coreCount: info.core_count,
    maxThreadsPerThreadgroup: info.max_threads_per_threadgroup,
    maxThreadgroupBytes: info.max_threadgroup_bytes,
    maxBufferBytes: Number(info.max_buffer_bytes),
    workingSetBytes: Number(info.working_set_bytes),
    hasUnifiedMemory: info.has_unified_memory !== 0,
    capabilities: capabilityNames.filter((_, bit) => (info.capabilities >>> bit) & 1),
    tiers,
    baseline: info.baseline || null,
    ...(info.baseline_missing ? { baselineMissing: info.baseline_missing } : {}),
  }
}

/** A device that exists but could not be opened. */
export function unavailableDevice(id: string, why: string): Device {
  return {
    id,
    name: id,
    kind: kinds.find((kind) => kind === id) ?? 'null',
    arch: '',
    driver: '',
    timeDomain: 'none',
    simdWidth: 0,
    coreCount: 0,
    maxThreadsPerThreadgroup: 0,
    maxThreadgroupBytes: 0,
    maxBufferBytes: 0,
    workingSetBytes: 0,
    hasUnifiedMemory: false,
    capabilities: [],
    tiers: [],
    baseline: null,
    unavailable: why,
  }
}
