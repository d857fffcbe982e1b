import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';
import * as view from './loanViews';

export const loanKeys = { loans: ['loans'] } as const;

export const loansQuery = queryOptions({
  queryKey: loanKeys.loans,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/loans'), view.Loans, undefined, signal),
});

export const loanQuery = (id: string) =>
  queryOptions({
    queryKey: [...loanKeys.loans, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/loans/${encodeURIComponent(id)}`), view.Loan, undefined, signal),
  });
