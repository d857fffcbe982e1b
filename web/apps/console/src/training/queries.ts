import { queryOptions } from '@tanstack/react-query';
import { api, query, refreshed } from '../api/client';
import { kept, listPath, longestPage, type Asked } from '../api/paging';
import * as view from './views';

export const trainingKeys = {
  people: ['training', 'people'],
  courses: ['training', 'courses'],
  documents: ['training', 'documents'],
} as const;

export const trainingQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...trainingKeys.people, 'list', asked],
    queryFn: ({ signal }) => api.ask('GET', listPath('/training', asked), view.TrainingOfAll, undefined, signal),
    ...kept,
  });

/** wholeQuery asks for every page of a list, one after the other, to print it. */
export const wholeQuery = (asked: Asked) =>
  queryOptions({
    queryKey: [...trainingKeys.people, 'whole', asked],
    queryFn: async ({ signal }) => {
      const from = (offset: number) => api.ask('GET', listPath('/training', { ...asked, offset, limit: longestPage }), view.TrainingOfAll, undefined, signal);
      let whole = await from(0);
      while (whole.people.length < whole.page.found) {
        const next = await from(whole.people.length);
        if (next.page.offset !== whole.people.length) break; // the list has become shorter meanwhile
        whole = { ...next, people: [...whole.people, ...next.people] };
      }
      return { ...whole, page: { ...whole.page, offset: 0, found: whole.people.length, limit: Math.max(1, whole.people.length) } };
    },
    staleTime: 0,
    gcTime: 0,
  });

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...trainingKeys.people, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/training/people/${encodeURIComponent(id)}`), view.TrainingOfOne, undefined, signal),
  });

export const coursesQuery = queryOptions({
  queryKey: trainingKeys.courses,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/training/courses'), view.Courses, undefined, signal),
});

export const questionsQuery = (id: string) =>
  queryOptions({
    queryKey: [...trainingKeys.courses, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/training/courses/${encodeURIComponent(id)}/questions`), view.Questions, undefined, signal),
  });

export const documentsQuery = queryOptions({
  queryKey: trainingKeys.documents,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/training/documents'), view.RuleDocs, undefined, signal),
});

export const documentQuery = (id: string) =>
  queryOptions({
    queryKey: [...trainingKeys.documents, id],
    queryFn: ({ signal }) => api.ask('GET', refreshed(`/training/documents/${encodeURIComponent(id)}`), view.RuleWhole, undefined, signal),
  });

export const differenceQuery = (id: string, from: number, to: number) =>
  queryOptions({
    queryKey: [...trainingKeys.documents, id, from, to],
    queryFn: ({ signal }) => api.ask('GET', query(`/training/documents/${encodeURIComponent(id)}/difference`, { from, to }), view.Difference, undefined, signal),
    staleTime: Infinity, // versions never change
  });
