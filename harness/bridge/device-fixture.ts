import type { Result } from '#contract/error.ts'
import { type DeviceHandle, openDevice } from './device-handle.ts'
import { listDevices, loadNativeLibrary, type NativeLibrary } from './native-library.ts'

/** Test support: the value of a success, or a failure that says why. */
export function must<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new Error(`${result.error.kind}: ${result.error.message}`)
}

/** Test support: the built library. Tests of the bridge cannot mean anything without it. */
export function testLibrary(): NativeLibrary {
  return must(loadNativeLibrary())
}

/** Test support: why tests on a device cannot run here, null when they can. Said aloud, so that a skip is seen. */
export function whyNoDevice(library: NativeLibrary, id: string): string | null {
  const device = listDevices(library).find((one) => one.id === id)
  const why = device ? (device.unavailable ?? null) : 'the library was built without it'
  if (why) console.warn(`tests on the ${id} device are SKIPPED: ${why}`)
  return why
}

/** Test support: why kernels cannot be analysed on a device here, null when they can. */
export function whyNoAnalysis(library: NativeLibrary, id: string): string | null {
  const device = listDevices(library).find((one) => one.id === id)
  const why = device?.capabilities.includes('analyse') ? null : (device?.unavailable ?? 'the library cannot analyse')
  if (why) console.warn(`tests that analyse on the ${id} device are SKIPPED: ${why}`)
  return why
}

/** Test support: an open device. */
export function testDevice(library: NativeLibrary, id: string, options?: Record<string, string>): DeviceHandle {
  return must(openDevice(library, id, options))
}

/** Test support: out[i] = in[i] * factor. */
export const scaleSource = `#include <metal_stdlib>
using namespace metal;
kernel void scale(device float* out [[buffer(0)]],
                  const device float* in [[buffer(1)]],
                  constant float& factor [[buffer(2)]],
                  uint i [[thread_position_in_grid]]) {
  out[i] = in[i] * factor;
}
`
