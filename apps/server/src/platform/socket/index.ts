export { createSocketHub, type Frame, type SocketHub, type SocketSession } from './session.ts'
