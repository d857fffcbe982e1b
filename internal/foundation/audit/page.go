package audit

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// lookedAtOnce is how many entries one page looks at for words that no index
// knows: few enough to be answered in a fifth of a second on any log.
const lookedAtOnce = 5_000

// Found is one page of a search.
type Found struct {
	Entries []Entry
	Next    int64     // Before of the next page; 0 where there is none
	Looked  time.Time // when words are searched: how far back this page has looked
}

// Page is one page of a search. It reads what an index leads to and no more:
// the time it takes depends on the page, not on the log. Where words are
// searched it looks at a bounded number of entries and says how far it came, so
// that a page may be empty although there is a next one.
func (l *Log) Page(ctx context.Context, f Filter) (page Found, err error) {
	if len(f.Among) > MaxAmong {
		return Found{}, errAmong
	}
	if err := l.settle(ctx); err != nil {
		return Found{}, err
	}
	page.Entries = []Entry{}
	err = l.db.Read(ctx, func(tx storage.Tx) error {
		q, err := f.plan(ctx, tx)
		if err != nil || q == nil {
			return err
		}
		if f.Text != "" {
			return q.words(ctx, tx, f, &page)
		}
		return q.page(ctx, tx, f.limit(), &page)
	})
	if err != nil {
		return Found{}, fmt.Errorf("audit: search: %w", err)
	}
	return page, nil
}

// cond is a condition with its values.
type cond struct {
	sql  string
	args []any
}

// plan is how a search is carried out: one branch for each index entry that
// leads to something, conditions that every branch adds, and one order.
type plan struct {
	branches []cond
	rest     []cond
	byTime   bool
}

// plan chooses the index that narrows most. nil finds nothing.
func (f Filter) plan(ctx context.Context, tx storage.Tx) (*plan, error) {
	if f.Among != nil && len(f.Among) == 0 {
		return nil, nil
	}
	p := &plan{}
	for _, narrow := range []struct {
		on    bool
		conds []cond
	}{
		{f.Session != "", either("session", string(f.Session))},
		{f.Object != "", []cond{is("object", f.Object)}},
		{f.Call != "", either("call", string(f.Call))},
		{f.Customer != "", either("customer", string(f.Customer))},
		{f.Device != "", either("device", string(f.Device))},
		{f.Person != "", f.aboutPerson()},
	} {
		switch {
		case !narrow.on:
		case p.branches == nil:
			p.branches = narrow.conds
		default:
			p.rest = append(p.rest, or(narrow.conds))
		}
	}
	timed, led := !f.From.IsZero() || !f.To.IsZero(), p.branches != nil
	if err := f.planKinds(ctx, tx, p); err != nil || p.branches != nil && len(p.branches) == 0 {
		return nil, err
	}
	if !f.From.IsZero() {
		p.rest = append(p.rest, cond{"at >= ?", []any{storage.Micros(f.From)}})
	}
	if !f.To.IsZero() {
		p.rest = append(p.rest, cond{"at < ?", []any{storage.Micros(f.To)}})
	}
	p.byTime = timed && !led
	if p.branches == nil {
		p.branches = []cond{{"1 = 1", nil}}
	}
	if f.Among != nil {
		p.among(f.Among)
	}
	return p, p.from(ctx, tx, f.Before)
}

// among narrows every branch to what was acted by or on one of these ids. There
// is one branch then: each would carry all of them, and a database takes only
// so many parameters.
func (p *plan) among(ids []string) {
	if len(p.branches) > 1 {
		p.branches = []cond{or(p.branches)}
	}
	person, object := "person "+in(ids)+" AND person <> ''", "object "+in(ids)+" AND object <> ''"
	p.rest = append(p.rest, or([]cond{{person, values(ids)}, {object, values(ids)}}))
}

// planKinds narrows by kind: by its index where nothing else leads, each kind by itself.
func (f Filter) planKinds(ctx context.Context, tx storage.Tx, p *plan) error {
	if p.branches == nil && (f.Kind != "" || len(f.Kinds) > 0) {
		kinds := f.Kinds
		if len(kinds) == 0 {
			var err error
			if kinds, err = kindsLike(ctx, tx, f.Kind); err != nil {
				return err
			}
		} else if f.Kind != "" {
			p.rest = append(p.rest, begins(f.Kind))
		}
		p.branches = []cond{}
		for _, k := range kinds {
			p.branches = append(p.branches, cond{"kind = ?", []any{k}})
		}
		return nil
	}
	if f.Kind != "" {
		p.rest = append(p.rest, begins(f.Kind))
	}
	if len(f.Kinds) > 0 {
		p.rest = append(p.rest, cond{"kind " + in(f.Kinds), values(f.Kinds)})
	}
	return nil
}

// kindsLike lists the kinds that begin so, by leaping from one to the next, to
// the last: in a database that sorts by a language others may stand between them.
func kindsLike(ctx context.Context, tx storage.Tx, prefix string) (kinds []string, err error) {
	next := "SELECT MIN(kind) FROM audit_leaves WHERE kind >= ?"
	for at := prefix; ; next = "SELECT MIN(kind) FROM audit_leaves WHERE kind > ?" {
		var kind sql.NullString
		if err := tx.QueryRow(ctx, next, at).Scan(&kind); err != nil {
			return nil, err
		}
		if !kind.Valid {
			return kinds, nil
		}
		if at = kind.String; strings.HasPrefix(at, prefix) {
			kinds = append(kinds, at)
		}
	}
}

