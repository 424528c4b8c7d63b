// The words of trying a rule, which several components use.
import { explanation as en } from './en/explanation'
import { useTexts, type Words } from './index'
import { explanation as ja } from './ja/explanation'

export function useExplanationTexts(): Words<typeof en> {
  return useTexts({ en, ja })
}
