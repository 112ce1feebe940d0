import { describe, expect, it } from 'vitest'
import { ok } from './error.ts'
import { type LabPort, serveRequest } from './serve.ts'

/** Records what reaches it; answers what it is told to. */
function recordingLab(answer: () => unknown = () => ok({})): LabPort & { seen: unknown[] } {
  const seen: unknown[] = []
  return {
    seen,
    request: async (name: string, input: unknown) => {
      seen.push([name, input])
      return answer() as never
    },
    on: () => () => {},
    close: async () => {},
  }
}

describe('serveRequest', () => {
  it('hands a known request with its parsed input to the lab', async () => {
    const lab = recordingLab(() => ok({ rows: [] }))
    expect(await serveRequest(lab, 'rows.list', {})).toEqual({ ok: true, value: { rows: [] } })
    expect(lab.seen).toEqual([['rows.list', { limit: 200 }]])
  })

  it.each([['constructor'], ['__proto__'], ['toString'], ['nope'], [7], [null], [{}]])(
    'refuses the unknown name %j without asking the lab',
    async (name) => {
      const lab = recordingLab()
      const answer = await serveRequest(lab, name, {})
      expect(answer).toMatchObject({ ok: false, error: { kind: 'invalid' } })
      expect(lab.seen).toEqual([])
    },
  )

  it('names the field of a bad input', async () => {
    const lab = recordingLab()
    const answer = await serveRequest(lab, 'document.read', { id: 5 })
    expect(answer).toMatchObject({ ok: false, error: { kind: 'invalid', message: expect.stringContaining('id') } })
    expect(lab.seen).toEqual([])
  })

  it('turns a throw of the lab into an internal error', async () => {
    const lab = recordingLab(() => {
      throw new Error('pipe closed')
    })
    expect(await serveRequest(lab, 'workspace.open', {})).toMatchObject({
      ok: false,
      error: { kind: 'internal', message: expect.stringContaining('pipe closed') },
    })
  })
})
