import { ERRORS } from '@toota/contract'
import { anchor, escapeHtml, ICON, jsonBlock, sentence } from './html.ts'
import type { OpenApi } from './open-api.ts'
import { callAnchor, callHtml, callsByTag } from './operation-html.ts'
import { fieldsHtml } from './schema-html.ts'
import type { SocketDoc } from './socket-doc.ts'
import { socketAnchor, socketHtml, wireHtml } from './socket-html.ts'

type Part = {
  readonly id: string
  readonly title: string
  readonly lead: string
  readonly html: string
  /** What its articles are called in the contents. */
  readonly entries: readonly { readonly id: string; readonly label: string }[]
}

/** The whole reference as one page, which needs neither a script nor anything of another host. */
export function referencePage(document: OpenApi, sockets: readonly SocketDoc[]): string {
  const parts = [
    startPart(),
    ...callParts(document),
    ...socketParts(sockets),
    schemaPart(document),
    errorPart(),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(document.info.title)} API</title>
<meta name="description" content="The API of Toota: REST and sockets, made from the schemas the server runs on.">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="/docs-assets/reference.css">
<script defer src="/docs-assets/reference.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top"><a class="brand" href="/" aria-label="Toota, home"><img src="${ICON}" alt="">toota</a>
<nav aria-label="Documents"><a href="/docs/openapi.json">OpenAPI</a><a href="/docs/asyncapi.json">AsyncAPI</a><a href="/swagger/">Classic REST</a></nav></header>
<div class="page">${contentsHtml(parts)}
<main id="main"><header><h1>The API</h1><p class="lead">Version ${escapeHtml(document.info.version)}. Made from the schemas that this server checks requests and answers with, so it says what is so.</p></header>
${parts.map(partHtml).join('\n')}</main></div>
</body>
</html>
`
}

/** Folded on a phone; wide windows show it beside the text. */
function contentsHtml(parts: readonly Part[]): string {
  const lists = parts.map(({ id, title, entries }) => {
    const items = entries.map((each) => `<li><a href="#${each.id}">${escapeHtml(each.label)}</a></li>`)
    return `<h2><a href="#${id}">${escapeHtml(title)}</a></h2><ul>${items.join('')}</ul>`
  })
  return `<nav class="contents" aria-label="Contents"><details><summary>Contents</summary><div class="filter" hidden><input id="filter" type="search" placeholder="Filter" aria-label="Filter the reference"></div>${lists.join('')}</details></nav>`
}

const partHtml = ({ id, title, lead, html }: Part): string =>
  `<section class="part" id="${id}"><h2>${escapeHtml(title)}</h2>${lead === '' ? '' : `<p>${sentence(lead)}</p>`}${html}</section>`

const PROBLEM = {
  type: '/docs/#offer-closed',
  title: ERRORS['offer-closed'].message,
  status: 409,
  code: 'offer-closed',
  retryable: false,
  requestId: '7c1d…',
}

const START: readonly (readonly [string, string])[] = [
  [
    'Address',
    'Everything is below `/v1` of this server. Bodies are JSON, fields are camelCase; a field that is not known is refused.',
  ],
  [
    'Signing in',
    '`POST /v1/sessions` answers an access token for ten minutes and a refresh token. Send the first as `Authorization: Bearer …`, and the second to `POST /v1/sessions/refresh`, which gives the next pair once.',
  ],
  [
    'Once, not twice',
    'Calls that create something take an `Idempotency-Key` made up by you: after a lost answer send the same call with the same key and get the same answer.',
  ],
  [
    'Pages',
    'Lists take `limit` and `cursor`; `nextCursor` of one page is the `cursor` of the next, and null on the last.',
  ],
  [
    'Too fast',
    'HTTP 429 says by `Retry-After` how many seconds to wait; so does 503 while the server is away or busy.',
  ],
  [
    'Money and time',
    'Money is an integer of minor units with a currency; instants are ISO 8601 with an offset; places are WGS 84 degrees.',
  ],
]

const LINKS: readonly (readonly [string, string])[] = [
  ['/docs/openapi.json', 'REST of /v1, OpenAPI 3.1'],
  ['/docs/asyncapi.json', 'All sockets, AsyncAPI 3.0'],
  ['/swagger/', 'REST of the classic wire, with “try it”'],
  ['/redoc/', 'REST of the classic wire, to read'],
]

function startPart(): Part {
  const rows = START.map(([title, text]) => `<div><dt><b>${title}</b></dt><dd>${sentence(text)}</dd></div>`)
  const links = LINKS.map(
    ([url, text]) => `<li><a href="${url}"><strong>${url}</strong><span>${text}</span></a></li>`,
  )
  return {
    id: 'start',
    title: 'Start here',
    lead: 'There are two wires: `/v1`, which is described here, and the classic one of the original apps, whose sockets are here too and whose REST has readers of its own.',
    html: `<div class="card"><dl class="fields">${rows.join('')}<div><dt><b>Errors</b></dt><dd>Every refusal is <code>application/problem+json</code>; its <code>code</code> is one of <a href="#errors">the catalogue</a>.${jsonBlock(PROBLEM)}</dd></div></dl></div><ul class="links">${links.join('')}</ul>`,
    entries: [],
  }
}

const callParts = (document: OpenApi): Part[] =>
  callsByTag(document).map(([tag, calls]) => ({
    id: `part-${anchor(tag)}`,
    title: tag,
    lead: '',
    html: calls.map((call) => callHtml(call, document.components.schemas)).join('\n'),
    entries: calls.map((call) => ({ id: callAnchor(call), label: call.operation.summary ?? call.path })),
  }))

const WIRES = {
  v1: ['Live', 'One socket for everything; frames are told apart by `t`.'],
  classic: ['Classic sockets', 'The sockets of the original apps, a path for each purpose.'],
} as const

/** One part per wire, in the order of the sockets. */
function socketParts(sockets: readonly SocketDoc[]): Part[] {
  const wires = [...new Set(sockets.map((each) => each.wire))]
  return wires.map((wire) => {
    const own = sockets.filter((each) => each.wire === wire)
    const [title, lead] = WIRES[wire.name]
    return {
      id: `part-sockets-${wire.name}`,
      title,
      lead,
      html: `<div class="card">${wireHtml(wire)}</div>${own.map(socketHtml).join('\n')}`,
      entries: own.map((each) => ({ id: socketAnchor(each), label: each.title })),
    }
  })
}

function schemaPart({ components }: OpenApi): Part {
  const schemas = Object.entries(components.schemas)
  const idOf = (name: string): string => `${anchor(name)}-schema`
  return {
    id: 'part-schemas',
    title: 'Schemas',
    lead: '',
    html: schemas
      .map(
        ([name, schema]) =>
          `<article id="${idOf(name)}"><h3><a href="#${idOf(name)}">${escapeHtml(name)}</a></h3>${fieldsHtml(schema)}</article>`,
      )
      .join('\n'),
    entries: schemas.map(([name]) => ({ id: idOf(name), label: name })),
  }
}

function errorPart(): Part {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, message, retryable }]) =>
      `<div id="${code}"><dt><a href="#${code}">${code}</a><span>${status}${retryable ? ', try again later' : ''}</span></dt><dd>${escapeHtml(message)}</dd></div>`,
  )
  return {
    id: 'errors',
    title: 'Errors',
    lead: 'Each code by itself says what is wrong; texts may change, codes do not.',
    html: `<dl class="errors">${rows.join('')}</dl>`,
    entries: [],
  }
}
