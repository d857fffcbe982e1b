import { z } from '@sekisho/wire/z';

// What the door answers about client companies (internal/api/console/views_clients.go).

const instant = z.string().nullable();

export const Client = z.object({ id: z.string(), name: z.string(), ended: instant });
export type Client = z.infer<typeof Client>;
export const Clients = z.object({ clients: z.array(Client) });

export const Work = z.object({ id: z.string(), name: z.string(), ended: instant, desktops: z.array(z.object({ id: z.string(), name: z.string() })) });
export type Work = z.infer<typeof Work>;

export const Assignment = z.object({
  id: z.string(),
  work: z.string(),
  person: z.string(),
  name: z.string(),
  from: z.string(),
  until: z.string(),
  subcontracted: z.boolean(),
  today: z.boolean(),
});
export type Assignment = z.infer<typeof Assignment>;

export const ClientFile = z.object({
  client: Client,
  works: z.array(Work),
  assignments: z.array(Assignment),
  auditors: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type ClientFile = z.infer<typeof ClientFile>;
