import type { SliceCreator } from './store.ts'

export const workbenchTabs = ['bench', 'precision', 'analysis', 'dispatch', 'manifest', 'sweep'] as const
export type WorkbenchTab = (typeof workbenchTabs)[number]
export type ThemeChoice = 'system' | 'dark' | 'light'
export type PaletteMode = 'commands' | 'files'

/** Sizes in CSS pixels. */
export interface PaneSizes {
  sidebar: number
  outline: number
  problems: number
  workbenchRight: number
  workbenchBottom: number
  benchDetail: number
  benchDetailWide: number
  flagDetail: number
  flagDetailWide: number
  manifestJson: number
  sweepDetail: number
  sweepDetailWide: number
}

export interface Notice {
  id: number
  tone: 'info' | 'error'
  text: string
}

export interface LayoutSlice {
  sizes: PaneSizes
  theme: ThemeChoice
  tab: WorkbenchTab
  workbenchSide: 'right' | 'bottom'
  isSidebarShown: boolean
  isProblemsShown: boolean
  isWorkbenchMaximised: boolean
  isManifestJsonShown: boolean
  palette: PaletteMode | null
  notices: Notice[]
  setSize(pane: keyof PaneSizes, size: number): void
  setLayout(patch: Partial<LayoutChoices>): void
  notify(tone: Notice['tone'], text: string): void
  dismissNotice(id: number): void
}

type LayoutChoices = Pick<
  LayoutSlice,
  | 'theme'
  | 'tab'
  | 'workbenchSide'
  | 'isSidebarShown'
  | 'isProblemsShown'
  | 'isWorkbenchMaximised'
  | 'isManifestJsonShown'
  | 'palette'
>

const maxNotices = 4
let nextNotice = 1

export const createLayoutSlice: SliceCreator<LayoutSlice> = (set) => ({
  sizes: {
    sidebar: 224,
    outline: 200,
    problems: 132,
    workbenchRight: 0,
    workbenchBottom: 360,
    benchDetail: 300,
    benchDetailWide: 560,
    flagDetail: 240,
    flagDetailWide: 480,
    manifestJson: 0,
    sweepDetail: 230,
    sweepDetailWide: 460,
  },
  theme: 'system',
  tab: 'bench',
  workbenchSide: 'right',
  isSidebarShown: true,
  isProblemsShown: true,
  isWorkbenchMaximised: false,
  isManifestJsonShown: false,
  palette: null,
  notices: [],
  setSize: (pane, size) => set((state) => ({ sizes: { ...state.sizes, [pane]: Math.round(size) } })),
  setLayout: (patch) => set(patch),
  notify: (tone, text) =>
    set((state) => {
      const others = state.notices.filter((notice) => notice.text !== text)
      return { notices: [...others, { id: nextNotice++, tone, text }].slice(-maxNotices) }
    }),
  dismissNotice: (id) => set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
})
