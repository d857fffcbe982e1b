import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';

/** useAct runs one act and then asks anew for what it changed. */
export function useAct<In, Out>(act: (input: In) => Promise<Out>, ...changed: QueryKey[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => Promise.all(changed.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
