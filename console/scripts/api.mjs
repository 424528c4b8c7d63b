// Makes the types of the API out of ../docs/openapi.json; with --check only says whether they are current.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const target = new URL('../src/api/schema.d.ts', import.meta.url)
const head = '// Made from docs/openapi.json by `npm run api`; do not edit.\n'
const description = JSON.parse(await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'))
fold(description.components.schemas)
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

/** A text in a language is described as a text and as an object that has only a description: the first is meant. */
function fold(schema) {
  if (typeof schema !== 'object' || schema === null) return
  const [first, second, ...others] = schema.allOf ?? []
  if (
    first &&
    second &&
    others.length === 0 &&
    Object.keys(second).every((it) => ['type', 'description'].includes(it))
  ) {
    delete schema.allOf
    Object.assign(schema, first, { description: second.description })
  }
  for (const it of Object.values(schema)) fold(it)
}
