import { buildNative } from './native-build.ts'
import { buildPage } from './page-build.ts'
import { endOnSignals } from './processes.ts'
import { ensureSystemPackages } from './system-packages.ts'

endOnSignals()
const isBuilt = (await ensureSystemPackages('start')) && (await buildNative('klab')) && (await buildPage())
process.exitCode = isBuilt ? 0 : 1
