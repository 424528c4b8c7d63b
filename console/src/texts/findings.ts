// The words of findings, which the list, the page of one and others use.
import { findings as en } from './en/findings'
import { useTexts, type Words } from './index'
import { findings as ja } from './ja/findings'

export function useFindingsTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
