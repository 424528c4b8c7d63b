// Makes the types of the API out of ../docs/openapi.json; with --check only says whether they are current.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const target = new URL('../src/api/schema.d.ts', import.meta.url)
const head = '// Made from docs/openapi.json by `npm run api`; do not edit.\n'
const description = JSON.parse(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'))
// Operations are found by method and path; their ids are not unique, which the generator would refuse.
for (const operations of Object.values(description.paths)) {
  for (const operation of Object.values(operations)) delete operation.operationId
}
// Texts in two languages refer to a schema that the description leaves out.
description.components.schemas.String ??= { type: 'string' }
const types = head + astToString(await openapiTS(description, { defaultNonNullable: false }))

if (process.argv.includes('--check')) {
  const written = await readFile(target, 'utf8').catch(() => '')
  if (written !== types) {
    console.error('src/api/schema.d.ts is not what docs/openapi.json says: run `npm run api`')
    process.exit(1)
  }
} else {
  await writeFile(target, types)
}
