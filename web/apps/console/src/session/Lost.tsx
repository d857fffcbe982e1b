import { Button, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { Lost as LostView } from '../api/loanViews';
import { Card } from './Card';
import { lostTexts } from './lostTexts';

/** Lost closes the PC of a loss card. Opening the link closes nothing: only the press does. */
export function Lost({ token, demo }: { token: string; demo: boolean }) {
  const say = useTexts(lostTexts);
  const look = useQuery({
    queryKey: ['lost', token],
    queryFn: () => api.ask('POST', '/lost/look', LostView, { token }),
    enabled: token !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
  });
  const report = useMutation({ mutationFn: () => api.ask('POST', '/lost/report', LostView, { token }) });
  if (report.data) {
    return (
      <Card title={say('done', { tag: report.data.asset_tag })} demo={demo}>
        <p role="status">{say('done.do')}</p>
      </Card>
    );
  }
  if (token === '') {
    return (
      <Card title={say('nolink')} demo={demo}>
        <p>{say('nolink.do')}</p>
      </Card>
    );
  }
  return (
    <Card title={say('title')} lead={say('lead')} demo={demo}>
      <Stack gap="md">
        {look.isError && <ProblemNotice problem={problemOf(look.error)} />}
        {report.isError && <ProblemNotice problem={problemOf(report.error)} />}
        {look.data && !report.isError && (
          <>
            <p className="co-lost-tag">
              <span>{say('tag')}</span> <b>{look.data.asset_tag}</b>
            </p>
            <Text size="sm">{say('then')}</Text>
            <Button size="lg" color="beni" loading={report.isPending} onClick={() => report.mutate()}>
              {say('close')}
            </Button>
          </>
        )}
        <Text size="sm">{say('call')}</Text>
      </Stack>
    </Card>
  );
}
