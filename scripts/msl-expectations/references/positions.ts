// Walks grid, threadgroups and threads as nested loops.
import type { Launch } from '../launch.ts'
import { type Output, out } from '../output.ts'

type Triple = [number, number, number]

interface Thread {
  inGrid: Triple
  inGroup: Triple
  group: Triple
  /** of this thread's threadgroup, smaller at an edge */
  size: Triple
  /** linear in its threadgroup */
  index: number
}

const zip = (a: Triple, b: Triple, f: (x: number, y: number) => number) => a.map((x, i) => f(x, b[i] ?? 0)) as Triple

/** All threads of the grid, x fastest. */
function threads(launch: Launch): Thread[] {
  const [width, height, depth] = launch.gridThreads
  const all: Thread[] = []
  for (let z = 0; z < depth; z++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const inGrid: Triple = [x, y, z]
        const group = zip(inGrid, launch.threads, (p, n) => Math.floor(p / n))
        const inGroup = zip(inGrid, launch.threads, (p, n) => p % n)
        const left = zip(
          launch.gridThreads,
          zip(group, launch.threads, (g, n) => g * n),
          (grid, first) => grid - first,
        )
        const size = zip(left, launch.threads, Math.min)
        const index = (inGroup[2] * size[1] + inGroup[1]) * size[0] + inGroup[0]
        all.push({ inGrid, inGroup, group, size, index })
      }
  return all
}

type Row = (thread: Thread, launch: Launch) => number[]
const rows =
  (type: 'u32' | 'u16', row: Row) =>
  (launch: Launch): Output[] => [
    out(
      0,
      type,
      threads(launch).flatMap((thread) => row(thread, launch)),
    ),
  ]
const pair = ([x, y]: Triple) => [x, y]
const countOf = ([x, y, z]: Triple) => x * y * z

export const references = {
  'positions/scalar_1d': rows('u32', ({ inGrid, inGroup, group, index, size }, { gridThreads, groups }) => [
    inGrid[0],
    inGroup[0],
    group[0],
    index,
    size[0],
    gridThreads[0],
    groups[0],
  ]),
  'positions/scalar_ushort': rows('u16', ({ inGrid, inGroup, group, index }) => [
    inGrid[0],
    inGroup[0],
    group[0],
    index % 32,
  ]),
  'positions/vector_2d': rows('u32', ({ inGrid, inGroup, group, size }, { gridThreads, groups }) =>
    [inGrid, inGroup, group, size, gridThreads, groups].flatMap(pair),
  ),
  'positions/vector_3d': rows('u32', ({ inGrid, inGroup, group }) => [...inGrid, ...inGroup, ...group]),
  'positions/vector_ushort': rows('u16', ({ inGrid, inGroup }) => [...inGrid, inGroup[0] * 100 + inGroup[1]]),
  'positions/indices': rows('u32', ({ index }) => [
    index,
    Math.floor(index / 32),
    index % 32,
    Math.floor(index / 4),
    index % 4,
  ]),
  'positions/nonuniform_1d': rows('u32', ({ inGrid, inGroup, size }, { threads: planned, gridThreads, groups }) => [
    inGrid[0],
    inGroup[0],
    size[0],
    planned[0],
    gridThreads[0],
    groups[0],
  ]),
  'positions/nonuniform_3d': rows('u32', ({ inGroup, group, size, index }) => [...inGroup, ...group, ...size, index]),
  'positions/nonuniform_simdgroups': rows('u32', ({ size, index }) => {
    const simdgroup = Math.floor(index / 32)
    return [Math.ceil(countOf(size) / 32), simdgroup, index % 32, Math.min(32, countOf(size) - 32 * simdgroup)]
  }),
}