func (f Filter) aboutPerson() []cond {
	conds := either("person", string(f.Person))
	if len(f.Objects) > 0 {
		conds = append(conds, cond{"object " + in(f.Objects) + " AND object <> ''", values(f.Objects)})
	}
	return conds
}

// is is a condition that a partial index can serve.
func is(column, value string) cond {
	return cond{column + " = ? AND " + column + " <> ''", []any{value}}
}

func either(column, value string) []cond { return []cond{is(column, value), is("object", value)} }

func begins(prefix string) cond {
	return cond{`kind LIKE ? ESCAPE '\'`, []any{escapeLike(prefix) + "%"}}
}

func or(conds []cond) (out cond) {
	var texts []string
	for _, c := range conds {
		texts, out.args = append(texts, c.sql), append(out.args, c.args...)
	}
	out.sql = "((" + strings.Join(texts, ") OR (") + "))"
	return out
}

// from goes on after an entry that was found before.
func (p *plan) from(ctx context.Context, tx storage.Tx, before int64) error {
	if before <= 0 {
		return nil
	}
	if p.byTime {
		var at int64
		err := tx.QueryRow(ctx, "SELECT at FROM audit_leaves WHERE seq = ?", before).Scan(&at)
		if err == nil {
			p.rest = append(p.rest, cond{"(at, seq) < (?, ?)", []any{at, before}})
			return nil
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	p.rest = append(p.rest, cond{"seq < ?", []any{before}})
	return nil
}

func (p *plan) order() string {
	if p.byTime {
		return " ORDER BY at DESC, seq DESC"
	}
	return " ORDER BY seq DESC"
}

// query lists columns of up to limit entries. More than one branch are each
// followed by itself, newest first, and then merged: a database that is told
// "one or the other" would read and sort everything.
func (p *plan) query(columns string, limit int, more ...cond) (string, []any) {
	rest := append(append([]cond(nil), p.rest...), more...)
	var parts []string
	var args []any
	for i, b := range p.branches {
		texts, vals := []string{b.sql}, b.args
		for _, c := range rest {
			texts, vals = append(texts, c.sql), append(vals[:len(vals):len(vals)], c.args...)
		}
		tail := " FROM audit_leaves WHERE " + strings.Join(texts, " AND ") + p.order() + " LIMIT ?"
		args = append(append(args, vals...), limit)
		if len(p.branches) == 1 {
			return "SELECT " + columns + tail, args
		}
		parts = append(parts, fmt.Sprintf("SELECT seq FROM (SELECT seq, at%s) AS b%d", tail, i))
	}
	return "SELECT " + columns + " FROM audit_leaves WHERE seq IN (" + strings.Join(parts, " UNION ") + ")" + p.order() + " LIMIT ?", append(args, limit)
}

func (p *plan) entries(ctx context.Context, tx storage.Tx, limit int, more ...cond) ([]Entry, error) {
	query, args := p.query("seq, leaf", limit, more...)
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	found, err := scanEntries(rows)
	if err != nil {
		return nil, err
	}
	return found, attachClear(ctx, tx, found)
}

// page reads one page, and one entry more to know whether there is another.
func (p *plan) page(ctx context.Context, tx storage.Tx, limit int, page *Found) error {
	found, err := p.entries(ctx, tx, limit+1)
	if err != nil {
		return err
	}
	page.Entries, page.Next = pageOf(found, limit)
	return nil
}

// pageOf makes a page of what was found and one more. The page ends at an entry
// whose number leads on: number 0 would not, so that one more stays.
func pageOf(found []Entry, limit int) ([]Entry, int64) {
	if len(found) <= limit {
		return found, 0
	}
	if found[limit-1].Seq > 0 {
		found = found[:limit]
	}
	return found, found[len(found)-1].Seq
}

// words looks at the next entries for a text.
func (p *plan) words(ctx context.Context, tx storage.Tx, f Filter, page *Found) error {
	query, args := p.query("seq, at", lookedAtOnce)
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	looked, last, at, err := lastOf(rows)
	if err != nil || looked == 0 {
		return err
	}
	until := cond{"seq >= ?", []any{last}}
	if p.byTime {
		until = cond{"(at, seq) >= (?, ?)", []any{at, last}}
	}
	like := "%" + escapeLike(strings.ToLower(clean(f.Text))) + "%"
	says := cond{`(LOWER(leaf) LIKE ? ESCAPE '\' OR EXISTS (SELECT 1 FROM audit_clear c WHERE c.event = audit_leaves.id AND LOWER(c.value) LIKE ? ESCAPE '\'))`, []any{like, like}}
	found, err := p.entries(ctx, tx, f.limit()+1, until, says)
	if err != nil {
		return err
	}
	if page.Entries, page.Next = pageOf(found, f.limit()); page.Next > 0 {
		page.Looked = page.Entries[len(page.Entries)-1].At
		return nil
	}
	if page.Looked = storage.Time(at); looked == lookedAtOnce {
		page.Next = last
	}
	return nil
}

// lastOf counts rows of number and time and gives the last.
func lastOf(rows *sql.Rows) (n int, seq, at int64, err error) {
	defer rows.Close()
	for ; rows.Next(); n++ {
		if err := rows.Scan(&seq, &at); err != nil {
			return 0, 0, 0, err
		}
	}
	return n, seq, at, rows.Err()
}
