export { limitFrames } from './frame-limit.ts'
export { createSocketHub, type Frame, type RawSocket, type SocketHub, type SocketSession } from './session.ts'
export { createSocketQuota, type SocketQuota } from './quota.ts'
