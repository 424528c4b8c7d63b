// Fails on words that people read and that stand in a component instead of src/texts, where both languages are.
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const source = fileURLToPath(new URL('../src', import.meta.url))
const spoken = new Set([
  'aria-label',
  'aria-description',
  'title',
  'placeholder',
  'alt',
  'label',
  'description',
  'hint',
])
const word = /\p{L}{2,}/u
const japanese = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u
// The product's name is the same in every language.
const names = new Set(['Yagura', '櫓', 'English', '日本語'])

const problems = []
let seen = 0

for (const entry of await readdir(source, { recursive: true })) {
  if (!/\.tsx?$/.test(entry) || entry.startsWith('texts/') || entry.endsWith('.d.ts')) continue
  seen += 1
  const path = join(source, entry)
  const file = ts.createSourceFile(path, await readFile(path, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  look(file, file)
}

function look(node, file) {
  if (ts.isJsxText(node)) tell(node, node.text.trim(), word, file)
  if (ts.isJsxAttribute(node) && node.initializer && spoken.has(node.name.getText(file))) {
    const value = ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer
    if (value && ts.isStringLiteralLike(value)) tell(value, value.text, word, file)
  }
  if (
    ts.isJsxExpression(node) &&
    node.expression &&
    ts.isStringLiteralLike(node.expression) &&
    ts.isJsxElement(node.parent)
  )
    tell(node, node.expression.text, word, file)
  if (ts.isStringLiteralLike(node)) tell(node, node.text, japanese, file)
  ts.forEachChild(node, (child) => look(child, file))
}

function tell(node, text, pattern, file) {
  if (!pattern.test(text) || names.has(text)) return
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
  problems.push(`${relative(source, file.fileName)}:${line + 1}: ${JSON.stringify(text)} belongs into src/texts`)
}

if (seen === 0) problems.push('no source was found; the check looks in the wrong place')
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
