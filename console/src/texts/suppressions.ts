// The words of suppressions, which several components use.
import { suppressions as en } from './en/suppressions'
import { useTexts, type Words } from './index'
import { suppressions as ja } from './ja/suppressions'

export function useSuppressionTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
