package training

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// signings keep what everybody has signed for, as of one state of the table: a
// centre of 10,000 people has 50,000 of them and asks with every page of its list.
// Rows are added, and are given their session later; none is ever deleted or
// changed otherwise. So the newest id and both counts tell whether anything is new,
// whichever node wrote it. The map is shared: nobody writes to it.
type signings struct {
	mu  sync.Mutex
	at  string
	all map[sekisho.PersonID][]acknowledged
}

// of gives what people signed for of docs, read in tx.
func (s *signings) of(ctx context.Context, tx storage.Tx, docs []Document) (map[sekisho.PersonID][]acknowledged, error) {
	var newest string
	var count, counted int64
	err := tx.QueryRow(ctx, `SELECT (SELECT COALESCE(MAX(id), '') FROM training_acknowledgements), COUNT(*), COUNT(CASE WHEN session <> '' THEN 1 END)
		FROM training_acknowledgements`).Scan(&newest, &count, &counted)
	if err != nil {
		return nil, err
	}
	var at strings.Builder
	fmt.Fprint(&at, newest, " ", count, " ", counted)
	for _, d := range docs {
		fmt.Fprint(&at, " ", d.ID, " ", d.Version.Version)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all != nil && s.at == at.String() {
		return s.all, nil
	}
	all, err := allAcknowledged(ctx, tx, docs)
	if err != nil {
		return nil, err
	}
	s.at, s.all = at.String(), all
	return all, nil
}
