import { z } from '@sekisho/wire/z';
import { keepPreviousData } from '@tanstack/react-query';
import { query, refreshed } from './client';

/** Page says which part of a list an answer holds, and how long the list is (internal/api/console/listing.go). */
export const Page = z.object({ offset: z.number(), limit: z.number(), found: z.number(), all: z.number(), counts: z.record(z.string(), z.number()) });
export type Page = z.infer<typeof Page>;

/** Asked is what a list is asked for; what is '' or undefined is left out. */
export type Asked = { [name: string]: string | number | undefined };

/** longestWords is how much a list is searched for at once. */
export const longestWords = 100;

/** longestPage is how many rows the door gives at most. */
export const longestPage = 500;

/** listPath is where a list is asked for. */
export const listPath = (path: string, asked: Asked) => refreshed(query(path, asked));

/** kept goes on showing one page while the next one is on its way. */
export const kept = { placeholderData: keepPreviousData } as const;
