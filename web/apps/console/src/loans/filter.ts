import type { LoanRow } from '../api/loanViews';

/** shows are the parts of the list that can be chosen. */
export const shows = ['out', 'unpermitted', 'received', 'all'] as const;
export type Show = (typeof shows)[number];

/** ended says whether a PC is nobody's any more. */
export const ended = (loan: Pick<LoanRow, 'state'>): boolean => loan.state === 'returned' || loan.state === 'revoked';
