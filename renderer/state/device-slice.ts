import type { Device } from '#contract/device.ts'
import type { CompileReport } from '#contract/diagnostic.ts'
import type { LabError } from '#contract/error.ts'
import type { EventPayload } from '#contract/ipc.ts'
import type { SliceCreator } from './store.ts'

export type HostState = EventPayload<'host.state'>

/** The last compile of a document. */
export interface CompileInfo {
  /** From the question to the answer, as the window sees it. */
  roundTripMs: number
  timing: CompileReport['timing']
  isOk: boolean
}

export interface DeviceSlice {
  devices: Device[]
  deviceId: string | null
  host: HostState
  /** What ended a kernel host, until it is dismissed or another one ends. */
  crash: LabError | null
  /** By document. */
  compiles: Record<string, CompileInfo>
  setDevices(devices: Device[]): void
  chooseDevice(id: string): void
  setHost(host: HostState): void
  dismissCrash(): void
  setCompile(documentId: string, info: CompileInfo): void
}

/** A GPU before the CPU, the CPU before the fake. */
const preference: Device['kind'][] = ['metal', 'cuda', 'cpu', 'null']

/** The device to start with: the best usable one. */
export function preferredDevice(devices: readonly Device[]): Device | undefined {
  const usable = devices.filter((device) => device.unavailable === undefined)
  return preference.flatMap((kind) => usable.filter((device) => device.kind === kind))[0]
}

export const createDeviceSlice: SliceCreator<DeviceSlice> = (set) => ({
  devices: [],
  deviceId: null,
  host: { state: 'starting', restarts: 0 },
  crash: null,
  compiles: {},
  setDevices: (devices) =>
    set((state) => {
      const isKept = devices.some((device) => device.id === state.deviceId && device.unavailable === undefined)
      return { devices, deviceId: isKept ? state.deviceId : (preferredDevice(devices)?.id ?? null) }
    }),
  chooseDevice: (deviceId) => set({ deviceId }),
  setHost: (host) =>
    set((state) => {
      // A host that is replaced because its run was cancelled did not crash.
      const isCrash = host.error !== undefined && host.error.kind !== 'cancelled'
      return { host, crash: isCrash ? (host.error ?? null) : state.crash }
    }),
  dismissCrash: () => set({ crash: null }),
  setCompile: (id, info) => set((state) => ({ compiles: { ...state.compiles, [id]: info } })),
})
