import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { App } from './app/app.tsx'
import { startWindow } from './app/start-window.ts'
import { connectLab } from './client/connect-lab.ts'
import { setUpMonaco } from './editor/monaco.ts'
import { MonacoPortProvider } from './editor/port-context.ts'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/data-table.css'

z.config({ jitless: true })
setUpMonaco()
const port = await startWindow(await connectLab())
const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <MonacoPortProvider value={port}>
    <App port={port} />
  </MonacoPortProvider>,
)
