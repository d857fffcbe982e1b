import { defineTexts } from '@sekisho/ui/language';

/** kindTexts names every kind of event that the server writes; an unknown one is shown by its code. */
export const kindTexts = defineTexts('console.audit.kinds', {
  'approval.asked': { ja: '承認を依頼', en: 'Approval asked for' },
});
