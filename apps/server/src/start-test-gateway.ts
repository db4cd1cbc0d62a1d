import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from './config.ts'
import { TEST_GATEWAY_KEYS } from './platform/gateways/test-gateway.ts'

export type TestGateway = { readonly url: string; stop(): Promise<void> }

/**
 * The test gateway that comes along, as a process beside this one: play money, so that everything can be tried on the
 * operator's own machine. It ends with us, and keeps its payments in DATA_DIR.
 */
export async function startTestGateway(config: Config): Promise<TestGateway> {
  const path = fileURLToPath(new URL('test-gateway.js', import.meta.url))
  const options = {
    secrets: {
      paystack: { secretKey: TEST_GATEWAY_KEYS.paystackSecretKey },
      flutterwave: {
        secretKey: TEST_GATEWAY_KEYS.flutterwaveSecretKey,
        webhookSecret: TEST_GATEWAY_KEYS.flutterwaveWebhookSecret,
      },
      yoco: {
        secretKey: TEST_GATEWAY_KEYS.yocoSecretKey,
        webhookSecret: TEST_GATEWAY_KEYS.yocoWebhookSecret,
      },
    },
    stateFile: join(config.data.dir, 'test-gateway.json'),
    webhookBase: `http://127.0.0.1:${config.http.port}`,
  }
  const child = fork(path, [JSON.stringify(options)], {
    env: {},
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the test gateway ended with ${String(code)}`)
  })
  const [hello] = (await Promise.race([once(child, 'message'), failed])) as [{ url: string }]
  failed.catch(() => undefined)
  return {
    url: hello.url,
    async stop() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}
