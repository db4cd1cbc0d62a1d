import { findingsOf, type Finding } from './finding.ts'

/** Each gateway that can be set gets a line here. */
export const checkGateways = (): Finding[] => [findingsOf('payments').ok('cash only; no gateway is set')]
