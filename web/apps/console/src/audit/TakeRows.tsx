import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { ProblemNotice } from '@sekisho/ui/ProblemNotice';
import { CheckIcon } from '@sekisho/ui/icons';
import { useTexts } from '@sekisho/ui/language';
import { problemOf } from '@sekisho/wire/problem';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { download } from '../api/client';
import { rowsPath, type AuditFilter } from '../api/queries';
import { Dialog } from '../parts/Dialog';
import { SaveIcon } from '../parts/icons';
import { Once } from '../parts/Once';
import { partTexts } from '../parts/texts';
import { auditTexts } from './texts';

/** TakeRows takes what was found away as a file that verifies without this server. */
export function TakeRows({ filter }: { filter: AuditFilter }) {
  const say = useTexts(auditTexts);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="co-office" variant="default" size="compact-md" leftSection={<SaveIcon size={16} />} onClick={() => setOpen(true)}>
        {say('take')}
      </Button>
      {open && <TakeDialog filter={filter} onClose={() => setOpen(false)} />}
    </>
  );
}

function TakeDialog({ filter, onClose }: { filter: AuditFilter; onClose: () => void }) {
  const say = useTexts(auditTexts);
  const parts = useTexts(partTexts);
  const [format, setFormat] = useState<'csv' | 'json'>('csv');
  const name = `sekisho-audit-rows.${format}`;
  const take = useMutation({ mutationFn: () => download(rowsPath(filter, format), name) });
  return (
    <Dialog title={say('take.title')} size="lg" onClose={onClose}>
      <Stack gap="md">
        <Text size="sm">{say('take.lead')}</Text>
        <p className="co-note" data-tone="attention">
          <span>{say('take.personal')}</span>
        </p>
        <Radio.Group
          label={say('take.format')}
          value={format}
          onChange={(value) => {
            setFormat(value === 'json' ? 'json' : 'csv');
            take.reset();
          }}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="csv" label={say('take.csv')} />
            <Radio value="json" label={say('take.json')} />
          </Stack>
        </Radio.Group>
        {take.isError && <ProblemNotice problem={problemOf(take.error)} />}
        <div role="status">
          {take.isSuccess && (
            <Stack gap="xs">
              <p className="co-note" data-tone="open">
                <CheckIcon size={18} />
                <span>{say('take.done')}</span>
              </p>
              <Once label={say('take.how')} text={`sekisho audit verify ${name} --key KEY`} />
            </Stack>
          )}
        </div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {parts(take.isSuccess ? 'close' : 'cancel')}
          </Button>
          <Button leftSection={<SaveIcon size={18} />} loading={take.isPending} onClick={() => take.mutate()}>
            {say('take.go')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
