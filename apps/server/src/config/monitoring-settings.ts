import { z } from 'zod'
import { host, optional, webUrl, wholeNumber, withDefault } from './setting-kinds.ts'

export const monitoringSettings = z.object({
  METRICS_PORT: optional(wholeNumber(1, 65535), {
    description: 'Port of /metrics for Prometheus. Unset: no metrics are served.',
  }),
  METRICS_HOST: withDefault(host, '127.0.0.1', {
    description: 'Address of /metrics; it is for the operator alone, so never one that the public reaches.',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(webUrl, {
    description:
      'A collector of OpenTelemetry for traces, by HTTP, for example http://127.0.0.1:4318. Unset: no traces.',
  }),
})

/** Without a port metrics are not served, without `tracesUrl` there are no traces. */
export type Monitoring = {
  readonly host: string
  readonly port: number | undefined
  readonly tracesUrl: string | undefined
}

export const monitoringOf = (values: z.infer<typeof monitoringSettings>): Monitoring => ({
  host: values.METRICS_HOST,
  port: values.METRICS_PORT,
  tracesUrl: values.OTEL_EXPORTER_OTLP_ENDPOINT,
})
