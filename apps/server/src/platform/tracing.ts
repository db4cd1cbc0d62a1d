import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Tracer,
} from '@opentelemetry/api'

export { SpanKind }
export type Tracing = { stop(): Promise<void> }

/** Of the process, as the context that it follows is; undefined costs one comparison. */
let tracer: Tracer | undefined

/**
 * From here on requests, transactions and calls of others are told to an OTLP collector. Its library is loaded only then.
 * @param endpoint the collector's address, without /v1/traces
 */
export async function startTracing(endpoint: string, version: string): Promise<Tracing> {
  const [sdk, { OTLPTraceExporter }, { AsyncLocalStorageContextManager }, { resourceFromAttributes }, core] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/core'),
    ])
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'toota', 'service.version': version }),
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator())
  tracer = provider.getTracer('toota', version)
  return {
    async stop() {
      tracer = undefined
      // A collector that is away must not hold the stop.
      await provider.shutdown().catch(() => undefined)
      context.disable()
      propagation.disable()
    },
  }
}

/** Does the work within a span of its own; without tracing it is the work alone. */
export function traced<T>(
  name: string,
  kind: SpanKind,
  attributes: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  if (!tracer) return work()
  return tracer.startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR })
      span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown')
      throw error
    } finally {
      span.end()
    }
  })
}

/** A span that begins and ends by hand, with the context that follows it. */
export type OpenSpan = {
  readonly context: Context
  end(name: string, attributes: Attributes, hasFailed: boolean): void
}

/** The span of a request that came in, within the trace that its `traceparent` names. Undefined without tracing. */
export function openServerSpan(
  method: string,
  headers: Readonly<Record<string, unknown>>,
): OpenSpan | undefined {
  if (!tracer) return undefined
  const parent = propagation.extract(context.active(), headers)
  const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, parent)
  return {
    context: trace.setSpan(parent, span),
    end(name, attributes, hasFailed) {
      span.updateName(name)
      span.setAttributes(attributes)
      if (hasFailed) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    },
  }
}

/** Everything that `work` begins belongs to the span. */
export const within = (span: OpenSpan, work: () => void): void => context.with(span.context, work)

/** What passes the trace on to whom we call. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {}
  if (tracer) propagation.inject(context.active(), headers)
  return headers
}

/** For the log: which trace a line belongs to. */
export function traceFields(): { traceId?: string } {
  if (!tracer) return NO_FIELDS
  const traceId = trace.getSpan(context.active())?.spanContext().traceId
  return traceId === undefined ? NO_FIELDS : { traceId }
}

const NO_FIELDS = {}
