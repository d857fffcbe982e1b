import { Skeleton } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { uiTexts } from '@sekisho/ui/texts';
import { problemOf } from '@sekisho/wire/problem';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

/**
 * Answer shows what a query brought, or why it has not: first loading, then an
 * error with a way to try again. A later failure keeps what is known and says
 * above it that it may be old.
 */
export function Answer<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data === undefined) {
    if (query.isError) return <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />;
    return <Loading />;
  }
  return (
    <>
      {query.isError && <ProblemNotice problem={problemOf(query.error)} onRetry={() => void query.refetch()} />}
      {children(query.data)}
    </>
  );
}

/** Loading keeps the page's shape while nothing is known. */
export function Loading() {
  const say = useTexts(uiTexts);
  return (
    <div role="status" className="co-loading">
      <span className="co-hidden">{say('loading')}</span>
      {[100, 92, 96, 88].map((width) => (
        <Skeleton key={width} height={38} width={`${width}%`} aria-hidden="true" />
      ))}
    </div>
  );
}
