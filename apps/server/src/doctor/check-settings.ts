import type { Config, ConfigError } from '../config.ts'
import { findingsOf, type Finding } from './finding.ts'

const { ok, warn, fail } = findingsOf('settings')

export function checkSettings({ warnings, settings }: Pick<Config, 'warnings' | 'settings'>): Finding[] {
  if (warnings.length === 0) return [ok(`read without a fault; DEBUG is ${settings.isDebug ? 'on' : 'off'}`)]
  return warnings.map((warning) => warn(warning, 'change it in the environment or in .env'))
}

/** Its message has one line per fault, and no secret in it. */
export const settingsFaults = (error: ConfigError): Finding[] =>
  error.message.split('\n').map((line) => fail(line, 'change it in the environment or in .env'))
