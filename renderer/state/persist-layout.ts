import { z } from 'zod'
import { workbenchTabs } from './layout-slice.ts'
import { useLab } from './store.ts'

const storageKey = 'kernel-lab.layout'

const savedSchema = z.object({
  sizes: z.record(z.string(), z.number()).optional(),
  theme: z.enum(['system', 'dark', 'light']).optional(),
  tab: z.enum(workbenchTabs).optional(),
  workbenchSide: z.enum(['right', 'bottom']).optional(),
  isSidebarShown: z.boolean().optional(),
  isProblemsShown: z.boolean().optional(),
  isManifestJsonShown: z.boolean().optional(),
  open: z.array(z.string()).optional(),
  activeId: z.string().nullable().optional(),
})

/** Puts back the layout of the last session. Returns the documents that were open, and the one in front. */
export function restoreLayout(storage: Storage): { open: string[]; activeId: string | null } {
  const saved = savedSchema.safeParse(parse(storage.getItem(storageKey)))
  if (!saved.success) return { open: [], activeId: null }
  const { sizes, open = [], activeId = null, ...choices } = saved.data
  const current = useLab.getState()
  for (const pane of Object.keys(current.sizes) as (keyof typeof current.sizes)[]) {
    const size = sizes?.[pane]
    if (size !== undefined) current.setSize(pane, size)
  }
  current.setLayout(Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)))
  return { open, activeId }
}

/** Writes the layout after each change of it. Returns how to stop. */
export function keepLayout(storage: Storage): () => void {
  let last = ''
  return useLab.subscribe((state) => {
    const { sizes, theme, tab, workbenchSide, isSidebarShown, isProblemsShown, isManifestJsonShown, activeId } = state
    const open = state.open.map((document) => document.id)
    const layout = {
      sizes,
      theme,
      tab,
      workbenchSide,
      isSidebarShown,
      isProblemsShown,
      isManifestJsonShown,
      open,
      activeId,
    }
    const text = JSON.stringify(layout)
    if (text === last) return
    last = text
    storage.setItem(storageKey, text)
  })
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
