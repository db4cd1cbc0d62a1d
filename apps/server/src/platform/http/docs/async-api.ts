import {
  addressOf,
  messagesSent,
  messagesTaken,
  parametersOf,
  type MessageDoc,
  type SocketDoc,
} from './socket-doc.ts'

const ref = (...path: readonly string[]) => ({ $ref: ['#', ...path].join('/') })
const PARAMETERS: Readonly<Record<string, string>> = { tripId: 'An own trip', driverId: 'A driver' }

type Info = { readonly title: string; readonly version: string }

/** AsyncAPI 3.0 of all sockets: a channel per address, its messages shared by the addresses of the same socket. */
export function asyncApiOf({ title, version }: Info, sockets: readonly SocketDoc[]) {
  const channels = sockets.flatMap((socket) =>
    socket.urls.map(
      (url, index) => [index === 0 ? socket.name : `${socket.name}-${index + 1}`, socket, url] as const,
    ),
  )
  return {
    asyncapi: '3.0.0',
    info: { title: `${title}: sockets`, version, description: 'Text frames, one JSON object each.' },
    defaultContentType: 'application/json',
    servers: {
      here: {
        host: '{host}',
        protocol: 'wss',
        description: 'This server; `ws` where it is reached without TLS.',
        variables: { host: { default: '127.0.0.1:8000' } },
        security: [
          ref('components', 'securitySchemes', 'bearer'),
          ref('components', 'securitySchemes', 'ticket'),
        ],
      },
    },
    channels: Object.fromEntries(channels.map(([id, socket, url]) => [id, channelOf(socket, url)])),
    operations: Object.fromEntries(channels.flatMap(([id, socket]) => operationsOf(id, socket))),
    components: {
      messages: Object.fromEntries(sockets.flatMap(componentsOf)),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        ticket: { type: 'httpApiKey', name: 'ticket', in: 'query', description: 'Opens one socket, once' },
      },
    },
  }
}

/** A name may be taken and sent: the two are different messages. */
const directed = (socket: SocketDoc) => [
  ...messagesTaken(socket).map((message) => ({ ...message, way: 'takes' }) as const),
  ...messagesSent(socket).map((message) => ({ ...message, way: 'sends' }) as const),
]
type Directed = MessageDoc & { readonly way: 'takes' | 'sends' }

const idOf = ({ way, name }: Directed): string => `${way}.${name}`

function channelOf(socket: SocketDoc, url: string): object {
  const { name, title, description, roles, wire } = socket
  const parameters = parametersOf(url)
  return {
    address: addressOf(url),
    title,
    description: [
      description,
      `For: ${roles.join(', ')}.`,
      wire.signIn,
      wire.pings,
      wire.limits,
      ...Object.entries(wire.closeCodes).map(([code, meaning]) => `- closes ${code}: ${meaning}`),
    ].join('\n\n'),
    messages: Object.fromEntries(
      directed(socket).map((message) => [
        idOf(message),
        ref('components', 'messages', `${name}.${idOf(message)}`),
      ]),
    ),
    ...(parameters.length > 0 && {
      parameters: Object.fromEntries(
        parameters.map((each) => [each, { description: PARAMETERS[each] ?? each }]),
      ),
    }),
    bindings: {
      ws: { method: 'GET', query: { type: 'object', properties: { ticket: { type: 'string' } } } },
    },
    'x-roles': roles,
    'x-close-codes': wire.closeCodes,
  }
}

function operationsOf(id: string, socket: SocketDoc): [string, object][] {
  const channel = ref('channels', id)
  const messages = directed(socket)
  const operation = (action: 'receive' | 'send', way: Directed['way']): [string, object][] => {
    const own = messages.filter((message) => message.way === way)
    if (own.length === 0) return []
    const refs = own.map((message) => ref('channels', id, 'messages', idOf(message)))
    return [[`${id}.${way}`, { action, channel, messages: refs, summary: `What the server ${way}` }]]
  }
  return [...operation('receive', 'takes'), ...operation('send', 'sends')]
}

const componentsOf = (socket: SocketDoc): [string, object][] =>
  directed(socket).map((message) => [
    `${socket.name}.${idOf(message)}`,
    {
      name: message.name,
      title: message.name,
      summary: message.description,
      payload: message.schema,
      examples: [{ name: message.name, payload: message.example }],
    },
  ])
