// The pure domain of Sluss: types, rules and the one truth about who may read what.
export * from './result.ts'
export * from './ids.ts'
export * from './instant.ts'
export * from './acts.ts'
export * from './statement.ts'
export * from './cases/phases.ts'
export * from './consents/categories.ts'
export * from './tenants/roles.ts'
