import { fail, ok } from '#contract/error.ts'
import type { LabHandlers } from '#contract/ipc.ts'
import type { Row } from '#contract/row.ts'
import { rowQuerySchema } from '#contract/row-query.ts'
import { fakeRow, fakeRows } from './fake-rows.ts'

type RowRequest = 'rows.list' | 'rows.get' | 'rows.page' | 'rows.pin' | 'rows.reference' | 'rows.sources'

const texts = [
  'kernel void f() {\n    total += a[i] * b[i];\n}\n',
  'kernel void f() {\n    total = fma(a[i], b[i], total);\n}\n',
]

/** Rows that look stored. */
export class FakeRowStore {
  readonly rows = fakeRows()
  #reference: Row | null = null

  /** Makes rows up until there are `count`. */
  fill(count = 0): void {
    const first = [...this.rows]
    for (let at = first.length; at < count; at++) {
      const startedAt = new Date(Date.now() - (at + 100) * 60e3).toISOString()
      this.rows.push({ ...first[at % first.length], id: `stored-${at}`, startedAt, isCached: true } as Row)
    }
  }

  /** Answers to what is asked of stored rows; `others` are rows kept elsewhere. */
  handlers(others: () => Row[]): Pick<LabHandlers, RowRequest> {
    const find = (ids: readonly string[]) => [...this.rows, ...others()].filter(({ id }) => ids.includes(id))
    return {
      'rows.list': async ({ limit }) => ok({ rows: this.rows.slice(0, limit) }),
      'rows.get': async ({ ids }) => ok({ rows: find(ids) }),
      'rows.page': async (input) => {
        const { search, outcome, isDescending, offset, limit } = rowQuerySchema.parse(input)
        const matching = this.rows.filter(
          ({ variant, status, verdict }) =>
            variant.includes(search) && (!outcome || outcome === status || outcome === verdict),
        )
        if (isDescending) matching.reverse()
        const rows = matching.slice(offset, offset + limit)
        return ok({ rows, offset, matching: matching.length, kept: this.rows.length })
      },
      'rows.reference': async () => ok({ row: this.#reference }),
      'rows.pin': async ({ id }) => {
        const row = id === null ? null : find([id])[0]
        if (row === undefined) return fail({ kind: 'not-found', message: `There is no row ${id}.` })
        this.#reference = row
        return ok({ row })
      },
      'rows.sources': async ({ hashes }) =>
        ok({
          sources: hashes.map((hash) => ({
            hash,
            files: [{ name: 'm1_dot_product.metal', text: texts[hash.length % texts.length] ?? '' }],
          })),
        }),
    }
  }

  /** A row measured now, of another source than those stored. */
  add(patch: Parameters<typeof fakeRow>[0]): Row {
    const made = fakeRow(patch)
    const row = { ...made, identity: { ...made.identity, sourceHash: `${made.identity.sourceHash}0` } }
    this.rows.unshift({ ...row, isCached: true })
    return row
  }
}
