// Tables as CSV, made in the browser: as spreadsheets read it, and so that they read nothing in it as a formula.

const dangerous = /^[=+\-@\t\r]/

/** A cell: never a formula, whatever a resource or an account is called; quoted where it has to be. */
export function cell(value: string | number): string {
  const text = typeof value === 'string' && dangerous.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

/** Hands a file to the reader. The mark at its beginning tells Excel that it is UTF-8. */
export function saveCsv(name: string, rows: readonly (readonly (string | number)[])[]) {
  save(name, new Blob(['\ufeff', csv(rows)], { type: 'text/csv;charset=utf-8' }))
}

/** Hands the reader a file. */
export function save(name: string, file: Blob) {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
