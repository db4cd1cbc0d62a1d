import { ConfigError, loadConfig, type Config } from '../config.ts'
import { settingsFaults } from './check-settings.ts'
import { examine } from './examine.ts'
import type { Finding } from './finding.ts'
import { hidingSecrets } from './hide-secrets.ts'

/** Looks at everything Toota depends on and says what to mend. Answers the exit status: 1 when something fails. */
export async function doctor(
  say: (line: string) => void,
  { isJson }: { readonly isJson: boolean },
): Promise<number> {
  const config = readConfig()
  const findings = config instanceof ConfigError ? settingsFaults(config) : await examine(config)
  const hide = config instanceof ConfigError ? (text: string) => text : hidingSecrets(config)
  const status = worstOf(findings)
  if (isJson) say(hide(JSON.stringify({ status, findings })))
  else for (const finding of findings) say(hide(lineOf(finding)))
  return status === 'fail' ? 1 : 0
}

function readConfig(): Config | ConfigError {
  try {
    return loadConfig()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
}

const worstOf = (findings: readonly Finding[]): Finding['state'] =>
  (['fail', 'warn'] as const).find((state) => findings.some((finding) => finding.state === state)) ?? 'ok'

const lineOf = ({ state, check, says, mend }: Finding): string =>
  `${state.padEnd(5)}${check.padEnd(11)}${says}${mend === undefined ? '' : ` → ${mend}`}`
