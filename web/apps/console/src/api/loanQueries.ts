import { queryOptions } from '@tanstack/react-query';
import { api, refreshed } from './client';
import { kept, listPath, type Asked } from './paging';
import * as view from './loanViews';

export const loanKeys = { loans: ['loans'] } as const;

export const loansQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...loanKeys.loans, 'list', asked],
    queryFn: ({ signal }) => api.ask('GET', listPath('/loans', asked), view.Loans, undefined, signal),
    ...kept,
  });

export const loanQuery = (id: string) =>
  queryOptions({
    queryKey: [...loanKeys.loans, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/loans/${encodeURIComponent(id)}`), view.Loan, undefined, signal),
  });
