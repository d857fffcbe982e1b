package audit

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// Filter narrows a search; what is empty does not narrow. Person and Device
// match whoever acted and whatever was acted on.
type Filter struct {
	Person  sekisho.PersonID
	Device  sekisho.DeviceID
	Session sekisho.SessionID
	Object  string    // the object's id
	Objects []string  // with Person: or about one of these objects
	Among   []string  // acted by or on one of these ids, at most 10,000; not nil and empty finds nothing
	Kind    string    // prefix: "session." or "session.opened"
	Kinds   []string  // exactly one of these
	From    time.Time // inclusive
	To      time.Time // exclusive
	Text    string    // anywhere in the entry or in its personal values
	Before  int64     // entries with a smaller number; 0 begins at the newest
	Limit   int       // 1–500; 0 is 100
}

const (
	maxFound = 500
	maxAmong = 10_000 // twice that many parameters; SQLite takes 32,766
)

var errAmong = sekisho.Fail(sekisho.KindInvalid, "request.too_large")

// Search returns entries, the newest first.
func (l *Log) Search(ctx context.Context, f Filter) ([]Entry, error) {
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	if len(f.Among) > maxAmong {
		return nil, errAmong
	}
	where, args := f.where()
	limit := f.Limit
	if limit <= 0 {
		limit = 100
	}
	args = append(args, min(limit, maxFound))
	var found []Entry
	err := l.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT seq, leaf FROM audit_leaves"+where+" ORDER BY seq DESC LIMIT ?", args...)
		if err != nil {
			return fmt.Errorf("audit: search: %w", err)
		}
		if found, err = scanEntries(rows); err != nil {
			return err
		}
		return attachClear(ctx, tx, found)
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Entry returns one entry by its number.
func (l *Log) Entry(ctx context.Context, seq int64) (Entry, error) {
	found, err := l.Search(ctx, Filter{Before: seq + 1, Limit: 1})
	if err != nil {
		return Entry{}, err
	}
	if len(found) != 1 || found[0].Seq != seq {
		return Entry{}, errNoEntry
	}
	return found[0], nil
}

func (f Filter) where() (string, []any) {
	var conds []string
	var args []any
	add := func(cond string, values ...any) {
		conds, args = append(conds, cond), append(args, values...)
	}
	if f.Person != "" {
		or, more := "", []any{string(f.Person), string(f.Person)}
		if len(f.Objects) > 0 {
			or, more = " OR (object <> '' AND object "+in(f.Objects)+")", append(more, values(f.Objects)...)
		}
		add("((person = ? AND person <> '') OR (object = ? AND object <> '')"+or+")", more...)
	}
	if f.Among != nil {
		if len(f.Among) == 0 {
			add("1 = 0")
		} else {
			add("((person <> '' AND person "+in(f.Among)+") OR (object <> '' AND object "+in(f.Among)+"))", append(values(f.Among), values(f.Among)...)...)
		}
	}
	if f.Device != "" {
		add("((device = ? AND device <> '') OR (object = ? AND object <> ''))", string(f.Device), string(f.Device))
	}
	if f.Session != "" {
		add("((session = ? AND session <> '') OR (object = ? AND object <> ''))", string(f.Session), string(f.Session))
	}
	if f.Object != "" {
		add("object = ? AND object <> ''", f.Object) // the second half lets the partial index serve
	}
	if f.Kind != "" {
		add(`kind LIKE ? ESCAPE '\'`, escapeLike(f.Kind)+"%")
	}
	if len(f.Kinds) > 0 {
		add("kind "+in(f.Kinds), values(f.Kinds)...)
	}
	if !f.From.IsZero() {
		add("at >= ?", storage.Micros(f.From))
	}
	if !f.To.IsZero() {
		add("at < ?", storage.Micros(f.To))
	}
	if f.Text != "" {
		like := "%" + escapeLike(strings.ToLower(clean(f.Text))) + "%"
		add(`(LOWER(leaf) LIKE ? ESCAPE '\' OR id IN (SELECT event FROM audit_clear WHERE LOWER(value) LIKE ? ESCAPE '\'))`, like, like)
	}
	if f.Before > 0 {
		add("seq < ?", f.Before)
	}
	if len(conds) == 0 {
		return "", args
	}
	return " WHERE " + strings.Join(conds, " AND "), args
}

// in is the condition of being one of so many values.
func in(list []string) string { return "IN (?" + strings.Repeat(", ?", len(list)-1) + ")" }

func values(list []string) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func escapeLike(s string) string { return likeEscapes.Replace(s) }

func scanEntries(rows *sql.Rows) ([]Entry, error) {
	defer rows.Close()
	found := []Entry{}
	for rows.Next() {
		var seq int64
		var text string
		if err := rows.Scan(&seq, &text); err != nil {
			return nil, fmt.Errorf("audit: search: %w", err)
		}
		leaf, err := decode([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("audit: entry %d: %w", seq, err)
		}
		found = append(found, Entry{Seq: seq, ID: leaf.ID, At: leaf.At.UTC(), Event: leaf.event(), Leaf: []byte(text)})
	}
	return found, rows.Err()
}

// attachClear adds the personal values that have not been erased.
func attachClear(ctx context.Context, tx storage.Tx, found []Entry) error {
	if len(found) == 0 {
		return nil
	}
	byID := make(map[string]*Entry, len(found))
	args := make([]any, len(found))
	for i := range found {
		byID[found[i].ID], args[i] = &found[i], found[i].ID
	}
	rows, err := tx.Query(ctx, "SELECT event, field, value FROM audit_clear WHERE event IN (?"+strings.Repeat(", ?", len(args)-1)+")", args...)
	if err != nil {
		return fmt.Errorf("audit: personal values: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, field, value string
		if err := rows.Scan(&id, &field, &value); err != nil {
			return fmt.Errorf("audit: personal values: %w", err)
		}
		e := byID[id]
		if e.Event.Personal == nil {
			e.Event.Personal = Personal{}
		}
		e.Event.Personal[field] = value
	}
	return rows.Err()
}
