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
// match whoever acted and whatever was acted on, Customer and Call what was
// touched or acted on.
type Filter struct {
	Person   sekisho.PersonID
	Device   sekisho.DeviceID
	Session  sekisho.SessionID
	Customer sekisho.CustomerID
	Call     sekisho.CallID
	Object   string    // the object's id
	Objects  []string  // with Person: or about one of these objects
	Among    []string  // acted by or on one of these ids, at most 10,000; not nil and empty finds nothing
	Kind     string    // prefix: "session." or "session.opened"
	Kinds    []string  // exactly one of these
	From     time.Time // inclusive
	To       time.Time // exclusive
	Text     string    // anywhere in the entry or in its personal values
	Before   int64     // entries that come after this one in the order of the search; 0 begins at the newest
	Limit    int       // 1–500; 0 is 100
}

const maxFound = 500

// MaxAmong is how many ids Filter.Among takes: twice that many parameters, of
// which SQLite takes 32,766.
const MaxAmong = 10_000

var errAmong = sekisho.Fail(sekisho.KindInvalid, "request.too_large")

// Search returns entries, the newest first: by number, or, where a span of time
// narrows the search and nothing else but kinds, by time. However long it takes: a screen asks for a Page.
func (l *Log) Search(ctx context.Context, f Filter) ([]Entry, error) {
	out, limit := []Entry{}, f.limit()
	for {
		f.Limit = limit - len(out)
		page, err := l.Page(ctx, f)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Entries...)
		if f.Before = page.Next; f.Before == 0 || len(out) >= limit {
			return out[:min(len(out), limit)], nil
		}
	}
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return 100
	}
	return min(f.Limit, maxFound)
}

// Entry returns one entry by its number.
func (l *Log) Entry(ctx context.Context, seq int64) (Entry, error) {
	if err := l.settle(ctx); err != nil {
		return Entry{}, err
	}
	var found []Entry
	err := l.db.Read(ctx, func(tx storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT seq, leaf FROM audit_leaves WHERE seq = ?", seq)
		if err != nil {
			return fmt.Errorf("audit: entry %d: %w", seq, err)
		}
		if found, err = scanEntries(rows); err != nil {
			return err
		}
		return attachClear(ctx, tx, found)
	})
	if err != nil {
		return Entry{}, err
	}
	if len(found) != 1 {
		return Entry{}, errNoEntry
	}
	return found[0], nil
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
