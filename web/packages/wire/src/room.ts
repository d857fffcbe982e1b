import { Words } from './training';
import { z } from './z';

// Mirrors internal/wire/room.go: the self-check of the room.

const instant = z.string().nullable();

export const RoomQuestion = z.object({ id: z.string(), text: Words, needed: z.boolean() });
export type RoomQuestion = z.infer<typeof RoomQuestion>;

export const RoomAnswer = z.object({ question: z.string(), yes: z.boolean() });
export type RoomAnswer = z.infer<typeof RoomAnswer>;

export const RoomDone = z.object({
  at: z.string(),
  answers: z.array(RoomAnswer),
  remark: z.string(),
  state: z.enum(['waiting', 'accepted', 'returned']).catch('returned'),
  ready: z.boolean(),
  note: z.string(),
  decided: instant,
  photo: z.boolean(),
  photo_until: instant,
});
export type RoomDone = z.infer<typeof RoomDone>;

export const RoomCheck = z.object({
  rules: z.number(),
  photo: z.enum(['none', 'optional', 'required']).catch('none'),
  valid_months: z.number(),
  keep_days: z.number(),
  questions: z.array(RoomQuestion),
  asked: z.boolean(),
  due: z.boolean(),
  state: z.enum(['none', 'waiting', 'accepted', 'late', 'over', 'returned']).catch('none'),
  until: instant,
  last: RoomDone.nullable(),
});
export type RoomCheck = z.infer<typeof RoomCheck>;

/** RoomAnswers is POST /room; photo is a JPEG as base64url, or ''. */
export type RoomAnswers = { rules: number; answers: RoomAnswer[]; remark: string; photo: string };
