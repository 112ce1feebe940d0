/** Limits of one core (a streaming multiprocessor) of a model of GPU. */
export interface GpuModel {
  name: string
  source: string
  cores: number
  /** Of 32 threads each. */
  maxSimdgroups: number
  /** Null where only threads and memory limit them. */
  maxGroups: number | null
  threadgroupBytes: number
  /** Taken of it by the system for each threadgroup, and the unit in which it is handed out. */
  reservedBytes: number
  byteUnit: number
  /** Registers of 32 bits, handed out to a simdgroup in units; null where they are not documented. */
  registers: { count: number; unit: number } | null
  maxGroupThreads: number
  maxGroupBytes: number
}

const metalLimits = { maxGroupThreads: 1024, maxGroupBytes: 32768 }

/** Apple says nothing of what a core holds at once: these were measured from outside. */
const appleSource =
  'measured: philipturner/metal-benchmarks (Apple 7 and 8: 3072 threads and 64 KB a core); threadgroup limits: Metal feature set tables'

const nvidiaSource = (capability: string) =>
  `CUDA C++ Programming Guide, technical specifications of compute capability ${capability}`

const nvidia = { reservedBytes: 1024, byteUnit: 128, registers: { count: 65536, unit: 256 }, maxGroupThreads: 1024 }

const apple = {
  source: appleSource,
  maxSimdgroups: 96,
  maxGroups: null,
  threadgroupBytes: 65536,
  reservedBytes: 0,
  byteUnit: 16,
  registers: null,
  ...metalLimits,
}

const kibibyte = 1024

/**
 * Models whose limits are known. Those since M3 are not among them: their cores share one memory among registers,
 * threadgroup memory and cache as they go, so that no such limit holds.
 */
export const gpuModels: readonly GpuModel[] = [
  { name: 'Apple M1 (8 cores, Apple 7)', cores: 8, ...apple },
  { name: 'Apple M2 Pro (19 cores, Apple 8)', cores: 19, ...apple },
  {
    name: 'NVIDIA H200 (sm_90)',
    source: nvidiaSource('9.0'),
    cores: 132,
    maxSimdgroups: 64,
    maxGroups: 32,
    threadgroupBytes: 228 * kibibyte,
    maxGroupBytes: 227 * kibibyte,
    ...nvidia,
  },
  {
    name: 'NVIDIA A100 (sm_80)',
    source: nvidiaSource('8.0'),
    cores: 108,
    maxSimdgroups: 64,
    maxGroups: 32,
    threadgroupBytes: 164 * kibibyte,
    maxGroupBytes: 163 * kibibyte,
    ...nvidia,
  },
  {
    name: 'NVIDIA RTX 4090 (sm_89)',
    source: nvidiaSource('8.9'),
    cores: 128,
    maxSimdgroups: 48,
    maxGroups: 24,
    threadgroupBytes: 100 * kibibyte,
    maxGroupBytes: 99 * kibibyte,
    ...nvidia,
  },
]
