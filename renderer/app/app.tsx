import { CodeEditor } from '../editor/code-editor.tsx'
import type { MonacoPort } from '../editor/monaco-port.ts'
import { FileTree } from '../explorer/file-tree.tsx'
import { Outline } from '../explorer/outline.tsx'
import { Palette } from '../palette/palette.tsx'
import { ProblemsPanel } from '../problems/problems-panel.tsx'
import { useParts } from '../state/use-parts.ts'
import { Splitter } from '../ui/splitter.tsx'
import { useSize } from '../ui/use-size.ts'
import { CrashBanner } from './crash-banner.tsx'
import { EditorArea } from './editor-area.tsx'
import { Notices } from './notices.tsx'
import { StatusBar } from './status-bar.tsx'
import { TitleBar } from './title-bar.tsx'
import { Workbench } from './workbench.tsx'
import './app.css'

/** The window: files left, editor in the middle, workbench right or below, status at the foot. */
export function App({ port }: { port: MonacoPort }) {
  return (
    <div className="app">
      <div>
        <TitleBar />
        <CrashBanner />
      </div>
      <div className="app-body">
        <Sidebar />
        <Centre port={port} />
      </div>
      <StatusBar />
      <Notices />
      <Palette />
    </div>
  )
}

function Sidebar() {
  const { sizes, isSidebarShown, setSize } = useParts('sizes', 'isSidebarShown', 'setSize')
  const { ref, height } = useSize()
  if (!isSidebarShown) return null
  return (
    <aside className="sidebar-frame" aria-label="Explorer">
      <div className="sidebar" style={{ width: sizes.sidebar }} ref={ref}>
        <FileTree />
        <Splitter
          orientation="horizontal"
          label="Height of the outline"
          isAfter
          value={sizes.outline}
          min={80}
          max={height - 120}
          onChange={(size) => setSize('outline', size)}
        />
        <div style={{ height: Math.min(sizes.outline, Math.max(80, height - 120)) }}>
          <Outline />
        </div>
      </div>
      <Splitter
        orientation="vertical"
        label="Width of the sidebar"
        value={sizes.sidebar}
        min={160}
        max={420}
        onChange={(size) => setSize('sidebar', size)}
      />
    </aside>
  )
}

const minEditor = { width: 320, height: 140 }
const minWorkbench = { width: 440, height: 220 }

function Centre({ port }: { port: MonacoPort }) {
  const { sizes, workbenchSide, isWorkbenchMaximised, setSize } = useParts(
    'sizes',
    'workbenchSide',
    'isWorkbenchMaximised',
    'setSize',
  )
  const { ref, ...room } = useSize()
  const isRight = workbenchSide === 'right'
  const pane = isRight ? 'workbenchRight' : 'workbenchBottom'
  const total = isRight ? room.width : room.height
  const min = isRight ? minWorkbench.width : minWorkbench.height
  const max = Math.max(min, total - (isRight ? minEditor.width : minEditor.height))
  const wanted = sizes[pane] || Math.round(total * 0.54)
  const size = Math.max(min, Math.min(max, wanted))

  return (
    <main className="centre" data-side={workbenchSide} ref={ref}>
      <div className="centre-editor" hidden={isWorkbenchMaximised}>
        <EditorArea>
          <CodeEditor port={port} />
        </EditorArea>
        <ProblemsPanel />
      </div>
      {!isWorkbenchMaximised && (
        <Splitter
          orientation={isRight ? 'vertical' : 'horizontal'}
          label="Size of the workbench"
          isAfter
          value={size}
          min={min}
          max={max}
          onChange={(next) => setSize(pane, next)}
        />
      )}
      <div className="centre-workbench" style={isWorkbenchMaximised ? { flex: 1 } : { flexBasis: size }}>
        <Workbench />
      </div>
    </main>
  )
}
