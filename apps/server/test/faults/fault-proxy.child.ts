/*
 * Fault proxies for scripts: `node --import tsx apps/server/test/faults/fault-proxy.child.ts control=8474 redis=6390:127.0.0.1:6379`.
 * Each is name=port:host:port; FAULT_SEED seeds them. What can be done by HTTP is said in fault-control.ts.
 */
import { startFaultControl } from './fault-control.ts'
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts'

const seed = Number(process.env['FAULT_SEED'] ?? 1)
const proxies = new Map<string, FaultProxy>()
let controlPort = 0

for (const argument of process.argv.slice(2)) {
  const [, name = '', ownPort, host, port] = /^(\w+)=(\d+)(?::([^:]+):(\d+))?$/.exec(argument) ?? []
  if (name === 'control') controlPort = Number(ownPort)
  else if (host === undefined) {
    console.error(`not name=port:host:port: ${argument}`)
    process.exit(2)
  } else
    proxies.set(
      name,
      await startFaultProxy({ upstream: { host, port: Number(port) }, seed, port: Number(ownPort) }),
    )
}
const control = await startFaultControl(proxies, controlPort)
console.log(`control ${control.url}`)
for (const [name, proxy] of proxies) console.log(`${name} 127.0.0.1:${proxy.port}`)
