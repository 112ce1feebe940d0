import type { LineCounts } from './analysis.ts'

/** Bytes that lanes asked device memory for. */
export function deviceBytes({ deviceReadBytes, deviceWriteBytes }: LineCounts): number {
  return deviceReadBytes + deviceWriteBytes
}

/** 128-byte lines of device memory touched, counted for each access of a simdgroup. */
export function deviceLines({ deviceReadLines, deviceWriteLines }: LineCounts): number {
  return deviceReadLines + deviceWriteLines
}

/** Lines per access of a simdgroup: 1 is the least for 4-byte elements. Null without an access. */
export function linesPerAccess(counts: LineCounts): number | null {
  return counts.deviceAccesses > 0 ? deviceLines(counts) / counts.deviceAccesses : null
}

/** As few lines as would have done ÷ lines touched, 0 to 1; lanes that read the same bytes each count. Null without an access. */
export function coalescing(counts: LineCounts): number | null {
  const lines = deviceLines(counts)
  return lines > 0 ? Math.min(1, counts.deviceIdealLines / lines) : null
}

/** Floating-point operations of all types; a fused multiply-add is two. */
export function flops({ flopsF16, flopsBf16, flopsF32, flopsF64 }: LineCounts): number {
  return flopsF16 + flopsBf16 + flopsF32 + flopsF64
}

/** Floating-point operations per byte that lanes asked device memory for. Null when they asked for none. */
export function intensity(counts: LineCounts): number | null {
  const bytes = deviceBytes(counts)
  return bytes > 0 ? flops(counts) / bytes : null
}

/** Share of the lanes that sat out, 0 to 1. Null when nothing was executed. */
export function idleLanes({ activeLanes, laneSlots }: LineCounts): number | null {
  return laneSlots > 0 ? 1 - activeLanes / laneSlots : null
}
