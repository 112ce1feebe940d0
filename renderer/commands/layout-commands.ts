import { editorPort } from '../editor/editor-port.ts'
import type { ThemeChoice, WorkbenchTab } from '../state/layout-slice.ts'
import { useLab } from '../state/store.ts'
import type { Command } from './command.ts'

/** Best first: what a region marks, then what its arrow keys move through, then any control. */
const focusTargets = ['[data-autofocus]', '[role=treeitem][tabindex="0"]', 'button:not([disabled]), select, input']

/** Moves the keyboard to a region, named by its element id, after it was drawn. */
function focusRegion(id: string): void {
  requestAnimationFrame(() => {
    const region = document.getElementById(id)
    const targets = focusTargets.map((selector) => region?.querySelector<HTMLElement>(selector))
    ;(targets.find((target) => target) ?? region)?.focus()
  })
}

const showTab = (tab: WorkbenchTab, label: string, shortcut: string): Command => ({
  id: `workbench.${tab}`,
  label,
  shortcut,
  run: () => {
    useLab.getState().setLayout({ tab })
    focusRegion(`panel-${tab}`)
  },
})

const setTheme = (theme: ThemeChoice, label: string): Command => ({
  id: `theme.${theme}`,
  label,
  when: (state) => state.theme !== theme,
  run: () => useLab.getState().setLayout({ theme }),
})

const toggle = (
  part: 'isSidebarShown' | 'isProblemsShown' | 'isWorkbenchMaximised' | 'isManifestJsonShown',
  label: string,
  shortcut?: string,
): Command => ({
  id: `layout.${part}`,
  label,
  shortcut,
  run: () => useLab.getState().setLayout({ [part]: !useLab.getState()[part] }),
})

export const layoutCommands: readonly Command[] = [
  { id: 'focus.editor', label: 'Focus the editor', shortcut: 'Mod+1', run: () => editorPort().focus() },
  {
    id: 'focus.files',
    label: 'Focus the file tree',
    shortcut: 'Mod+0',
    run: () => {
      useLab.getState().setLayout({ isSidebarShown: true })
      focusRegion('region-files')
    },
  },
  showTab('bench', 'Show Bench', 'Mod+2'),
  showTab('precision', 'Show Precision', 'Mod+3'),
  showTab('analysis', 'Show Analysis', 'Mod+4'),
  showTab('manifest', 'Show Manifest', 'Mod+5'),
  showTab('sweep', 'Show Sweep', 'Mod+6'),
  showTab('dispatch', 'Show Dispatch', 'Mod+7'),
  {
    id: 'focus.problems',
    label: 'Show Problems',
    shortcut: 'Mod+Shift+M',
    run: () => {
      useLab.getState().setLayout({ isProblemsShown: true })
      focusRegion('region-problems')
    },
  },
  toggle('isSidebarShown', 'Toggle the sidebar', 'Mod+B'),
  toggle('isProblemsShown', 'Toggle the Problems list', 'Mod+J'),
  toggle('isWorkbenchMaximised', 'Maximise the workbench, or put it back', 'Mod+Shift+Y'),
  toggle('isManifestJsonShown', 'Toggle the manifest JSON beside the grid'),
  {
    id: 'layout.workbenchSide',
    label: 'Move the workbench to the other side',
    run: () =>
      useLab.getState().setLayout({ workbenchSide: useLab.getState().workbenchSide === 'right' ? 'bottom' : 'right' }),
  },
  setTheme('system', 'Theme: follow the system'),
  setTheme('dark', 'Theme: dark'),
  setTheme('light', 'Theme: light'),
  {
    id: 'palette.commands',
    label: 'Show all commands',
    shortcut: 'Mod+Shift+P',
    run: () => useLab.getState().setLayout({ palette: 'commands' }),
  },
  {
    id: 'palette.files',
    label: 'Go to file',
    shortcut: 'Mod+P',
    run: () => useLab.getState().setLayout({ palette: 'files' }),
  },
]
