package trunks

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

// book is the list as it was read last.
type book struct {
	trunks  map[sekisho.TrunkID]*known
	numbers map[calls.Number]Number
}

type known struct {
	Trunk
	secret string
	peers  []netip.Addr // what Host is
}

// takes says whether messages of this trunk may come that way: one over TLS comes by
// TLS alone, else whoever writes its address on a datagram would be taken for it.
func (k *known) takes(kind Transport) bool { return (k.Transport == TLS) == (kind == TLS) }

func (k *known) admits(a netip.Addr) bool {
	for _, p := range k.peers {
		if p == a {
			return true
		}
	}
	return k.Trunk.admits(a)
}

// refresh reads the list. A password that cannot be opened leaves its trunk without one.
func (t *Trunks) refresh(ctx context.Context) error {
	var rows []row
	var numbers []Number
	err := t.db.Read(ctx, func(tx storage.Tx) (err error) {
		if rows, err = selectAll(ctx, tx); err == nil {
			numbers, err = selectNumbers(ctx, tx)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("trunks: read: %w", err)
	}
	old := t.book.Load()
	b := &book{trunks: map[sekisho.TrunkID]*known{}, numbers: map[calls.Number]Number{}}
	for _, r := range rows {
		k := &known{Trunk: r.Trunk}
		if len(r.secret) > 0 {
			clear, err := t.box.Unwrap(purpose, string(r.ID), r.secret)
			if err != nil {
				slog.Error("trunks: a password cannot be opened", "trunk", r.ID, "error", err)
			}
			k.secret = string(clear)
		}
		if was := old.trunks[r.ID]; was != nil && was.Host == k.Host {
			k.peers = was.peers
		}
		if a, err := netip.ParseAddr(k.Host); err == nil {
			k.peers = []netip.Addr{a.Unmap()}
		} else if found := resolve(ctx, k.Host); found != nil {
			k.peers = found
		}
		b.trunks[r.ID] = k
	}
	for _, n := range numbers {
		b.numbers[n.Number] = n
	}
	t.book.Store(b)
	select {
	case t.fresh <- struct{}{}:
	default:
	}
	return nil
}

// resolve asks for a name's addresses; nil keeps those that were known.
func resolve(ctx context.Context, name string) []netip.Addr {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	if err != nil {
		return nil
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	return found[:min(len(found), 16)]
}

// admitted says whether any trunk knows an address.
func (t *Trunks) admitted(a netip.Addr) bool {
	for _, k := range t.book.Load().trunks {
		if k.admits(a) {
			return true
		}
	}
	return false
}
