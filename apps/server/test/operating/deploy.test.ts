import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { describe, expect, it } from 'vitest'
import { describeSettings } from '../../src/config/settings.ts'
import { createRenderer } from './go-template.ts'

const root = resolve(import.meta.dirname, '../../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const SETTINGS = new Set(describeSettings().map(({ name }) => name as string))
const unknownSettings = (names: readonly string[]) => names.filter((name) => !SETTINGS.has(name))

const PORT = 8000
const METRICS_PORT = 9464

describe('Dockerfile', () => {
  const steps = read('Dockerfile')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ word: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }))
  const rest = (word: string) => steps.filter((step) => step.word === word).map((step) => step.rest)

  it('[OP50] copies what is there and what .dockerignore lets through', () => {
    const copied = rest('COPY').filter((line) => !line.startsWith('--from='))
    const sources = copied.flatMap((line) => line.split(' ').slice(0, -1))
    expect(sources.length).toBeGreaterThan(8)
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([])
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1))
    const isLetThrough = (source: string) =>
      allowed.some((path) => source === path || source.startsWith(`${path}/`))
    expect(sources.filter((source) => !isLetThrough(source))).toEqual([])
  })

  it('[OP50] installs with the manifest of every workspace', () => {
    const manifests = (JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces.flatMap(
      (pattern) => {
        const folder = dirname(pattern)
        return readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`)
      },
    )
    const copied = rest('COPY').join(' ')
    expect(manifests.filter((path) => existsSync(join(root, path)) && !copied.includes(path))).toEqual([])
  })

  it('[OP50] takes from its build what the build makes, and starts that', () => {
    const build = read('scripts/build.mjs')
    const taken = rest('COPY')
      .filter((line) => line.startsWith('--from=build'))
      .map((line) => line.split(' ')[1] ?? '')
    for (const path of taken.map((each) => each.replace('/app/', '')))
      expect(path.endsWith('/dist') ? build.includes(`'${path}'`) : existsSync(join(root, path)), path).toBe(
        true,
      )
    const command = JSON.parse(rest('CMD').at(-1) ?? '[]') as string[]
    expect(command.at(-1)).toBe('apps/server/dist/main.js')
    expect(taken).toContain('/app/apps/server/dist')
  })

  it('[OP51] sets settings that exist, and does not run as root', () => {
    const names = rest('ENV').flatMap((line) => line.split(' ').map((pair) => pair.split('=', 1)[0] ?? ''))
    expect(unknownSettings(names.filter((name) => name !== 'NODE_ENV'))).toEqual([])
    expect(rest('ENV').join(' ')).toContain(`PORT=${PORT} `)
    expect(rest('EXPOSE')).toEqual([`${PORT} ${METRICS_PORT}`])
    expect(rest('USER')).toEqual(['node'])
    expect(rest('HEALTHCHECK').join()).toContain(`127.0.0.1:${PORT}/healthz`)
  })
})

type Service = {
  image?: string
  environment?: Record<string, string>
  depends_on?: Record<string, unknown> | string[]
  volumes?: string[]
  healthcheck?: unknown
  env_file?: string
}

describe('compose.yaml', () => {
  const compose = parse(read('compose.yaml'), { merge: true }) as {
    services: Record<string, Service>
    volumes: Record<string, unknown>
  }
  const services = Object.entries(compose.services)
  const servers = services.filter(([name]) => name.startsWith('app-'))
  const isOfCompose = (name: string) => ['TOOTA_DOMAIN', 'POSTGRES_PASSWORD'].includes(name)

  it('[OP51] gives the servers settings that exist', () => {
    expect(servers.map(([name]) => name)).toEqual(['app-1', 'app-2'])
    for (const [, { environment = {} }] of servers)
      expect(unknownSettings(Object.keys(environment))).toEqual([])
    const names = read('deploy/toota.env.example')
      .split('\n')
      .filter((line) => /^\w/.test(line))
      .map((line) => line.split('=', 1)[0] ?? '')
    expect(unknownSettings(names.filter((name) => !isOfCompose(name)))).toEqual([])
    const asked = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name)
    expect(asked.filter((name) => !names.includes(name))).toEqual([])
  })

  it('[OP52] names only services, volumes and files that are there', () => {
    for (const [name, { depends_on: needs = [], volumes = [], image }] of services) {
      const needed = Array.isArray(needs) ? needs : Object.keys(needs)
      expect(
        needed.filter((each) => !(each in compose.services)),
        name,
      ).toEqual([])
      for (const volume of volumes) {
        const source = volume.split(':')[0] ?? ''
        expect(
          source.startsWith('./') ? existsSync(join(root, source)) : source in compose.volumes,
          volume,
        ).toBe(true)
      }
      expect(image, name).toMatch(/:[\w.-]+$/)
    }
    const waitedFor = servers.flatMap(([, { depends_on: needs }]) => Object.keys(needs ?? {}))
    for (const name of waitedFor) expect(compose.services[name]?.healthcheck, name).toBeDefined()
  })

  it('[OP52] is balanced by what is ready, at the port where the servers are', () => {
    const upstreams = servers.map(([name]) => `${name}:${PORT}`).join(' ')
    expect(read('deploy/Caddyfile')).toContain(`{$TOOTA_UPSTREAMS:${upstreams}}`)
    expect(read('deploy/Caddyfile')).toContain('health_uri /readyz')
    expect(compose.services['proxy']?.environment?.['TOOTA_UPSTREAMS']).toBe(upstreams)
    const scraped = parse(read('deploy/prometheus/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
    }
    expect(scraped.scrape_configs[0]?.job_name).toBe('toota')
    expect(scraped.scrape_configs[0]?.static_configs[0]?.targets).toEqual(
      servers.map(([name]) => `${name}:${METRICS_PORT}`),
    )
  })
})

type Kube = {
  apiVersion: string
  kind: string
  metadata: { name: string }
  spec?: never
  data?: Record<string, string>
}
type Container = {
  command?: string[]
  ports?: { name: string; containerPort: number }[]
  envFrom: ({ configMapRef: { name: string } } | { secretRef: { name: string } })[]
  volumeMounts?: { name: string }[]
} & Record<'startupProbe' | 'livenessProbe' | 'readinessProbe', { httpGet: { path: string; port: string } }>
type PodSpec = {
  containers: Container[]
  volumes?: { name: string }[]
  securityContext: { runAsNonRoot: boolean }
}

describe('Helm chart', () => {
  const folder = 'deploy/helm/toota'
  const templates = readdirSync(join(root, folder, 'templates')).map((name) => `${folder}/templates/${name}`)
  const render = createRenderer(templates.filter((path) => path.endsWith('.tpl')).map(read))
  const values = parse(read(`${folder}/values.yaml`)) as Record<string, unknown>
  const chart = parse(read(`${folder}/Chart.yaml`)) as { name: string; version: string; appVersion: string }

  function objectsOf(over: Record<string, unknown> = {}): Kube[] {
    const context = {
      Values: { ...values, ...over },
      Release: { Name: 'r1', Namespace: 'ns', Service: 'Helm' },
      Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
    }
    return templates
      .filter((path) => path.endsWith('.yaml'))
      .flatMap((path) => parseAllDocuments(render(read(path), context)))
      .map((document) => {
        expect(document.errors).toEqual([])
        return document.toJS() as Kube | null
      })
      .filter((object) => object !== null)
  }
  const everything = () =>
    objectsOf({
      ingress: { ...(values['ingress'] as object), enabled: true },
      autoscaling: { ...(values['autoscaling'] as object), enabled: true },
      persistence: { enabled: true, existingClaim: 'pictures' },
      metrics: { serviceMonitor: { enabled: true, interval: '15s' } },
      podAnnotations: { a: 'b' },
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'x', operator: 'Exists' }],
      secrets: { SECRET_KEY: 'x "quoted"' },
    })
  const podsOf = (objects: Kube[]) =>
    objects
      .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
      .map(({ kind, spec }) => ({
        kind,
        pod: (spec as unknown as { template: { spec: PodSpec } }).template.spec,
      }))

  it('[OP53] renders to objects of Kubernetes, whatever is switched on', () => {
    const kinds = (objects: Kube[]) => objects.map(({ kind }) => kind).sort()
    expect(kinds(objectsOf())).toEqual([
      'ConfigMap',
      'Deployment',
      'Job',
      'PodDisruptionBudget',
      'Secret',
      'Service',
      'Service',
      'ServiceAccount',
    ])
    expect(kinds(everything())).toEqual(
      [...kinds(objectsOf()), 'HorizontalPodAutoscaler', 'Ingress', 'ServiceMonitor'].sort(),
    )
    expect(kinds(objectsOf({ existingSecret: 'mine' }))).not.toContain('Secret')
    for (const { apiVersion, metadata } of everything()) {
      expect(apiVersion).toMatch(/^([a-z0-9.]+\/)?v\d/)
      expect(metadata.name).toMatch(/^[a-z0-9-]{1,63}$/)
    }
  })

  it('[OP53] its pods find their settings, ports, volumes and health', () => {
    const objects = everything()
    const names = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`))
    for (const { kind, pod } of podsOf(objects)) {
      expect(pod.securityContext.runAsNonRoot).toBe(true)
      for (const container of pod.containers) {
        for (const from of container.envFrom) {
          const wanted =
            'configMapRef' in from ? `ConfigMap ${from.configMapRef.name}` : `Secret ${from.secretRef.name}`
          expect(names).toContain(wanted)
        }
        for (const { name } of container.volumeMounts ?? [])
          expect(pod.volumes?.map((volume) => volume.name)).toContain(name)
        if (kind === 'Job') expect(container.command).toEqual(['node', 'apps/server/dist/cli.js', 'migrate'])
        else {
          expect(container.ports?.map(({ containerPort }) => containerPort)).toEqual([PORT, METRICS_PORT])
          expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
          expect(container.livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' })
          expect(container.startupProbe.httpGet.path).toBe('/healthz')
        }
      }
    }
  })

  it('[OP51] sets settings that exist', () => {
    const map = objectsOf().find(({ kind }) => kind === 'ConfigMap')
    expect(unknownSettings(Object.keys(map?.data ?? {}))).toEqual([])
    expect(Object.values(map?.data ?? {}).every((value) => typeof value === 'string')).toBe(true)
    // What the comments tell operators to set.
    const told = [...read(`${folder}/values.yaml`).matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g)].map(
      ([name]) => name,
    )
    expect(unknownSettings(told)).toEqual([])
  })

  it('[OP53] its schema knows each value and no other', () => {
    const schema = JSON.parse(read(`${folder}/values.schema.json`)) as Schema
    expect(faultsAgainst(schema, values, 'values')).toEqual([])
    expect(faultsAgainst(schema, { ...values, replicas: 3 }, 'values')).toEqual([
      'values.replicas is unknown',
    ])
    expect(Object.keys(schema.properties ?? {}).filter((name) => !(name in values))).toEqual(['global'])
  })

  const hasHelm = spawnSync('helm', ['version']).status === 0
  it.skipIf(!hasHelm)('[OP53] helm lints and renders it', () => {
    for (const args of [['lint'], ['template', 'r1']])
      expect(spawnSync('helm', [...args, join(root, folder)], { encoding: 'utf8' })).toMatchObject({
        status: 0,
      })
  })
})

type Schema = { type?: string; properties?: Record<string, Schema>; additionalProperties?: boolean | Schema }

/** As much of JSON Schema as tells a value that the schema does not know, or that has another type. */
function faultsAgainst(schema: Schema, value: unknown, path: string): string[] {
  const { type, properties = {}, additionalProperties = true } = schema
  if (type === 'integer' && !Number.isInteger(value)) return [`${path} is no integer`]
  if ((type === 'string' || type === 'boolean') && typeof value !== type) return [`${path} is no ${type}`]
  if (type === 'array' && !Array.isArray(value)) return [`${path} is no list`]
  if (type !== 'object') return []
  if (typeof value !== 'object' || value === null) return [`${path} is no map`]
  return Object.entries(value).flatMap(([name, each]) => {
    const inner = properties[name] ?? additionalProperties
    if (inner === false) return [`${path}.${name} is unknown`]
    return inner === true ? [] : faultsAgainst(inner, each, `${path}.${name}`)
  })
}
