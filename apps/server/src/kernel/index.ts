export * from './geo.ts'
export * from './ids.ts'
export * from './money.ts'
export * from './refusal.ts'
