import { queryOptions } from '@tanstack/react-query';
import { api, query, refreshed } from '../api/client';
import * as view from './views';

export const trainingKeys = {
  people: ['training', 'people'],
  courses: ['training', 'courses'],
  documents: ['training', 'documents'],
} as const;

export const trainingQuery = queryOptions({
  queryKey: trainingKeys.people,
  queryFn: ({ signal }) => api.ask('GET', refreshed('/training'), view.TrainingOfAll, undefined, signal),
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
