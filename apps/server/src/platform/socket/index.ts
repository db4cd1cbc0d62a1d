export { limitFrames } from './frame-limit.ts'
export { createSocketHub, type Farewell, type SocketHub } from './hub.ts'
export { type Frame, type RawSocket, type SocketEnd, type SocketSession } from './session.ts'
export { createSocketQuota, type SocketQuota } from './quota.ts'
