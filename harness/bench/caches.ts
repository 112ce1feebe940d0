import { readdirSync, readFileSync } from 'node:fs'
import type { Device } from '#contract/device.ts'

const mebibyte = 2 ** 20
/** Largest last-level caches of the GPUs at hand: H200 50 MiB of L2, Apple's system-level cache up to 96 MiB. */
const gpuCacheBytes: Partial<Record<Device['kind'], number>> = { cuda: 64 * mebibyte, metal: 96 * mebibyte }
const unknownCacheBytes = 64 * mebibyte
const hostFolder = '/sys/devices/system/cpu/cpu0/cache'

/** A level of a device's caches: what all its cores together can keep in it. */
export interface CacheLevel {
  name: string
  bytes: number
}

/** Bytes of the last-level cache that a kernel's data may stay in between two runs. */
export function lastLevelCacheBytes(kind: Device['kind']): number {
  return gpuCacheBytes[kind] ?? hostCacheBytes(hostFolder) ?? unknownCacheBytes
}

/** The largest cache that Linux describes in a folder; null elsewhere. */
export function hostCacheBytes(folder: string): number | null {
  const sizes = readHostCaches(folder).map(({ bytes }) => bytes)
  return sizes.length > 0 ? Math.max(...sizes) : null
}

/** The caches of a device, the fastest first, for as many cores as it uses. A GPU's nearer ones are not known, nor needed. */
export function cacheLevels(device: Pick<Device, 'kind' | 'coreCount'>, folder: string = hostFolder): CacheLevel[] {
  const gpu = gpuCacheBytes[device.kind]
  if (gpu) return [{ name: 'cache', bytes: gpu }]
  const caches = readHostCaches(folder).filter(({ type }) => type !== 'Instruction')
  if (caches.length === 0) return [{ name: 'cache', bytes: unknownCacheBytes }]
  const cores = Math.max(device.coreCount, 1)
  return caches
    .map(({ level, bytes, sharedBy }) => ({ name: `L${level}`, bytes: bytes * Math.ceil(cores / sharedBy) }))
    .sort((a, b) => a.bytes - b.bytes)
}

interface HostCache {
  level: number
  type: string
  bytes: number
  /** Processors. */
  sharedBy: number
}

function readHostCaches(folder: string): HostCache[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith('index'))
      .flatMap((name) => readHostCache(`${folder}/${name}`) ?? [])
  } catch {
    return []
  }
}

function readHostCache(folder: string): HostCache | null {
  const read = (name: string) => {
    try {
      return readFileSync(`${folder}/${name}`, 'utf8').trim()
    } catch {
      return ''
    }
  }
  const kibibytes = /^(\d+)K/.exec(read('size'))?.[1]
  if (!kibibytes) return null
  return {
    level: Number(read('level')) || 0,
    type: read('type'),
    bytes: Number(kibibytes) * 1024,
    sharedBy: processorsIn(read('shared_cpu_list')),
  }
}

/** How many a list like `0-3,8` names; 1 for none. */
function processorsIn(list: string): number {
  const ranges = list.split(',').map((range) => range.split('-').map(Number))
  const count = ranges.reduce((sum, [first = 0, last = first]) => sum + last - first + 1, 0)
  return list === '' || !Number.isFinite(count) ? 1 : Math.max(count, 1)
}
