import type { Kit, KitRow, KitSlip, Loan, LoanRow, LossCard, Permit } from '../src/api/loanViews';
import type { Device } from '../src/api/views';

// Recorded answers about PCs that go out and come back, with invented people.

const id = (n: number) => `0198f000-0007-7000-8000-${String(n).padStart(12, '0')}`;
const permit = (n: number, change: Partial<Permit> = {}): Permit => ({ id: id(n), where: 'home', from: '2026-11-01', until: '2027-01-31', approver_name: '見本 監督', state: 'now', ...change });

/** loansOf is the list for an inventory. */
export const loansOf = (devices: Device[]): LoanRow[] =>
  devices.map((one, n) => ({
    id: one.id,
    asset_tag: one.asset_tag,
    model: one.model,
    place: one.place,
    person: one.person,
    person_name: one.person_name,
    state: one.state,
    since: one.since,
    until: n === 2 ? '2026-11-20' : n % 3 === 0 ? '2027-03-31' : '',
    code_held: n === 9,
    permit: n === 1 || one.place === 'office' || n > 7 ? null : n === 4 ? permit(n, { state: 'ahead', from: '2026-12-01' }) : permit(n),
    first: n < 6,
  }));

export const loanOf = (row: LoanRow): Loan => ({
  ...row,
  items: [
    { name: 'のぞき見防止フィルター', state: 'out' },
    { name: 'ワイヤーロック', state: 'out' },
    { name: 'ヘッドセット', state: 'out' },
  ],
  back: null,
  back_to_name: '',
  note: '',
  card_made: '2026-11-01T02:00:00Z',
  card_state: 'open',
  permits: [permit(1), permit(2, { from: '2026-08-01', until: '2026-10-31', state: 'over' }), permit(3, { where: 'approved', from: '2026-07-01', until: '2026-07-31', state: 'ended' })],
  tied: [{ person: row.person, name: row.person_name, since: '2026-08-03T00:10:00Z' }],
});

export const returnedOf = (row: LoanRow): Loan => ({
  ...loanOf(row),
  state: 'returned',
  items: [
    { name: 'のぞき見防止フィルター', state: 'missing' },
    { name: 'ワイヤーロック', state: 'back' },
    { name: 'ヘッドセット', state: 'back' },
  ],
  back: '2026-11-22T01:20:00Z',
  back_to_name: '架空 管理',
  note: '天板に浅い傷',
  card_state: 'withdrawn',
  permits: [],
  permit: null,
  tied: [],
});

const link = 'https://console.example.jp:8443/#/lost?token=2CQ6ZJ4T5W7XABH3KDMLN2OPRS';
export const lossCard: LossCard = { device: id(9), asset_tag: 'PC-101', person_name: '見本 花子', link };

const kitRow = (line: number, tag: string, change: Partial<KitRow> = {}): KitRow => ({
  line, asset_tag: tag, model: '見本ノート14', login: 'op-001', person_name: '見本 花子', place: 'home', policy: 'home', items: ['のぞき見防止フィルター', 'ヘッドセット'], faults: [], ...change,
});
export const kit: Kit = { encoding: 'shift_jis', seen: 'cd34'.repeat(16), refused: 0, rows: [kitRow(2, 'PC-201'), kitRow(3, 'PC-202', { login: 'op-002', person_name: '架空 太郎', place: 'office', policy: 'office', items: [] })] };
export const refusedKit: Kit = {
  ...kit,
  refused: 2,
  rows: [
    kit.rows[0]!,
    kitRow(3, 'PC-101', { faults: [{ field: 'tag', code: 'kitting.tag_used', title: 'この資産番号は、使用中の別のPCにあります。', action: '資産番号を確かめてください。', line: 0 }] }),
    kitRow(4, 'PC-203', { person_name: '', login: 'nobody', faults: [{ field: 'login', code: 'kitting.person', title: 'PCを貸与できる人ではありません。', action: '利用中のオペレーターのログインIDを入力してください。', line: 0 }] }),
  ],
};
const code = 'SK1-AEKGG33OONXWYZJOMV4GC3LQNRSS42TQHI4DINBUTD3QK5LZ2MNQXW4TFOBWGCZLSORUW4ZZAMFXGIIDFPBQXE3LQNRSSA5DFPB2A';
export const slips: KitSlip[] = kit.rows.map((row, n) => ({ ...row, device: id(20 + n), code, link }));
