import type { Device } from '#contract/device.ts'
import type { CompileReport } from '#contract/diagnostic.ts'
import type { EventPayload } from '#contract/ipc.ts'
import type { SliceCreator } from './store.ts'

export type HostState = EventPayload<'host.state'>

export interface CompileInfo {
  isRunning: boolean
  /** Keystroke to markers, as the person sees it; null before the first. */
  roundTripMs: number | null
  timing: CompileReport['timing'] | null
  isOk: boolean
}

export interface DeviceSlice {
  devices: Device[]
  deviceId: string | null
  host: HostState
  compile: CompileInfo
  setDevices(devices: Device[]): void
  chooseDevice(id: string): void
  setHost(host: HostState): void
  setCompile(patch: Partial<CompileInfo>): void
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
  compile: { isRunning: false, roundTripMs: null, timing: null, isOk: true },
  setDevices: (devices) =>
    set((state) => {
      const isKept = devices.some((device) => device.id === state.deviceId && device.unavailable === undefined)
      return { devices, deviceId: isKept ? state.deviceId : (preferredDevice(devices)?.id ?? null) }
    }),
  chooseDevice: (deviceId) => set({ deviceId }),
  setHost: (host) => set({ host }),
  setCompile: (patch) => set((state) => ({ compile: { ...state.compile, ...patch } })),
})
