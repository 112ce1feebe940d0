import type { LabError } from '#contract/error.ts'
import type { DevicePeaks, DispatchReport } from '#contract/inspect.ts'
import type { SliceCreator } from './store.ts'

/** What the inspector shows of one launch. */
export interface DispatchView {
  /** What was asked: see inspectKey. */
  key: string
  report: DispatchReport | null
  error: LabError | null
}

export interface DispatchSlice {
  dispatch: DispatchView | null
  /** By device, as far as they were measured. */
  peaks: Record<string, DevicePeaks>
  isMeasuringPeaks: boolean
  peaksError: LabError | null
  showDispatch(view: DispatchView): void
  beginPeaks(): void
  endPeaks(deviceId: string, outcome: { peaks: DevicePeaks | null; error: LabError | null }): void
}

export const createDispatchSlice: SliceCreator<DispatchSlice> = (set) => ({
  dispatch: null,
  peaks: {},
  isMeasuringPeaks: false,
  peaksError: null,
  showDispatch: (dispatch) =>
    set((state) => {
      const { report } = dispatch
      const peaks = report?.peaks ? { ...state.peaks, [report.device]: report.peaks } : state.peaks
      return { dispatch, peaks }
    }),
  beginPeaks: () => set({ isMeasuringPeaks: true, peaksError: null }),
  endPeaks: (deviceId, { peaks, error }) =>
    set((state) => ({
      isMeasuringPeaks: false,
      peaksError: error,
      peaks: peaks ? { ...state.peaks, [deviceId]: peaks } : state.peaks,
    })),
})
