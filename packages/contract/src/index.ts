export * from './errors.ts'
export * from './vocabulary.ts'
