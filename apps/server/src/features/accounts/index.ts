export { authenticate } from './authenticate.ts'
export type { AuthenticationFault } from './authenticate.ts'
export type { Principal } from './model/principal.ts'
