import { describe, expect, it } from 'vitest';
import type { Found } from '../src/detect.ts';
import { Pacer } from '../src/pacer.ts';

const face = (x: number, w = 80, score = 0.9): Found => ({ box: [x, 100, w, w], score, points: [] });
const all = { embed: true, live: true };
const boxes = { embed: false, live: false };

const looking = (): Pacer => Object.assign(new Pacer(), { features: true });

describe('pacer', () => {
  it('measures no features before it is allowed, and none after that is taken back', () => {
    const p = new Pacer();
    p.pace(30);
    expect(p.plan([face(200)], 0)).toEqual({ embed: false, live: true });
    expect(p.plan([face(200)], 100)).toEqual({ embed: false, live: true });
    p.features = true;
    expect(p.plan([face(200)], 200)).toEqual(all);
    p.features = false;
    expect(p.plan([face(200)], 300)).toEqual({ embed: false, live: true });
  });

  it('measures everything about three times a second while all is calm', () => {
    const p = looking();
    p.pace(160);
    let full = 0;
    for (let now = 0; now < 10_000; now += 160) if (p.plan([face(200)], now).embed) full++;
    expect(full).toBeGreaterThanOrEqual(20);
    expect(full).toBeLessThanOrEqual(34);
    expect(p.wait(1000, 1060)).toBe(100);
  });

  it('tells of somebody who joined at once, twice, by boxes alone', () => {
    const p = looking();
    p.plan([face(200)], 0);
    expect(p.plan([face(200), face(400, 40)], 160)).toEqual(boxes);
    expect(p.wait(160, 200)).toBe(0);
    expect(p.plan([face(200), face(400, 40)], 220)).toEqual(boxes);
    expect(p.wait(220, 260)).toBe(0);
    expect(p.plan([face(200), face(400, 40)], 600)).toEqual(all);
  });

  it('measures everything when a face comes, goes, jumps or changes its size', () => {
    for (const [before, after] of [[[], [face(200)]], [[face(200)], [face(300)]], [[face(200)], [face(200, 130)]]] as const) {
      const p = looking();
      p.plan([...before], 0);
      p.plan([...before], 1);
      expect(p.plan([...after], 100)).toEqual(all);
      expect(p.wait(100, 110)).toBe(0);
    }
  });

  it('does as it is told in a burst', () => {
    const p = looking();
    p.plan([face(200)], 0);
    p.pace(30);
    for (let now = 60; now < 600; now += 60) {
      expect(p.plan([face(200)], now)).toEqual(all);
      expect(p.wait(now, now + 5)).toBe(0);
    }
  });

  it('never sleeps for long, whatever it is told', () => {
    const p = looking();
    p.plan([], 0);
    p.pace(1e9);
    expect(p.wait(0, 0)).toBeLessThanOrEqual(500);
    p.pace(-5);
    expect(p.wait(0, 0)).toBe(0);
  });

  it('does not take noise for a person', () => {
    const p = looking();
    p.plan([face(200)], 0);
    p.plan([face(200)], 320);
    expect(p.plan([face(200), face(400, 40, 0.55), face(500, 20)], 400)).toEqual(boxes); // not joined: only not due
    expect(p.wait(400, 400)).toBe(160);
  });
});
