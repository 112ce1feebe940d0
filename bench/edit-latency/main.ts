// Edit → diagnostics: the 100-line kernel with one character more every time (so that no cache can answer), asked the way
// the editor asks. Also with an error in it. Run: npm run bench -- edit-latency
import { documentAt, openLab } from '../lab.ts'
import { quantile } from '../statistics.ts'

const edits = 60

async function measure(name: string, edit: (text: string, round: number) => string): Promise<void> {
  const lab = await openLab()
  const { id, text } = await documentAt(lab, 'kernels/m1_dot_product.metal')
  const times: number[] = []
  let messages = 0
  for (let round = -3; round < edits; round++) {
    const input = { documentId: id, text: edit(text, round + 3), device: 'cpu' }
    const start = performance.now()
    const report = await lab.request('compile.check', input)
    const elapsed = performance.now() - start
    if (!report.ok) throw new Error(report.error.message)
    if (round >= 0) times.push(elapsed)
    messages += report.value.diagnostics.length
  }
  await lab.close()
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)]
  console.log(
    `${name}: p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms of ${edits} edits (goal p95 ≤ 150 ms); ${messages} messages`,
  )
}

const salt = Date.now()
await measure('valid', (text, round) => `${text}\nconstant int edit_${salt}_${round} = ${round};\n`)
await measure('with an error', (text, round) => text.replace('sums[c] = 0;', `sums[c] = undeclared_${salt}_${round};`))
