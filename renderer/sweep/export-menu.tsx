import { exportSweep } from '../commands/export-sweep.ts'

/** The whole result as a file, whatever the view shows of it. */
export function ExportMenu() {
  return (
    <fieldset className="sweep-export">
      <legend>Export</legend>
      <button type="button" className="button" onClick={() => void exportSweep('markdown')}>
        Markdown
      </button>
      <button type="button" className="button" onClick={() => void exportSweep('csv')}>
        CSV
      </button>
      <button type="button" className="button" onClick={() => void exportSweep('json')}>
        JSON
      </button>
    </fieldset>
  )
}
