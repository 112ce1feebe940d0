import { monaco } from '../editor/monaco.ts'
import { useLab } from '../state/store.ts'

/** Keeps the page and Monaco in the chosen theme, or the system's. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: light)')
  const apply = () => {
    const { theme } = useLab.getState()
    const resolved = theme === 'system' ? (system.matches ? 'light' : 'dark') : theme
    if (document.documentElement.dataset.theme === resolved) return
    document.documentElement.dataset.theme = resolved
    monaco.editor.setTheme(resolved === 'light' ? 'lab-light' : 'lab-dark')
  }
  system.addEventListener('change', apply)
  useLab.subscribe(apply)
  apply()
}
