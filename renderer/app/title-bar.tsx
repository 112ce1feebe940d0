import { isApple, shortcutText } from '../commands/shortcuts.ts'
import type { ThemeChoice } from '../state/layout-slice.ts'
import { useParts } from '../state/use-parts.ts'
import { Icon, type IconName } from '../ui/icon.tsx'

const themes: Record<ThemeChoice, { icon: IconName; next: ThemeChoice; name: string }> = {
  system: { icon: 'display', next: 'dark', name: 'system' },
  dark: { icon: 'moon', next: 'light', name: 'dark' },
  light: { icon: 'sun', next: 'system', name: 'light' },
}

/** Name, workspace, the way to every command, and how the window is laid out. */
export function TitleBar() {
  const { workspace, theme, workbenchSide, isSidebarShown, isWorkbenchMaximised, setLayout } = useParts(
    'workspace',
    'theme',
    'workbenchSide',
    'isSidebarShown',
    'isWorkbenchMaximised',
    'setLayout',
  )
  const { icon, next, name } = themes[theme]
  const other = workbenchSide === 'right' ? 'bottom' : 'right'
  return (
    <header className="title-bar">
      <div className="title-name">
        <h1>Kernel Lab</h1>
        <span className="muted truncate" title={workspace?.root}>
          {workspace?.name}
        </span>
      </div>
      <button type="button" className="title-search" onClick={() => setLayout({ palette: 'commands' })}>
        <Icon name="search" size={13} />
        <span>Commands and files</span>
        <kbd>{shortcutText('Mod+Shift+P', isApple)}</kbd>
      </button>
      <div className="title-tools">
        <Tool
          icon="sidebar"
          label="Sidebar"
          isOn={isSidebarShown}
          onClick={() => setLayout({ isSidebarShown: !isSidebarShown })}
        />
        <Tool
          icon={workbenchSide === 'right' ? 'side' : 'bottom'}
          label={`Move the workbench to the ${other}`}
          onClick={() => setLayout({ workbenchSide: other })}
        />
        <Tool
          icon="maximise"
          label="Maximise the workbench"
          isOn={isWorkbenchMaximised}
          onClick={() => setLayout({ isWorkbenchMaximised: !isWorkbenchMaximised })}
        />
        <Tool
          icon={icon}
          label={`Theme: ${name}. Switch to ${themes[next].name}`}
          onClick={() => setLayout({ theme: next })}
        />
      </div>
    </header>
  )
}

interface ToolProps {
  icon: IconName
  label: string
  isOn?: boolean
  onClick(): void
}

function Tool({ icon, label, isOn, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
