// Imported first: the schema library would else try whether it may compile functions, which the page's policy forbids and reports.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })

export {}
