import { Place } from '@sekisho/wire/states';
import { z } from '@sekisho/wire/z';
import { Page } from './paging';
import { deviceStates } from './views';

// What the door answers about PCs that go out and come back (internal/api/console/views_inventory.go).

const instant = z.string().nullable();

export const Permit = z.object({
  id: z.string(),
  where: z.enum(['home', 'approved']),
  from: z.string(),
  until: z.string(),
  approver_name: z.string(),
  state: z.enum(['now', 'ahead', 'over', 'ended']).catch('ended'),
});
export type Permit = z.infer<typeof Permit>;

export const LoanRow = z.object({
  id: z.string(),
  asset_tag: z.string(),
  model: z.string(),
  place: Place,
  person: z.string(),
  person_name: z.string(),
  state: z.enum(deviceStates).catch('revoked'),
  since: instant,
  until: z.string(),
  code_held: z.boolean(),
  permit: Permit.nullable(),
  first: z.boolean(),
});
export type LoanRow = z.infer<typeof LoanRow>;
export const Loans = z.object({ page: Page, loans: z.array(LoanRow) });

export const LoanItem = z.object({ name: z.string(), state: z.enum(['out', 'back', 'missing', 'carried']).catch('missing') });
export type LoanItem = z.infer<typeof LoanItem>;

export const Tie = z.object({ person: z.string(), name: z.string(), since: instant });
export type Tie = z.infer<typeof Tie>;

export const Loan = LoanRow.extend({
  items: z.array(LoanItem),
  back: instant,
  back_to_name: z.string(),
  note: z.string(),
  card_made: instant,
  card_state: z.enum(['none', 'open', 'used', 'withdrawn']).catch('none'),
  permits: z.array(Permit),
  tied: z.array(Tie),
});
export type Loan = z.infer<typeof Loan>;

export const LossCard = z.object({ device: z.string(), asset_tag: z.string(), person_name: z.string(), link: z.string() });
export type LossCard = z.infer<typeof LossCard>;

export const Lost = z.object({ asset_tag: z.string() });

export const KitFault = z.object({ field: z.string(), code: z.string(), title: z.string(), action: z.string(), line: z.number() });
export type KitFault = z.infer<typeof KitFault>;

export const KitRow = z.object({
  line: z.number(),
  asset_tag: z.string(),
  model: z.string(),
  login: z.string(),
  person_name: z.string(),
  place: Place,
  policy: z.string(),
  items: z.array(z.string()),
  faults: z.array(KitFault),
});
export type KitRow = z.infer<typeof KitRow>;

export const Kit = z.object({ encoding: z.enum(['utf-8', 'shift_jis']).catch('utf-8'), seen: z.string(), refused: z.number(), rows: z.array(KitRow) });
export type Kit = z.infer<typeof Kit>;

export const KitSlip = KitRow.extend({ device: z.string(), code: z.string(), link: z.string() });
export type KitSlip = z.infer<typeof KitSlip>;
export const KitSlips = z.object({ slips: z.array(KitSlip) });
