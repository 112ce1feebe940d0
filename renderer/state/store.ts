import { create, type StateCreator } from 'zustand'
import { type AnalysisSlice, createAnalysisSlice } from './analysis-slice.ts'
import { createDeviceSlice, type DeviceSlice } from './device-slice.ts'
import { createDispatchSlice, type DispatchSlice } from './dispatch-slice.ts'
import { createDocumentsSlice, type DocumentsSlice } from './documents-slice.ts'
import { createKernelsSlice, type KernelsSlice } from './kernels-slice.ts'
import { createLayoutSlice, type LayoutSlice } from './layout-slice.ts'
import { createMergeSlice, type MergeSlice } from './merge-slice.ts'
import { createRowsSlice, type RowsSlice } from './rows-slice.ts'
import { createRunsSlice, type RunsSlice } from './runs-slice.ts'
import { createSelectionSlice, type SelectionSlice } from './selection-slice.ts'

import { createSweepSlice, type SweepSlice } from './sweep-slice.ts'

export type State = DocumentsSlice &
  KernelsSlice &
  SelectionSlice &
  RunsSlice &
  RowsSlice &
  DeviceSlice &
  LayoutSlice &
  AnalysisSlice &
  DispatchSlice &
  MergeSlice &
  SweepSlice

/** A slice sees the whole state, writes its own part. */
export type SliceCreator<Slice> = StateCreator<State, [], [], Slice>

/** The state of the window. Slice actions are its only writers, and they are synchronous. */
export const useLab = create<State>()((...parts) => ({
  ...createDocumentsSlice(...parts),
  ...createKernelsSlice(...parts),
  ...createSelectionSlice(...parts),
  ...createRunsSlice(...parts),
  ...createRowsSlice(...parts),
  ...createDeviceSlice(...parts),
  ...createLayoutSlice(...parts),
  ...createAnalysisSlice(...parts),
  ...createDispatchSlice(...parts),
  ...createMergeSlice(...parts),
  ...createSweepSlice(...parts),
}))
