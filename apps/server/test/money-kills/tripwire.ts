import { GATEWAY_PARTS } from '../gateways/gateway-parts.ts'
import { findRoute, GATEWAYS } from '../gateways/wire.ts'
import type { FakeControl } from './fake-control.ts'
import type { Stop, Trace } from './job.ts'

export type Tripwire = {
  readonly trace: Trace
  /** What is counted from now on belongs to this step. */
  enter(step: string): void
  /** Called right before a statement is sent. */
  beforeStatement(text: string): void
  /** Called right before a gateway is called. */
  beforeCall(method: string, url: URL, control: FakeControl): Promise<void>
}

/** Counts what a process sends, and ends it where it was told to. */
export function createTripwire(stop: Stop | undefined, tellCalling: (name: string) => void): Tripwire {
  const trace: Trace = { statements: [], calls: [] }
  let step = 'start'
  return {
    trace,
    enter(name) {
      step = name
    },
    beforeStatement(text) {
      trace.statements.push({ step, text })
      // SIGKILL is in force when the call returns: nothing more of this process is sent.
      if (stop?.at === 'statement' && stop.nth === trace.statements.length)
        process.kill(process.pid, stop.signal)
      // By then it is sent, and its answer is not yet read.
      if (stop?.at === 'answer' && stop.nth === trace.statements.length)
        setImmediate(() => process.kill(process.pid, 'SIGKILL'))
    },
    async beforeCall(method, url, control) {
      const name = nameOf(method, url)
      trace.calls.push({ step, name })
      if (stop?.at !== 'call' || stop.nth !== trace.calls.length) return
      // The fake keeps this call, and the parent, who sees it there, ends us.
      await control.hold({ call: name, when: stop.when })
      tellCalling(name)
    },
  }
}

/** A call as the fake names it. */
function nameOf(method: string, url: URL): string {
  for (const gateway of GATEWAYS) {
    const { basePath, routes } = GATEWAY_PARTS[gateway]
    const found = url.pathname.startsWith(`${basePath}/`)
      ? findRoute(routes, method, url.pathname.slice(basePath.length))
      : undefined
    if (found) return found.route.name
  }
  throw new Error(`no gateway has ${method} ${url.pathname}`)
}
