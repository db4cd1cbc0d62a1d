import type { Platform } from './platform/platform.ts'

export type DemoLogin = { readonly role: string; readonly email: string; readonly password: string }

export function seedDemoAccounts(_platform: Platform, _host: string): Promise<DemoLogin[]> {
  return Promise.resolve([])
}
