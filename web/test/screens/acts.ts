import type { Scene } from './agent.ts';
import { me } from './scenes.ts';
import type { Visit } from './browser.ts';

// How a test brings a page into a state: as the operator and the agent would.

export const quarantine = { phase: 'quarantine' as const, connection: 'c' };

/** connect presses 接続 and lets the agent reach quarantine. */
export async function connect({ page, agent }: Visit): Promise<void> {
  await page.locator('.dk-connect').click();
  await until(() => agent.asked.includes('POST /local/v1/connect'));
  agent.become(quarantine);
}

/** work goes all the way to an open desktop. */
export async function work(visit: Visit, picture = true): Promise<void> {
  const { agent, page } = visit;
  await connect(visit);
  await until(() => agent.heard.some((m) => m.type === 'login'));
  await until(() => agent.lastFrame > 0); // nobody is let in before a picture of him was judged
  agent.scene.me = { ...agent.scene.me, session: { id: 's', class: 'face', opened: new Date().toISOString(), expires: null, shift_ends: null } };
  agent.become({ phase: 'live', session: 's' });
  agent.verdict({});
  if (picture) await page.locator('[data-state="drawn"]').waitFor();
}

/** close has the agent close the screen for a reason, as it does: verdict first, then status. */
export function close({ agent }: Visit, state: Parameters<StateOf>[0]): void {
  agent.verdict({ state, screen: 'black' });
  agent.become({ phase: 'black', session: '', state });
}
type StateOf = (state: NonNullable<Parameters<Visit['agent']['verdict']>[0]['state']>) => void;

export function missing(what: string[]): (scene: Scene) => void {
  return (scene) => {
    scene.me = { ...me, missing: what, person: { ...me.person, consented: !what.includes('consent'), commitment: '' } };
  };
}

export async function until(done: () => boolean, ms = 15_000): Promise<void> {
  const end = performance.now() + ms;
  while (!done()) {
    if (performance.now() > end) throw new Error(`nothing happened: ${String(done)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
