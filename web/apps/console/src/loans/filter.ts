import type { LoanRow } from '../api/loanViews';

/** shows are the parts of the list that can be chosen. */
export const shows = ['out', 'unpermitted', 'received', 'all'] as const;
export type Show = (typeof shows)[number];

export const isShow = (value: string): value is Show => (shows as readonly string[]).includes(value);

/** ended says whether a PC is nobody's any more. */
export const ended = (loan: Pick<LoanRow, 'state'>): boolean => loan.state === 'returned' || loan.state === 'revoked';

/** fits is the list's filter: a part of it, and any part of tag, model or person. */
export function fits(loan: LoanRow, show: Show, text: string): boolean {
  if (show !== 'all' && ended(loan)) return false;
  if (show === 'unpermitted' && (loan.place !== 'home' || loan.permit?.state === 'now')) return false;
  if (show === 'received' && !loan.code_held) return false;
  const wanted = text.normalize('NFKC').trim().toLowerCase();
  if (wanted === '') return true;
  return [loan.asset_tag, loan.model, loan.person_name].some((value) => value.normalize('NFKC').toLowerCase().includes(wanted));
}
