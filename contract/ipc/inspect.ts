import { z } from 'zod'
import { devicePeaksSchema, dispatchReportSchema } from '../inspect.ts'
import { type RequestSpec, request } from './request.ts'
import { benchOptionsSchema } from './run-options.ts'

/** What a launch is, without running it. */
export const inspectRequests = {
  /** Plans the launch of a kernel on a shape and builds its entry. `unsupported` where the launch excludes the shape. */
  'dispatch.inspect': request(
    benchOptionsSchema.pick({ target: true, shape: true, device: true }),
    dispatchReportSchema,
  ),
  /**
   * The most that the device can do: measured behind the runs that are queued, some tenths of a second, and kept while the
   * kernel host lives. Null where its clock says nothing.
   */
  'device.peaks': request(z.object({ device: z.string() }), z.object({ peaks: devicePeaksSchema.nullable() })),
} satisfies Record<string, RequestSpec>
