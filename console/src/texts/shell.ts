// The words around every page.
import { shell as en } from './en/shell'
import { useTexts, type Words } from './index'
import { shell as ja } from './ja/shell'

export function useShellTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
