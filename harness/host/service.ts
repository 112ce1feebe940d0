import { analysisHandlers } from './analysis-handlers.ts'
import { catalogHandlers } from './catalog-handlers.ts'
import { cliHandlers } from './cli-handlers.ts'
import type { HostContext } from './context.ts'
import { documentHandlers } from './document-handlers.ts'
import type { HostHandlers } from './handlers.ts'
import { inspectHandlers } from './inspect-handlers.ts'
import { rowHandlers } from './row-handlers.ts'
import { runHandlers } from './run-handlers.ts'
import { sweepHandlers } from './sweep-handlers.ts'

/** Everything a kernel host answers. A request that no room answers does not compile. */
export function createHandlers(context: HostContext): HostHandlers {
  return {
    ...documentHandlers(context),
    ...catalogHandlers(context),
    ...runHandlers(context),
    ...rowHandlers(context),
    ...analysisHandlers(context),
    ...sweepHandlers(context),
    ...inspectHandlers(context),
    ...cliHandlers(context),
  }
}
