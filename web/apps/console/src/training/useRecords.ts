import { useMutation } from '@tanstack/react-query';
import { download } from '../api/client';

type Format = 'csv' | 'pdf';

/** useRecords takes the records of one person, or of everybody, away as a file. */
export function useRecords(person = '') {
  const take = useMutation({
    mutationFn: (format: Format) => download(`/training/records?${new URLSearchParams({ format, person })}`, `sekisho-training.${format}`),
  });
  return { save: take.mutate, saving: take.isPending ? take.variables : null, failure: take.error };
}
